// File: lib/route/number_list.h
//
// The file of PlivoAllowFrom and PlivoDenyFrom: a caller a line.
//
//   +14155550199      # one number
//   +1415*            # all that begin so
//   anonymous         # callers without a number
//
// Comments, empty lines, CR LF and a byte order mark as in a route map.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/route/faults.h"
#include "lib/route/number_pattern.h"

namespace plivo_dial {

// No pattern is there twice.
struct NumberList {
  struct Entry {
    NumberPattern number;
    std::size_t line;

    friend bool operator==(const Entry&, const Entry&) = default;
  };
  std::vector<Entry> entries;
};

struct ReadNumberList {
  NumberList list;                   // without the lines that have faults
  Faults faults;                     // where there are any, the list is not to be used
  std::vector<std::string> remarks;  // what is unusual and no fault
};

// Reads all of it, whatever is wrong. Pure.
ReadNumberList read_number_list(std::string_view text);

}  // namespace plivo_dial
