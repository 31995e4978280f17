// SPDX-License-Identifier: Apache-2.0
#include "lib/json/json_writer.h"

#include <array>
#include <charconv>

#include "lib/base/utf8.h"
#include "lib/json/plain_run.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kLongestNumber = 20;  // of 64 bits, with its sign
constexpr char32_t kFirstOfPairs = 0x10000;

// What RFC 8259, 7 has a short form for; 0 for other characters.
constexpr char short_escape(char32_t code_point) {
  switch (code_point) {
    case '"':
    case '\\':
      return static_cast<char>(code_point);
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

void put_unit(unsigned unit, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out.append("\\u");
  for (int shift = 12; shift >= 0; shift -= 4) out.push_back(kDigits[(unit >> shift) & 0xF]);
}

void put_units(char32_t code_point, std::string& out) {
  if (code_point < kFirstOfPairs) return put_unit(static_cast<unsigned>(code_point), out);
  const unsigned above = static_cast<unsigned>(code_point - kFirstOfPairs);
  put_unit(0xD800 + (above >> 10), out);
  put_unit(0xDC00 + (above & 0x3FF), out);
}

}  // namespace

void JsonWriter::separate() {
  if (!std::exchange(first_, false)) text_.push_back(',');
}

JsonWriter& JsonWriter::begin(char bracket) {
  separate();
  text_.push_back(bracket);
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::end(char bracket) {
  text_.push_back(bracket);
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  put_text(name);
  text_.push_back(':');
  first_ = true;  // its value follows
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  put_text(text);
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  text_.append(json);
  return *this;
}

JsonWriter& JsonWriter::natural(std::uint64_t number) {
  std::array<char, kLongestNumber> digits;
  const auto written = std::to_chars(digits.begin(), digits.end(), number);
  return raw(std::string_view(digits.begin(), written.ptr));
}

JsonWriter& JsonWriter::integer(std::int64_t number) {
  std::array<char, kLongestNumber> digits;
  const auto written = std::to_chars(digits.begin(), digits.end(), number);
  return raw(std::string_view(digits.begin(), written.ptr));
}

void JsonWriter::put_text(std::string_view text) {
  text_.push_back('"');
  while (!text.empty()) {
    const std::size_t plain = plain_run(text);
    text_.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;

    const Utf8Step step = decode_utf8(text);
    if (const char letter = short_escape(step.code_point); letter != 0) {
      text_.append({'\\', letter});
    } else if (step.code_point < 0x20 || (charset_ == Charset::kAscii && step.code_point >= 0x7F)) {
      put_units(step.code_point, text_);
    } else {
      append_utf8(step.code_point, text_);
    }
    text.remove_prefix(step.length);
  }
  text_.push_back('"');
}

}  // namespace plivo_dial
