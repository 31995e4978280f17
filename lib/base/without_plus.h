// File: lib/base/without_plus.h
//
// A number as Plivo reports it: E.164 without the plus sign with which people and directives write
// it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace plivo_dial {

// A view of `number`, which may also be a sip: URI. Pure.
constexpr std::string_view without_plus(std::string_view number) {
  return number.starts_with('+') ? number.substr(1) : number;
}

}  // namespace plivo_dial
