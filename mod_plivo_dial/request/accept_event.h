// File: mod_plivo_dial/request/accept_event.h
//
// From a request to its event on stable storage. Use accept_event before a reply that promises it,
// or from the log_transaction hook for an answer, whose caller must not wait for the disk.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "mod_plivo_dial/httpd_api.h"
#include "mod_plivo_dial/request/request.h"

namespace plivo_dial {

// What becomes of an event that can't be stored.
enum class OnFailure {
  kRefuse,     // the reply is 503, and Plivo comes back with it
  kWriteInLog  // the reply is a document; the whole event goes to the error log instead
};

// How long the disk may take while a caller listens to silence, and while only Plivo waits: then
// PlivoSpool's syncTimeout is the bound.
inline constexpr std::chrono::milliseconds kCallersPatience{1000};
inline constexpr std::chrono::milliseconds kPlivosPatience = std::chrono::hours(1);

enum class Acceptance {
  kStored,
  kFailed,  // with a line at level crit; another time it may be stored
  kUnfit    // larger than the spool takes: it never will be. Only the caller of this can say so
};

// Makes the event of a request durable.
Acceptance accept_event(request_rec* r, const RequestState& state, OnFailure on_failure,
                        std::chrono::milliseconds patience);

}  // namespace plivo_dial
