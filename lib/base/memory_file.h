// File: lib/base/memory_file.h
//
// A file without a name, in memory: standard input or output of a program that must not wait for
// whoever is at the other end.
//
//   const Descriptor question = memory_file("{...}");
//   ...
//   const std::string answer = content_of(output.get());
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/base/system_file.h"

namespace plivo_dial {

// With `text` in it, at its beginning; not valid where there is none to be had.
Descriptor memory_file(std::string_view text);

// All of the file, from its beginning on, as far as it can be read.
std::string content_of(int file);

}  // namespace plivo_dial
