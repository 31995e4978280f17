// SPDX-License-Identifier: Apache-2.0
#include "lib/json/json_scanner.h"

#include <charconv>
#include <system_error>

#include "lib/base/text.h"
#include "lib/base/utf8.h"
#include "lib/json/plain_run.h"

namespace plivo_dial {
namespace {

// The escapes of one letter, and at the same places what they stand for.
constexpr std::string_view kLetters = "\"\\bfnrt";
constexpr std::string_view kLettersMean = "\"\\\b\f\n\r\t";

constexpr std::string_view kUnit = "\\u00";  // in front of two digits: another control character
constexpr std::string_view kUnitDigits = "0123456789abcdef";

// The control character of the two digits behind kUnit, or what is none.
std::size_t control_of(std::string_view digits) {
  return kUnitDigits.find(digits[0]) << 4 | kUnitDigits.find(digits[1]);
}

}  // namespace

bool JsonScanner::text(std::string_view& written) {
  if (!skip("\"")) return false;
  const std::size_t first = place_;
  for (;;) {
    place_ += plain_run(json_.substr(place_));
    if (at_end()) return false;
    if (json_[place_] == '"') break;
    if (json_[place_] == '\\' ? !escape() : !character()) return false;
  }
  written = json_.substr(first, place_ - first);
  ++place_;
  return true;
}

bool JsonScanner::escape() {
  const std::string_view rest = json_.substr(place_);
  if (rest.size() > 1 && kLetters.find(rest[1]) != rest.npos) {
    place_ += 2;
    return true;
  }
  if (!rest.starts_with(kUnit) || rest.size() < kUnit.size() + 2) return false;
  const std::size_t control = control_of(rest.substr(kUnit.size(), 2));
  place_ += kUnit.size() + 2;
  return control < 0x20 && kLettersMean.find(static_cast<char>(control)) == rest.npos;
}

// One that is not plain, but itself.
bool JsonScanner::character() {
  const Utf8Step step = decode_utf8(json_.substr(place_));
  place_ += step.length;
  return step.valid && step.code_point >= 0x7F;
}

template <class Number>
bool JsonScanner::number(Number& number) {
  const std::string_view rest = json_.substr(place_);
  const std::size_t sign = rest.starts_with('-') ? 1 : 0;
  const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (failure != std::errc()) return false;
  const auto length = static_cast<std::size_t>(end - rest.data());
  place_ += length;
  return rest[sign] != '0' || length == 1;
}

bool JsonScanner::natural(std::uint64_t& found) {
  return number(found);
}

bool JsonScanner::integer(std::int64_t& found) {
  return number(found);
}

bool JsonScanner::flag(bool& value) {
  value = skip("true");
  return value || skip("false");
}

void append_unescaped(std::string_view written, std::string& out) {
  for (;;) {
    const std::size_t escape = written.find('\\');
    out.append(written.substr(0, escape));
    if (escape == written.npos) return;
    written.remove_prefix(escape);
    const std::size_t letter = kLetters.find(written[1]);
    out.push_back(letter == written.npos
                      ? static_cast<char>(control_of(written.substr(kUnit.size(), 2)))
                      : kLettersMean[letter]);
    written.remove_prefix(letter == written.npos ? kUnit.size() + 2 : 2);
  }
}

}  // namespace plivo_dial
