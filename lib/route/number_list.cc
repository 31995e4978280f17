// SPDX-License-Identifier: Apache-2.0
#include "lib/route/number_list.h"

#include <unordered_map>
#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/route/text_lines.h"

namespace plivo_dial {
namespace {

// What is wrong with the words of a line of which only one may be.
std::string fault_of_words(const std::vector<std::string_view>& words) {
  std::string joined;
  for (const std::string_view word : words) joined += word;
  if (parse_number_pattern(joined)) {
    return in_quotes(words[0]) +
           " and what stands behind it: write a number without blanks: " + joined;
  }
  return in_quotes(words[1]) + " stands behind " + in_quotes(words[0]) +
         "; write one number a line, and # before a comment";
}

}  // namespace

ReadNumberList read_number_list(std::string_view text) {
  ReadNumberList read;
  std::unordered_map<std::string, std::size_t> first_lines;
  TextLines lines(text, read.faults);
  while (lines.advance_line()) {
    if (lines.words().size() > 1) {
      read.faults.add(lines.number(), fault_of_words(lines.words()));
      continue;
    }
    const std::string_view word = lines.words().front();
    Result<NumberPattern> number = parse_caller_pattern(word);
    if (!number) {
      read.faults.add(lines.number(), number.error().message);
      continue;
    }
    const auto [first, is_new] = first_lines.emplace(to_string(*number), lines.number());
    if (is_new) {
      read.list.entries.push_back({std::move(number).value(), lines.number()});
    } else {
      read.faults.add(lines.number(), in_quotes(word) + " is in the list already, in line " +
                                          std::to_string(first->second) +
                                          "; take one of the two out");
    }
  }
  read.remarks = lines.remarks();
  return read;
}

}  // namespace plivo_dial
