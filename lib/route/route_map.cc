// SPDX-License-Identifier: Apache-2.0
#include "lib/route/route_map.h"

#include <algorithm>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/route/text_lines.h"

namespace plivo_dial {
namespace {

using FirstLines = std::unordered_map<std::string, std::size_t>;

// How many of the words a number has been written in: +1 415 555 0199. One for all others.
std::size_t words_of_number(std::span<const std::string_view> words) {
  constexpr std::string_view kParts = "0123456789()-./";
  const std::string_view first = words.front();
  const std::string_view start = first.substr(std::min(first.find('+'), first.size()));
  constexpr std::size_t kShortest = 8;  // of a number and its sign
  if (start.empty() || start.size() >= kShortest || start.ends_with('*')) return 1;
  const auto behind = std::find_if(words.begin() + 1, words.end(), [&](std::string_view word) {
    return word == "-" || word.find_first_not_of(kParts) != std::string_view::npos;
  });
  return static_cast<std::size_t>(behind - words.begin());
}

// The key that a line begins with, whose words are taken off; nothing, and a fault, where it is
// none or was there before.
std::optional<RouteKey> take_key(std::span<const std::string_view>& words, std::size_t line,
                                 FirstLines& first_lines, Faults& faults) {
  const std::size_t count = words_of_number(words);
  const std::string_view last = words[count - 1];
  const std::string_view word(
      words[0].data(), static_cast<std::size_t>(last.data() + last.size() - words[0].data()));
  words = words.subspan(count);
  Result<RouteKey> key = parse_route_key(word);
  if (!key) {
    faults.add(line, key.error().message);
    return std::nullopt;
  }
  const auto [first, is_new] = first_lines.emplace(to_string(*key), line);
  if (is_new) return std::move(key).value();
  faults.add(line, in_quotes(word) + " has a line already, line " + std::to_string(first->second) +
                       "; write one line with all its targets");
  return std::nullopt;
}

}  // namespace

ReadRouteMap read_route_map(std::string_view text, const ConfiguredNames* names) {
  ReadRouteMap read;
  FirstLines first_lines;
  TextLines lines(text, read.faults);
  while (lines.advance_line()) {
    const std::size_t before = read.faults.count();
    std::span<const std::string_view> words = lines.words();
    std::optional<RouteKey> key = take_key(words, lines.number(), first_lines, read.faults);
    Route route = parse_route(words, key ? &*key : nullptr, names, lines.number(), read.faults);
    if (read.faults.count() > before) continue;
    read.map.lines.push_back({std::move(*key), std::move(route)});
  }
  read.remarks = lines.remarks();
  return read;
}

}  // namespace plivo_dial
