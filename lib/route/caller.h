// File: lib/route/caller.h
//
// A number as a request reports it, in the one form in which maps and lists hold numbers. Pure.
//
//   caller_of("14155550199").digits              -> "14155550199"
//   caller_of("sip:+14155550199@example.com")    -> the same
//   caller_of("Restricted").kind                 -> Caller::Kind::kWithheld
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace plivo_dial {

struct Caller {
  enum class Kind {
    kNumber,    // `digits` are 1 to 15, without '+'
    kWithheld,  // nothing, or a word for a number that is hidden
    kOther,     // a SIP user, or what nobody can dial
  };
  Kind kind = Kind::kWithheld;
  std::string_view digits;  // into what was given; "" but for a number

  friend bool operator==(const Caller&, const Caller&) = default;
};

// Reads From, To or ForwardedFrom: digits with or without '+' (one that a form has made a blank is
// none), a sip:, sips: or tel: URI, with or without angle brackets and a display name, whose user
// may be a number or hidden, or a word such as Anonymous, Restricted, Private, Unknown.
Caller caller_of(std::string_view reported);

}  // namespace plivo_dial
