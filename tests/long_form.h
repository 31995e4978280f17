// File: tests/long_form.h
//
// Some tests repeat a random experiment. The ordinary run has a short form of them; with
// PLIVO_DIAL_LONG_TESTS=1 in the environment they run in the length in which their figures were
// published.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string_view>

namespace plivo_dial::test {

// How often to repeat.
inline int by_form(int ordinary, int in_long_form) {
  const char* wanted = std::getenv("PLIVO_DIAL_LONG_TESTS");
  const bool is_long = wanted != nullptr && std::string_view(wanted) == "1";
  return is_long ? in_long_form : ordinary;
}

}  // namespace plivo_dial::test
