// File: mod_plivo_dial/request/serving_trial.h
//
// A process that serves requests tries whether it can write the spool: it may have another identity
// (mpm-itk) or another view of the file system (ChrootDir, a mount namespace) than configtest
// judges, and disks fail while httpd runs. The outcome is in the log and the status file.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// Has the spool tried by a thread of its own, unless another process of this user did a moment
// ago. From child_init.
void begin_serving_trial(server_rec* main_server);

// The header by which `plivo-dialctl doctor` asks for a trial, and its value.
inline constexpr const char* kProbeHeader = "X-Plivo-Dial-Probe";
inline constexpr const char* kProbeOfSpool = "spool";

// Whether a request asks for one. Ask only of a probe, which is from somebody who knows the
// account's token.
bool asks_for_spool(const request_rec* r);

// Tries the spool for at most two seconds: true when it can be written. Otherwise it has replied
// with 503 and the reason, which nobody without the token gets to see.
bool spool_stands_probe(request_rec* r);

}  // namespace plivo_dial
