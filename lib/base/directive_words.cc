// SPDX-License-Identifier: Apache-2.0
#include "lib/base/directive_words.h"

namespace plivo_dial {
namespace {

std::string directive_word(const std::string& word) {
  if (!word.empty() && word.find_first_of(" \t\"'\\") == std::string::npos) return word;
  std::string quoted_word = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\') quoted_word += '\\';
    quoted_word += c;
  }
  return quoted_word + '"';
}

}  // namespace

std::string directive_line(std::span<const std::string> words) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    line += directive_word(word);
  }
  return line;
}

std::vector<std::string> words_of_directive(std::string_view line) {
  std::vector<std::string> words;
  for (;;) {
    const std::size_t start = line.find_first_not_of(" \t");
    if (start == std::string_view::npos) return words;
    line.remove_prefix(start);
    const char quote = line.front() == '"' || line.front() == '\'' ? line.front() : '\0';
    if (quote != '\0') line.remove_prefix(1);
    std::string& word = words.emplace_back();
    while (!line.empty()) {
      const bool escaped = quote != '\0' && line.size() > 1 && line[0] == '\\' &&
                           (line[1] == quote || line[1] == '\\');
      if (escaped) line.remove_prefix(1);
      const char c = line.front();
      line.remove_prefix(1);
      if (!escaped && (quote != '\0' ? c == quote : c == ' ' || c == '\t')) break;
      word += c;
    }
  }
}

}  // namespace plivo_dial
