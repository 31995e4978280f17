// File: mod_plivo_dial/request/probe.h
//
// Requests of `plivo-dialctl doctor`, which get a reply that is marked as the module's; see
// lib/signature/probe.h. Only who knows the account's token can make one.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mod_plivo_dial/config/config.h"
#include "mod_plivo_dial/request/request.h"

namespace plivo_dial {

// Whether a request that was verified is one. Call it for one without CallUUID: no request of
// Plivo's about a call, seen and sent again, can become a probe. V2 signs no parameters, and makes
// none.
bool is_probe(const Sender& sender, const RequestParameters& parameters);

// Whether one that nothing proves to come from who has the token says that it is one, as the
// doctor's requests do where no signature counts. It is refused like any other, and no line of the
// log need tell of it.
bool claims_to_be_probe(const Sender& sender, const RequestParameters& parameters);

// Puts the mark of a reply with `body` into its head.
void mark_reply(request_rec* r, const DirConfig& config, const Sender& sender,
                const RequestParameters& parameters, std::string_view body);

}  // namespace plivo_dial
