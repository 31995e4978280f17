// SPDX-License-Identifier: Apache-2.0
#include "lib/calendar/zone_table.h"

#include <date/tz.h>

#include <algorithm>
#include <exception>
#include <optional>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "lib/base/text.h"
#include "lib/calendar/windows_zones.h"

namespace plivo_dial {
namespace {

// The library throws for what it does not find.
const date::time_zone* find_zone(std::string_view name) {
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

std::vector<std::string_view> zone_names() {
  std::vector<std::string_view> names;
  try {
    for (const date::time_zone& zone : date::get_tzdb().zones) names.push_back(zone.name());
  } catch (const std::exception&) {
    // There is no database at all, which the caller says.
  }
  return names;
}

// The zone whose last part is `name`, as in "London" or "new york", or which is spelled in other
// letters.
std::optional<std::string_view> zone_of_place(std::string_view name,
                                              const std::vector<std::string_view>& names) {
  std::string place(name);
  std::ranges::replace(place, ' ', '_');
  for (const std::string_view zone : names) {
    const std::size_t slash = zone.rfind('/');
    const std::string_view last = slash == std::string_view::npos ? zone : zone.substr(slash + 1);
    if (equals_ignoring_case(last, place) || equals_ignoring_case(zone, place)) return zone;
  }
  return std::nullopt;
}

Error unknown_zone(std::string_view name) {
  const std::string start = "time zone " + in_quotes(name) + " is unknown";
  const std::vector<std::string_view> names = zone_names();
  if (names.empty())
    return Error{start + ": this machine has no zones; install the package tzdata"};
  std::optional<std::string_view> meant;
  if (const std::string_view iana = iana_of_windows_zone(name); !iana.empty()) meant = iana;
  if (!meant) meant = zone_of_place(name, names);
  if (!meant) meant = nearest_word(name, names);
  return Error{start + (meant ? "; did you mean " + std::string(*meant) + "?"
                              : "; write an IANA name such as Europe/London or America/New_York")};
}

}  // namespace

bool is_zone(std::string_view name) {
  return find_zone(name) != nullptr;
}

Result<ZoneOffsets> zone_table(std::string_view name, Instant from, Instant until) {
  const date::time_zone* const zone = find_zone(name);
  if (zone == nullptr) return unknown_zone(name);
  ZoneOffsets table;
  try {
    for (Instant at = from; at <= until && table.size() < 256;) {
      const date::sys_info info = zone->get_info(date::sys_seconds(std::chrono::seconds(at)));
      const auto offset = static_cast<std::int32_t>(info.offset.count());
      // A change of the zone's abbreviation alone is none of its clocks.
      if (table.empty() || table.back().seconds != offset) table.push_back({at, offset});
      at = std::max<Instant>(info.end.time_since_epoch().count(), at + 1);
    }
  } catch (const std::exception& failure) {
    return Error{"time zone " + in_quotes(name) + " cannot be read: " + failure.what() +
                 "; install the package tzdata anew"};
  }
  return table;
}

}  // namespace plivo_dial
