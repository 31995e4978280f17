// File: lib/calendar/windows_zones.h
//
// The names that Windows has for time zones, which Outlook and Exchange write into calendars.
//
//   iana_of_windows_zone("W. Europe Standard Time")     -> "Europe/Berlin"
//   iana_of_windows_zone("Europe/Berlin")               -> ""
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace plivo_dial {

// The IANA name of the Windows zone `name`, or "" when Windows has no such zone. Pure.
std::string_view iana_of_windows_zone(std::string_view name);

}  // namespace plivo_dial
