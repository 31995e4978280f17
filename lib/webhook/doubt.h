// File: lib/webhook/doubt.h
//
// What was decided about a call in spite of a doubt: a caller may be let go, or sent on, for a word
// that Plivo does not document. Whoever runs the server should hear of it once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "lib/webhook/webhook.h"

namespace plivo_dial {

enum class Doubt {
  kStatusWord,      // DialStatus is no word of Plivo's
  kNobodyAnswered,  // completed, while the caller's leg still rings and no B leg is named
  kUnknownEvent,    // where calls begin, an Event that is not known: nobody is dialled
  kSpelling,        // at `event`, a name that differs from one of Plivo's in its spelling alone
};
inline constexpr std::size_t kDoubts = 4;

// The doubt that `webhook` leaves, which was read from `parameters`; nullopt for nearly all. Cheap
// and pure.
std::optional<Doubt> doubt_of(const Webhook& webhook, const RequestParameters& parameters);

// A sentence about it: what came, and what was decided.
std::string doubt_text(Doubt doubt, const Webhook& webhook, const RequestParameters& parameters);

}  // namespace plivo_dial
