// File: mod_plivo_dial/request/trust.h
//
// Who sent a request: judged once, before anything that it says is looked at. Use check_signature
// for what Plivo signs, check_event_secret at the endpoint `event`. Both write the line that says
// why a request is refused.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_plivo_dial/config/config.h"
#include "mod_plivo_dial/request/request.h"

namespace plivo_dial {

// Verifies the signature over the configured public URL, the raw request target and the pairs of
// the body, and sets state.sender and the notes plivo_account, plivo_token and plivo_signature.
// OK when the request is to be served: verified, or with PlivoSignature Off or Warn. Else 403.
int check_signature(request_rec* r, const DirConfig& config, RequestState& state);

// The same by PlivoEventSecret, which must be right wherever it is set.
int check_event_secret(request_rec* r, const DirConfig& config, RequestState& state);

}  // namespace plivo_dial
