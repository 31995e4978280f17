// SPDX-License-Identifier: Apache-2.0
#include "lib/route/route_map.h"

#include <optional>
#include <span>
#include <unordered_map>
#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/route/text_lines.h"

namespace plivo_dial {
namespace {

using FirstLines = std::unordered_map<std::string, std::size_t>;

// The key of a line's first word; nothing, and a fault, where it is none or was there before.
std::optional<RouteKey> take_key(const TextLines& lines, FirstLines& first_lines, Faults& faults) {
  const std::string_view word = lines.words().front();
  Result<RouteKey> key = parse_route_key(word);
  if (!key) {
    faults.add(lines.number(), key.error().message);
    return std::nullopt;
  }
  const auto [first, is_new] = first_lines.emplace(to_string(*key), lines.number());
  if (is_new) return std::move(key).value();
  faults.add(lines.number(), in_quotes(word) + " has a line already, line " +
                                 std::to_string(first->second) +
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
    std::optional<RouteKey> key = take_key(lines, first_lines, read.faults);
    const std::span words = std::span(lines.words()).subspan(1);
    Route route = parse_route(words, key ? &*key : nullptr, names, lines.number(), read.faults);
    if (read.faults.count() > before) continue;
    read.map.lines.push_back({std::move(*key), std::move(route)});
  }
  read.remarks = lines.remarks();
  return read;
}

}  // namespace plivo_dial
