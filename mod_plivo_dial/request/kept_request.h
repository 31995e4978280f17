// File: mod_plivo_dial/request/kept_request.h
//
// Keeps a request whose signature was refused as a file for `plivo-dialctl verify --request`, where
// LogLevel plivo_dial:debug asks for it. See lib/spool/refused_requests.h for where, and how many.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/signature/signature_diagnosis.h"
#include "mod_plivo_dial/config/config.h"
#include "mod_plivo_dial/request/request.h"

namespace plivo_dial {

// `body` as it was read. Call it only for a request whose line is written, since those are bounded.
// Does nothing at a lower log level, and never fails: its own line, PD0212, says where the request
// is and the command that comes to the same `diagnosis`, or why it is not kept.
void keep_request(request_rec* r, const DirConfig& config, std::string_view body,
                  const Diagnosis& diagnosis);

}  // namespace plivo_dial
