// SPDX-License-Identifier: Apache-2.0
#include "lib/base/in_quotes.h"

#include "lib/base/utf8.h"

namespace plivo_dial {

std::string in_quotes(std::string_view value) {
  std::string out = "\"";
  while (!value.empty()) {
    const Utf8Step step = decode_utf8(value);
    const char32_t c = step.code_point;
    const bool is_control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    append_utf8(is_control ? U'\uFFFD' : c, out);
    value.remove_prefix(step.length);
  }
  out += '"';
  return out;
}

}  // namespace plivo_dial
