// File: lib/route/text_lines.h
//
// The lines of a map or list as words. What programs on other systems write is understood and told:
// a byte order mark in front, lines that end with CR LF. A word that begins with # begins a comment
// that goes to the end of the line.
//
//   TextLines lines(text, faults);
//   while (lines.advance_line()) use(lines.number(), lines.words());
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/route/faults.h"

namespace plivo_dial {

// Bytes of a line, lines of a file.
inline constexpr std::size_t kMostLineBytes = 8192;
inline constexpr std::size_t kMostTextLines = 1'000'000;

class TextLines {
 public:
  // Both must outlive it; the words are views into `text`.
  TextLines(std::string_view text, Faults& faults);

  // Goes on to the next line that has a word; false behind the last. A line that is no text (not
  // UTF-8, control characters, too long) is a fault and passed over.
  bool advance_line();

  std::size_t number() const { return number_; }
  const std::vector<std::string_view>& words() const { return words_; }

  // What is unusual and no fault, once each.
  std::vector<std::string> remarks() const;

 private:
  bool is_text(std::string_view line);
  void split_words(std::string_view line);

  std::string_view rest_;
  Faults& faults_;
  std::vector<std::string_view> words_;
  std::size_t number_ = 0;
  bool byte_order_mark_ = false;
  std::size_t first_crlf_ = 0;
};

}  // namespace plivo_dial
