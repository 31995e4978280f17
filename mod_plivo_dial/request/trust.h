// File: mod_plivo_dial/request/trust.h
//
// Who sent a request: judged once, before anything that it says is looked at. Use
// sender_by_signature for what Plivo signs, sender_by_secret at the endpoint `event`.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_plivo_dial/config/config.h"
#include "mod_plivo_dial/request/request.h"

namespace plivo_dial {

// Verifies the signature over the configured public URL, the raw request target and the pairs of
// the body, and sets the notes plivo_account, plivo_token and plivo_signature. Whoever it was where
// the request is to be served: verified, or not with PlivoSignature Off or Warn, which Warn logs.
// Fails with 403.
Result<Sender, Refusal> sender_by_signature(request_rec* r, const DirConfig& config,
                                            const Intake& intake);

// The same by PlivoEventSecret, which must be right wherever it is set.
Result<Sender, Refusal> sender_by_secret(request_rec* r, const DirConfig& config);

}  // namespace plivo_dial
