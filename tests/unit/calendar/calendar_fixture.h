// File: tests/unit/calendar/calendar_fixture.h
//
// Schedules and calendars in a few words, and what becomes of them as lines that can be compared.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "lib/calendar/expand.h"
#include "lib/schedule/date_text.h"
#include "lib/schedule/openings_view.h"
#include "lib/schedule/schedule_arguments.h"

namespace plivo_dial::test {

inline Instant utc(std::string_view text) {
  return *parse_wall_time(text);
}

inline Schedule schedule_of(const std::vector<std::string_view>& words) {
  const Result<Schedule> schedule = parse_schedule(words);
  EXPECT_TRUE(schedule.ok()) << schedule.error().message;
  return *schedule;
}

// Each change but the first as "2026-03-29T08:00Z open weekly hours".
inline std::vector<std::string> changes_of(const Result<Openings, ExpansionError>& openings) {
  if (!openings) return openings.error().faults;
  const std::string bytes = encode_openings(*openings);
  EXPECT_TRUE(OpeningsView::open(bytes).ok() && OpeningsView::open(bytes)->check().ok());
  EXPECT_EQ(OpeningsView::open(bytes)->decode(), *openings);
  std::vector<std::string> lines;
  for (const OpeningsChange& change : openings->changes) {
    if (change.at == openings->from) continue;
    lines.push_back(wall_time_text(change.at) + "Z " + (change.open ? "open " : "closed ") +
                    openings->reasons[change.reason]);
  }
  return lines;
}

// The changes that are none of the reason alone, as "2026-03-29T08:00Z open".
inline std::vector<std::string> states_of(const Result<Openings, ExpansionError>& openings) {
  if (!openings) return openings.error().faults;
  std::vector<std::string> lines;
  bool open = openings->changes.front().open;
  for (const OpeningsChange& change : openings->changes) {
    if (change.open == open) continue;
    open = change.open;
    lines.push_back(wall_time_text(change.at) + (open ? "Z open" : "Z closed"));
  }
  return lines;
}

// A calendar with the events, each given by its lines.
inline std::string calendar_of(std::initializer_list<std::string_view> events) {
  std::string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n";
  for (const std::string_view event : events) {
    text += "BEGIN:VEVENT\r\n";
    for (const char c : event) text += c == '\n' ? "\r\n" : std::string(1, c);
    text += "\r\nEND:VEVENT\r\n";
  }
  return text + "END:VCALENDAR\r\n";
}

// When a schedule of London that only the calendar opens is open, from the beginning of December
// 2026 (or `from`) for a month (or up to `until`).
inline std::vector<std::string> opened_by(const std::string& calendar,
                                          std::string_view from = "2026-12-01T00:00",
                                          std::string_view until = "2027-01-01T00:00") {
  return states_of(expand(schedule_of({"a", "Europe/London", "open=x.ics"}), {"", {calendar}, {}},
                          utc(from), utc(until)));
}

// What is wrong with the calendar.
inline std::vector<std::string> faults_of(const std::string& calendar) {
  const auto openings =
      expand(schedule_of({"a", "Europe/London", "open=/etc/x.ics"}), {"", {calendar}, {}},
             utc("2026-12-01T00:00"), utc("2027-01-01T00:00"));
  return openings ? std::vector<std::string>() : openings.error().faults;
}

}  // namespace plivo_dial::test
