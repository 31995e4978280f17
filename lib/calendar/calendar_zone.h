// File: lib/calendar/calendar_zone.h
//
// What programs write into TZID of a calendar, as IANA names: "Europe/Berlin", Windows' "W. Europe
// Standard Time", "/mozilla.org/20050126_1/Europe/Berlin", "tzone://Microsoft/Utc", or any word
// with a VTIMEZONE that tells its place (X-LIC-LOCATION).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial {

// From TZID to X-LIC-LOCATION.
using ZonePlaces = std::map<std::string, std::string, std::less<>>;

// The IANA name that `tzid` means; an unknown one is refused with the nearest name.
Result<std::string> zone_of_tzid(std::string_view tzid, const ZonePlaces& places);

}  // namespace plivo_dial
