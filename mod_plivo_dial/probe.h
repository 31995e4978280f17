// File: mod_plivo_dial/probe.h
//
// Requests of `plivo-dialctl doctor`, which get a reply that is marked as the module's; see
// lib/webhook/probe.h. Only who knows the account's token can make one.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mod_plivo_dial/config.h"
#include "mod_plivo_dial/request.h"

namespace plivo_dial {

// Whether a request that was verified is one. Call it for one without CallUUID: no request of
// Plivo's about a call, seen and sent again, can become a probe. V2 signs no parameters, and makes
// none.
bool is_probe(const RequestState& state);

// Puts the mark of a reply with `body` into its head.
void mark_reply(request_rec* r, const DirConfig& config, const RequestState& state,
                std::string_view body);

}  // namespace plivo_dial
