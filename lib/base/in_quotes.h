// File: lib/base/in_quotes.h
//
// Values in error messages: what an administrator wrote, in quotes, safe to print on a terminal.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace plivo_dial {

// `value` in double quotes; control characters and broken UTF-8 become U+FFFD. Pure.
std::string in_quotes(std::string_view value);

}  // namespace plivo_dial
