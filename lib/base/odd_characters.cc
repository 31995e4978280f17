// SPDX-License-Identifier: Apache-2.0
#include "lib/base/odd_characters.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "lib/base/utf8.h"

namespace plivo_dial {
namespace {

struct Invisible {
  char32_t first;
  char32_t last;
  std::string_view name;
};

constexpr Invisible kInvisible[] = {
    {0x00AD, 0x00AD, "soft hyphen"},
    {0x034F, 0x034F, "combining grapheme joiner"},
    {0x061C, 0x061C, "Arabic letter mark"},
    {0x180E, 0x180E, "Mongolian vowel separator"},
    {0x200B, 0x200B, "zero width space"},
    {0x200C, 0x200C, "zero width non-joiner"},
    {0x200D, 0x200D, "zero width joiner"},
    {0x200E, 0x200E, "left-to-right mark"},
    {0x200F, 0x200F, "right-to-left mark"},
    {0x202A, 0x202A, "left-to-right embedding"},
    {0x202B, 0x202B, "right-to-left embedding"},
    {0x202C, 0x202C, "pop directional formatting"},
    {0x202D, 0x202D, "left-to-right override"},
    {0x202E, 0x202E, "right-to-left override"},
    {0x2060, 0x2060, "word joiner"},
    {0x2061, 0x2064, "invisible operator"},
    {0x2066, 0x2066, "left-to-right isolate"},
    {0x2067, 0x2067, "right-to-left isolate"},
    {0x2068, 0x2068, "first strong isolate"},
    {0x2069, 0x2069, "pop directional isolate"},
    {0xFE00, 0xFE0F, "variation selector"},
    {0xFEFF, 0xFEFF, "byte order mark"},
};

// Blanks to the eye that separate no arguments.
constexpr Invisible kSpaces[] = {
    {0x00A0, 0x00A0, "no-break space"},        {0x2000, 0x200A, "space of a typesetter"},
    {0x202F, 0x202F, "narrow no-break space"}, {0x205F, 0x205F, "mathematical space"},
    {0x3000, 0x3000, "ideographic space"},
};

template <std::size_t size>
const Invisible* row_of(const Invisible (&rows)[size], char32_t c) {
  const Invisible* const row = std::ranges::find_if(
      rows, [&](const Invisible& one) { return c >= one.first && c <= one.last; });
  return row == std::end(rows) ? nullptr : row;
}

bool is_dash(char32_t c) {
  return (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

std::string code_point(char32_t c) {
  char text[16];
  std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(c));
  return text;
}

}  // namespace

std::string code_point_of(std::string_view text) {
  return code_point(decode_utf8(text).code_point);
}

std::string invisible_character_in(std::string_view text) {
  while (!text.empty()) {
    const Utf8Step step = decode_utf8(text);
    const Invisible* row = row_of(kInvisible, step.code_point);
    if (!row) row = row_of(kSpaces, step.code_point);
    if (row) {
      return "holds the invisible character " + code_point(step.code_point) + " (" +
             std::string(row->name) + ")";
    }
    text.remove_prefix(step.length);
  }
  return "";
}

std::string without_odd_characters(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Utf8Step step = decode_utf8(text);
    if (row_of(kSpaces, step.code_point)) {
      out += ' ';
    } else if (is_dash(step.code_point)) {
      out += '-';
    } else if (!row_of(kInvisible, step.code_point)) {
      out.append(text.substr(0, step.length));
    }
    text.remove_prefix(step.length);
  }
  return out;
}

}  // namespace plivo_dial
