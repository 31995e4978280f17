// File: lib/base/fnv1a.h
//
// A number for a text, the same on every machine and in every version. Against accidents, not
// against people who want two texts to have one number.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace plivo_dial {

// FNV-1a of 64 bits of `text`, or, with the number of what came before it in `hash`, of both. Pure.
constexpr std::uint64_t fnv1a(std::string_view text, std::uint64_t hash = 0xcbf29ce484222325u) {
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  }
  return hash;
}

}  // namespace plivo_dial
