// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/printable.h"

#include <cstdio>

#include "lib/base/utf8.h"

namespace plivo_dial::ctl {
namespace {

bool turns_writing(char32_t code_point) {
  return code_point == 0x200E || code_point == 0x200F || code_point == 0x2028 ||
         code_point == 0x2029 || (code_point >= 0x202A && code_point <= 0x202E) ||
         (code_point >= 0x2066 && code_point <= 0x2069);
}

std::string escape_of(char32_t code_point) {
  if (code_point == '\n') return "\\n";
  if (code_point == '\r') return "\\r";
  if (code_point == '\t') return "\\t";
  char text[16];
  std::snprintf(text, sizeof text, code_point < 0x80 ? "\\x%02x" : "\\u%04x",
                static_cast<unsigned>(code_point));
  return text;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Utf8Step step = decode_utf8(text);
    const char32_t code_point = step.code_point;
    const bool control = code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
    if (control || turns_writing(code_point)) {
      out += escape_of(code_point);
    } else {
      append_utf8(code_point, out);
    }
    text.remove_prefix(step.length);
  }
  return out;
}

}  // namespace plivo_dial::ctl
