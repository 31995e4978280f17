// File: lib/schedule/schedule_arguments.h
//
// The words of a schedule: name zone "days hours"... [except=FILE] [open=FILE]...
// [closed=FILE]... [override=FILE].
//
//   constexpr std::string_view words[] = {"office", "Europe/London", "Mon-Fri
//   09:00-12:30,13:30-18:00",
//                                         "Sat 10:00-14:00", "except=holidays.txt"};
//   const Result<Schedule> schedule = parse_schedule(words);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "lib/base/result.h"
#include "lib/schedule/schedule.h"

namespace plivo_dial {

// Takes the arguments as httpd has split them, quotes removed; the position is the caller's to set.
// Refused are an interval of no length, intervals that overlap, also over midnight and from Sunday
// to Monday, and a schedule that could never open. Of the zone only the form is judged, since httpd
// reads no time zones. Errors name the value and the remedy. Pure.
Result<Schedule> parse_schedule(std::span<const std::string_view> arguments);

// Whether `option` names a file: except, open, closed, override.
bool is_schedule_file(std::string_view option);

}  // namespace plivo_dial
