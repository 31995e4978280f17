// SPDX-License-Identifier: Apache-2.0
#include "lib/route/route_image.h"

#include <charconv>
#include <iterator>
#include <string>

#include "lib/base/in_quotes.h"
#include "lib/route/caller.h"

namespace plivo_dial {
namespace {

// Behind a map's or list's name: the table of whole numbers; that of beginnings has a star more.
constexpr std::string_view kTablesOfKinds[] = {".called", ".from", ".forwarded"};
constexpr std::string_view kTablesOfList = ".list";
constexpr std::string_view kStar = "*";

static_assert(kMostMapName + kTablesOfKinds[2].size() + kStar.size() <= kMostTableName);

std::string table_name(std::string_view name, std::string_view suffix, bool prefixes) {
  return std::string(name).append(suffix).append(prefixes ? kStar : "");
}

// Both tables of a suffix, also where nothing is put into them.
Result<void> add_tables(ImageWriter& writer, std::string_view name, std::string_view suffix) {
  if (name.empty() || name.size() > kMostMapName) {
    return Error{in_quotes(name) + " cannot name a map or list in an image; write 1 to " +
                 std::to_string(kMostMapName) + " bytes"};
  }
  for (const bool prefixes : {false, true}) {
    Result<void> added = writer.add_table(table_name(name, suffix, prefixes));
    if (!added) return added;
  }
  return {};
}

struct Match {
  std::string_view digits;
  bool is_prefix;
  std::string_view value;
};

std::optional<Match> find_caller(const ImageTable& whole, const ImageTable& prefixes,
                                 const Caller& caller) {
  if (caller.kind == Caller::Kind::kOther) return std::nullopt;
  const bool number = caller.kind == Caller::Kind::kNumber;
  const std::string_view key = number ? caller.digits : kAnonymous;
  if (const auto value = whole.find(key)) return Match{key, false, *value};
  if (!number) return std::nullopt;
  const std::optional<PrefixMatch> longest = prefixes.find_longest(key);
  if (!longest) return std::nullopt;
  return Match{longest->key, true, longest->value};
}

}  // namespace

Result<void> add_route_map(ImageWriter& writer, std::string_view name, const RouteMap& map) {
  for (const std::string_view suffix : kTablesOfKinds) {
    if (Result<void> added = add_tables(writer, name, suffix); !added) return added;
  }
  std::string tables[std::size(kTablesOfKinds)][2];
  for (std::size_t kind = 0; kind < std::size(kTablesOfKinds); ++kind) {
    for (const bool prefixes : {false, true}) {
      tables[kind][prefixes ? 1 : 0] = table_name(name, kTablesOfKinds[kind], prefixes);
    }
  }
  for (const RouteLine& line : map.lines) {
    const NumberPattern& number = line.key.number;
    const std::string& table =
        tables[static_cast<std::size_t>(line.key.kind)][number.is_prefix ? 1 : 0];
    Result<void> added = writer.add(table, number.digits, encode_route(line.route));
    if (!added) return added;
  }
  return {};
}

Result<void> add_number_list(ImageWriter& writer, std::string_view name, const NumberList& list) {
  if (Result<void> added = add_tables(writer, name, kTablesOfList); !added) return added;
  const std::string whole = table_name(name, kTablesOfList, false);
  const std::string prefixes = table_name(name, kTablesOfList, true);
  for (const NumberList::Entry& entry : list.entries) {
    Result<void> added = writer.add(entry.number.is_prefix ? prefixes : whole, entry.number.digits,
                                    std::to_string(entry.line));
    if (!added) return added;
  }
  return {};
}

std::optional<MapInImage> MapInImage::in(const Image& image, std::string_view name) {
  MapInImage map;
  for (std::size_t kind = 0; kind < map.by_kind_.size(); ++kind) {
    const auto whole = image.table(table_name(name, kTablesOfKinds[kind], false));
    const auto prefixes = image.table(table_name(name, kTablesOfKinds[kind], true));
    if (!whole || !prefixes) return std::nullopt;
    map.by_kind_[kind] = {*whole, *prefixes};
  }
  return map;
}

std::optional<FoundRoute> MapInImage::find(const CallNumbers& numbers) const {
  if (auto found = find_by(RouteKey::Kind::kCaller, numbers.caller)) return found;
  if (!numbers.forwarded_from.empty()) {
    if (auto found = find_by(RouteKey::Kind::kForwarded, numbers.forwarded_from)) return found;
  }
  return find_by(RouteKey::Kind::kCalled, numbers.called);
}

std::optional<FoundRoute> MapInImage::find_by(RouteKey::Kind kind,
                                              std::string_view reported) const {
  const Tables& tables = by_kind_[static_cast<std::size_t>(kind)];
  if (tables.whole.size() + tables.prefixes.size() == 0) return std::nullopt;
  const auto match = find_caller(tables.whole, tables.prefixes, caller_of(reported));
  if (!match) return std::nullopt;
  const std::optional<RouteView> route = decode_route(match->value);
  if (!route) return std::nullopt;
  return FoundRoute{kind, match->digits, match->is_prefix, *route};
}

std::size_t MapInImage::size() const {
  std::size_t sum = 0;
  for (const Tables& tables : by_kind_) sum += tables.whole.size() + tables.prefixes.size();
  return sum;
}

std::optional<ListInImage> ListInImage::in(const Image& image, std::string_view name) {
  const auto whole = image.table(table_name(name, kTablesOfList, false));
  const auto prefixes = image.table(table_name(name, kTablesOfList, true));
  if (!whole || !prefixes) return std::nullopt;
  ListInImage list;
  list.whole_ = *whole;
  list.prefixes_ = *prefixes;
  return list;
}

std::optional<FoundEntry> ListInImage::find(std::string_view caller) const {
  const auto match = find_caller(whole_, prefixes_, caller_of(caller));
  if (!match) return std::nullopt;
  std::uint32_t line = 0;
  std::from_chars(match->value.data(), match->value.data() + match->value.size(), line);
  return FoundEntry{match->digits, match->is_prefix, line};
}

}  // namespace plivo_dial
