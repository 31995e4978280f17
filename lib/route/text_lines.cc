// SPDX-License-Identifier: Apache-2.0
#include "lib/route/text_lines.h"

#include <algorithm>

#include "lib/base/odd_characters.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kUtf16Marks[] = {"\xFF\xFE", "\xFE\xFF"};

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

bool is_blank(char c) {
  return kBlanks[0] == c || kBlanks[1] == c;
}

bool is_plain(char c) {
  return !is_control(c) && static_cast<unsigned char>(c) < 0x80;
}

}  // namespace

TextLines::TextLines(std::string_view text, Faults& faults) : rest_(text), faults_(faults) {
  for (const std::string_view mark : kUtf16Marks) {
    if (!rest_.starts_with(mark)) continue;
    faults_.add(1, "the file is UTF-16; save it as UTF-8, or as plain text");
    rest_ = {};
  }
  byte_order_mark_ = rest_.starts_with(kByteOrderMark);
  if (byte_order_mark_) rest_.remove_prefix(kByteOrderMark.size());
}

bool TextLines::advance_line() {
  while (!rest_.empty()) {
    if (number_ == kMostTextLines) {
      faults_.add(number_, "the file has more than " + std::to_string(kMostTextLines) +
                               " lines; make several of it, or write prefixes such as +1415*");
      rest_ = {};
      return false;
    }
    ++number_;
    const std::size_t end = rest_.find('\n');
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
      if (first_crlf_ == 0) first_crlf_ = number_;
    }
    if (!is_text(line)) continue;
    split_words(line);
    if (!words_.empty()) return true;
  }
  return false;
}

bool TextLines::is_text(std::string_view line) {
  if (line.size() > kMostLineBytes) {
    faults_.add(number_, "the line has " + std::to_string(line.size()) + " bytes, and " +
                             std::to_string(kMostLineBytes) +
                             " are the most; is a line feed missing?");
    return false;
  }
  if (std::ranges::all_of(line, is_plain)) return true;
  const auto control = std::ranges::find_if(line, is_control);
  if (control != line.end()) {
    const auto at = static_cast<std::size_t>(control - line.begin());
    faults_.add(number_, "the line holds the control character " +
                             code_point_of(line.substr(at, 1)) +
                             "; save the file as plain text, each line with a line feed");
    return false;
  }
  if (is_valid_utf8(line)) return true;
  faults_.add(number_, "the line is not UTF-8; save the file as UTF-8");
  return false;
}

void TextLines::split_words(std::string_view line) {
  words_.clear();
  const char* at = line.data();
  const char* const end = at + line.size();
  while (true) {
    at = std::find_if_not(at, end, is_blank);
    if (at == end || *at == '#') return;
    const char* const behind = std::find_if(at, end, is_blank);
    words_.emplace_back(at, static_cast<std::size_t>(behind - at));
    at = behind;
  }
}

std::vector<std::string> TextLines::remarks() const {
  std::vector<std::string> all;
  if (byte_order_mark_) {
    all.emplace_back("the file begins with a byte order mark, which is passed over");
  }
  if (first_crlf_ != 0) {
    all.push_back("from line " + std::to_string(first_crlf_) +
                  " on lines end with CR LF, which is taken for a line feed");
  }
  return all;
}

}  // namespace plivo_dial
