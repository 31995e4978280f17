// SPDX-License-Identifier: Apache-2.0
#include "lib/calendar/calendar_zone.h"

#include "lib/base/text.h"
#include "lib/calendar/windows_zones.h"
#include "lib/calendar/zone_table.h"

namespace plivo_dial {
namespace {

// The name in `tzid` itself; "" when there is none.
std::string_view name_in_tzid(std::string_view tzid) {
  if (is_zone(tzid)) return tzid;
  if (const std::string_view iana = iana_of_windows_zone(tzid); !iana.empty()) return iana;
  for (std::size_t slash = tzid.find('/'); slash != std::string_view::npos;
       slash = tzid.find('/', slash + 1)) {
    const std::string_view rest = tzid.substr(slash + 1);
    if (is_zone(rest)) return rest;
    if (equals_ignoring_case(rest, "utc")) return "UTC";
  }
  return "";
}

}  // namespace

Result<std::string> zone_of_tzid(std::string_view tzid, const ZonePlaces& places) {
  tzid = trim(tzid, " \t\"");
  if (const std::string_view name = name_in_tzid(tzid); !name.empty()) return std::string(name);
  if (const auto place = places.find(tzid); place != places.end() && is_zone(place->second)) {
    return place->second;
  }
  return zone_table(tzid, 0, 0).error();
}

}  // namespace plivo_dial
