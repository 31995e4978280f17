// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/uuid.h"

#include <random>

namespace plivo_dial::ctl {
namespace {

bool is_dash_place(std::size_t index) {
  return index == 8 || index == 13 || index == 18 || index == 23;
}

}  // namespace

std::string random_uuid() {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::random_device source;
  std::string uuid(36, '-');
  for (std::size_t index = 0; index < uuid.size(); ++index) {
    if (!is_dash_place(index)) uuid[index] = kHex[source() & 15U];
  }
  uuid[14] = '4';
  uuid[19] = kHex[8 + (source() & 3U)];
  return uuid;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t index = 0; index < text.size(); ++index) {
    constexpr std::string_view kHex = "0123456789abcdefABCDEF";
    const bool fits = is_dash_place(index) ? text[index] == '-'
                                           : kHex.find(text[index]) != std::string_view::npos;
    if (!fits) return false;
  }
  return true;
}

}  // namespace plivo_dial::ctl
