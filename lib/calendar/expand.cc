// SPDX-License-Identifier: Apache-2.0
#include "lib/calendar/expand.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "lib/calendar/find_occurrences.h"
#include "lib/calendar/openings_painter.h"
#include "lib/calendar/read_calendar.h"
#include "lib/calendar/recurrence.h"
#include "lib/calendar/zone_table.h"
#include "lib/schedule/exceptions_file.h"

namespace plivo_dial {
namespace {

using std::chrono::sys_days;

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

ExpansionError failed(std::vector<std::string> faults) {
  ExpansionError error;
  for (const std::string& fault : faults) {
    error.message += (error.message.empty() ? "" : "\n") + fault;
  }
  error.faults = std::move(faults);
  return error;
}

// Occurrences of one calendar, and what to say of them.
struct Painted {
  std::string file;
  bool open = false;
  std::vector<Occurrence> occurrences;
};

class ScheduleExpander {
 public:
  ScheduleExpander(const Schedule& schedule, Instant from, Instant until)
      : schedule_(schedule), from_(from), until_(until), painter_(from, until) {}

  Result<Openings, ExpansionError> expand(const ScheduleFiles& files) {
    Openings openings{from_, until_, {}, {}, {}};
    Result<ZoneOffsets> table =
        zone_table(schedule_.zone, from_ - kSecondsOfDay, until_ + kSecondsOfDay);
    if (table) {
      offsets_ = openings.offsets = std::move(*table);
    } else {
      faults_.push_back("schedule " + schedule_.name + ": " + table.error().message);
    }
    read_exceptions(files.exceptions);
    if (table) read_calendars(files);
    if (!faults_.empty()) return failed(std::move(faults_));
    painter_.paint(from_, until_, false, kWeekly);
    paint_weekly();
    for (const Painted& calendar : calendars_) paint_calendar(calendar);
    paint_exceptions();
    painter_.finish(openings);
    if (openings.changes.size() > kMostChanges) {
      return failed({"schedule " + schedule_.name + " changes too often; give it fewer hours"});
    }
    return openings;
  }

 private:
  static constexpr const char* kWeekly = "weekly hours";

  void read_exceptions(const std::string& content) {
    exceptions_ = parse_exceptions(content);
    for (std::string& line : exceptions_.faults.lines(schedule_.exceptions_file)) {
      faults_.push_back(std::move(line));
    }
  }

  // The open ones first: the closed ones are painted over them.
  void read_calendars(const ScheduleFiles& files) {
    ZoneTables zones(schedule_.zone, until_);
    std::size_t count = 0;
    for (const bool open : {true, false}) {
      const auto& paths = open ? schedule_.open_calendars : schedule_.closed_calendars;
      const auto& contents = open ? files.open_calendars : files.closed_calendars;
      for (std::size_t i = 0; i < paths.size(); ++i) {
        CalendarFile calendar = read_calendar(i < contents.size() ? contents[i] : "");
        Painted painted{file_name(paths[i]), open, {}};
        if (calendar.faults.none()) {
          painted.occurrences = find_occurrences(calendar, zones, from_, until_);
        }
        for (std::string& line : calendar.faults.lines(paths[i])) {
          faults_.push_back(std::move(line));
        }
        count += painted.occurrences.size();
        calendars_.push_back(std::move(painted));
      }
    }
    if (count > kMostOccurrences && faults_.empty()) {
      faults_.push_back("schedule " + schedule_.name + ": its calendars have " +
                        std::to_string(count) + " occurrences, and may have " +
                        std::to_string(kMostOccurrences) + "; take one of them out");
    }
  }

  // --- Days of the period, and of the evening before.

  sys_days first_day() const { return day_at(from_) - std::chrono::days(2); }
  sys_days last_day() const { return day_at(until_) + std::chrono::days(1); }
  sys_days day_at(Instant instant) const {
    return std::chrono::floor<std::chrono::days>(
        std::chrono::sys_seconds(std::chrono::seconds(wall_of(offsets_, instant))));
  }
  static WallSeconds midnight(sys_days day) {
    return day.time_since_epoch().count() * kSecondsOfDay;
  }

  void paint_hours(sys_days day, const ClockSpan& hours, const std::string& reason) {
    const WallSeconds start = midnight(day);
    painter_.paint(instant_of(offsets_, start + hours.from * 60, WallMeaning::kOpening),
                   instant_of(offsets_, start + hours.to * 60, WallMeaning::kClosing), true,
                   reason);
  }

  bool is_on(const WeeklyHours& weekly, sys_days day) const {
    return has_day(weekly.days, static_cast<int>(std::chrono::weekday(day).iso_encoding()) - 1);
  }

  void paint_weekly() {
    for (sys_days day = first_day(); day <= last_day(); day += std::chrono::days(1)) {
      if (exception_on(exceptions_, day) != nullptr) continue;
      for (const WeeklyHours& weekly : schedule_.weekly) {
        if (is_on(weekly, day)) paint_hours(day, weekly.hours, kWeekly);
      }
    }
  }

  void paint_calendar(const Painted& calendar) {
    for (const Occurrence& one : calendar.occurrences) {
      const std::string summary = one.summary.empty() ? "" : ": " + one.summary;
      painter_.paint(one.from, one.to, calendar.open, "calendar " + calendar.file + summary);
    }
  }

  std::string reason_of(const ExceptionLine& line) const {
    const std::string text = line.text.empty() ? "" : ": " + line.text;
    return file_name(schedule_.exceptions_file) + ":" + std::to_string(line.line) + text;
  }

  // Until when the weekly hours of the evening before go on, in minutes of `day`; 0: they don't.
  int minutes_of_evening_before(sys_days day) const {
    const sys_days before = day - std::chrono::days(1);
    if (exception_on(exceptions_, before) != nullptr) return 0;
    int minutes = 0;
    for (const WeeklyHours& weekly : schedule_.weekly) {
      if (is_on(weekly, before)) minutes = std::max(minutes, weekly.hours.to - kMinutesOfDay);
    }
    return minutes;
  }

  // Closes all days before it opens any: hours may go on into the next day's exception.
  void paint_exceptions() {
    for (sys_days day = first_day(); day <= last_day(); day += std::chrono::days(1)) {
      const ExceptionLine* const line = exception_on(exceptions_, day);
      if (line == nullptr) continue;
      const int evening = minutes_of_evening_before(day);
      const WallSeconds start = midnight(day) + evening * 60;
      painter_.paint(
          instant_of(offsets_, start, evening > 0 ? WallMeaning::kClosing : WallMeaning::kOpening),
          instant_of(offsets_, midnight(day) + kSecondsOfDay, WallMeaning::kOpening), false,
          reason_of(*line));
    }
    for (sys_days day = first_day(); day <= last_day(); day += std::chrono::days(1)) {
      const ExceptionLine* const line = exception_on(exceptions_, day);
      if (line == nullptr) continue;
      for (const ClockSpan& hours : line->hours) paint_hours(day, hours, reason_of(*line));
    }
  }

  const Schedule& schedule_;
  Instant from_;
  Instant until_;
  ZoneOffsets offsets_;
  ExceptionsFile exceptions_;
  std::vector<Painted> calendars_;
  std::vector<std::string> faults_;
  OpeningsPainter painter_;
};

}  // namespace

Result<Openings, ExpansionError> expand(const Schedule& schedule, const ScheduleFiles& files,
                                        Instant from, Instant until) {
  const bool in_range = from >= 0 && until <= kLatestInstant;
  if (!in_range || from >= until || until - from > kLongestPeriod) {
    return failed({"schedule " + schedule.name +
                   ": the period to expand is none of two years "
                   "or less; set the clock of this machine"});
  }
  return ScheduleExpander(schedule, from, until).expand(files);
}

}  // namespace plivo_dial
