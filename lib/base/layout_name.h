// File: lib/base/layout_name.h
//
// Names for memory that outlives the program that made it: whoever finds it by its name takes it
// for what he knows. After an upgrade and a reload that is another version of the program.
//
//   struct Counters { static constexpr int kVersion = 2; ... };    // 48 bytes
//   layout_name<Counters>("refusals")   -> "refusals.2.48"
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace plivo_dial {

// What `name` is called where a T of this layout is kept. A T of another size has another name; one
// whose size is the same and whose meaning is not needs another T::kVersion.
template <class T>
std::string layout_name(const char* name) {
  return std::string(name) + "." + std::to_string(T::kVersion) + "." + std::to_string(sizeof(T));
}

}  // namespace plivo_dial
