// File: lib/plan/target.h
//
// Whom a stage calls: a phone number in E.164 or a SIP user. Use parse_target for what people write
// in PlivoDial, check_e164 for any other number of theirs. Pure functions.
//
//   parse_target("sip:alice@phone.plivo.com")->kind     -> Target::Kind::kUser
//   parse_target("+14155550111 sendDigits=wwww2410")->attributes    -> {{"sendDigits", "wwww2410"}}
//   parse_target("4155550111")
//       -> error: ... the country code is missing; write '+', the country code and the number, ...
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/document/element.h"

namespace plivo_dial {

// Checks `text` for E.164: '+', then 7 to 15 digits, the first not 0. The error names the value,
// what is invisible in it, and that several numbers are separated by blanks; where one can be told,
// it proposes the number meant ("+1 (415) 555-0111": did you mean +14155550111? A leading 00 means
// +). A country is never guessed.
Result<void> check_e164(std::string_view text);

struct Target {
  enum class Kind { kNumber, kUser };
  Kind kind = Kind::kNumber;
  std::string address;    // "+14155550111" or "sip:alice@phone.plivo.com"
  Attributes attributes;  // of <Number> or <User>

  friend bool operator==(const Target&, const Target&) = default;
};

// Reads one argument of PlivoDial that is not key=value: an address, or an address and the
// attributes of its own separated by spaces ("+14155550111 sendDigits=wwww2410").
Result<Target> parse_target(std::string_view argument);

}  // namespace plivo_dial
