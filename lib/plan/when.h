// File: lib/plan/when.h
//
// when=: a line of a plan that holds only while a schedule is open (PlivoSchedule), or only while
// it is closed. The plan knows schedules by their names; who has their hours answers by Hours.
//
//   parse_when("office")     -> {"office", true}
//   parse_when("!office")    -> {"office", false}: while it is closed
//   holds({"office", false}, hours)      -> !hours.is_open("office")
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial {

struct When {
  std::string schedule;  // its name; "": at any time
  bool open = true;      // false: while it is closed

  friend bool operator==(const When&, const When&) = default;
};

// Which schedules are open at the moment that a request is about. The same question has the same
// answer for as long as the object lives.
class Hours {
 public:
  virtual bool is_open(std::string_view schedule) const = 0;

 protected:
  ~Hours() = default;
};

// The value of when=. The error names value and remedy.
Result<When> parse_when(std::string_view text);

// As it is written: "office", "!office", "".
std::string to_string(const When& when);

// Without `hours`, as when a configuration is judged, all lines hold.
bool holds(const When& when, const Hours* hours);

}  // namespace plivo_dial
