// SPDX-License-Identifier: Apache-2.0
#include "lib/calendar/find_occurrences.h"

#include <time.h>

#include <algorithm>
#include <set>

#include "lib/base/in_quotes.h"

namespace plivo_dial {
namespace {

// A rule that nothing fits takes libical up to two seconds of search; files with many of those are
// made to harm.
constexpr std::int64_t kMostSeconds = 10;

// Of the processor, for this thread.
std::int64_t seconds_spent() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec;
}

std::int64_t day_of(WallSeconds wall) {
  return wall >= 0 ? wall / kSecondsOfDay : (wall + 1) / kSecondsOfDay - 1;
}

// Instances that are left out of a series: by their instant, or by their day where the file names
// dates or the event is of whole days.
struct LeftOut {
  std::set<Instant> instants;
  std::set<std::int64_t> dates;
  std::set<std::int64_t> days_of_times;  // for events of whole days

  void add(const CalendarTime& time, ZoneTables& zones) {
    if (time.is_date) {
      dates.insert(day_of(time.wall));
    } else {
      instants.insert(zones.instant(time, WallMeaning::kEvent));
      days_of_times.insert(day_of(time.wall));
    }
  }
  bool has(const CalendarTime& time, Instant instant) const {
    if (dates.contains(day_of(time.wall))) return true;
    return time.is_date ? days_of_times.contains(day_of(time.wall)) : instants.contains(instant);
  }
};

class EventExpander {
 public:
  EventExpander(CalendarFile& calendar, ZoneTables& zones, Instant from, Instant until)
      : calendar_(calendar), zones_(zones), from_(from), until_(until) {}

  std::vector<Occurrence> expand() {
    for (const CalendarEvent& event : calendar_.events) {
      if (event.replaces) replaced_[event.uid].add(*event.replaces, zones_);
    }
    for (const CalendarEvent& event : calendar_.events) {
      if (event.cancelled) continue;
      if (event.replaces) {
        add(event, event.start);
      } else {
        add_series(event);
      }
      if (found_.size() > kMostOccurrences) {
        calendar_.faults.add(event.line, "more than " + std::to_string(kMostOccurrences) +
                                             " occurrences within the period; let events repeat "
                                             "more seldom and last longer");
        break;
      }
      if (seconds_spent() - begun_ > kMostSeconds) {
        calendar_.faults.add(event.line,
                             "it takes too long to find when events up to here repeat; "
                             "write simpler rules");
        break;
      }
    }
    return std::move(found_);
  }

 private:
  void add_series(const CalendarEvent& event) {
    LeftOut left_out;
    if (!event.uid.empty()) left_out = replaced_[event.uid];
    for (const CalendarTime& time : event.excluded) left_out.add(time, zones_);
    std::vector<CalendarTime> starts = event.added;
    if (event.rules.empty()) starts.push_back(event.start);
    for (const std::string& rule : event.rules) add_rule(event, rule, starts);
    std::set<Instant> seen;
    for (const CalendarTime& start : starts) {
      const Instant instant = start_of(start);
      if (!left_out.has(start, instant) && seen.insert(instant).second) add(event, start);
    }
  }

  void add_rule(const CalendarEvent& event, const std::string& rule,
                std::vector<CalendarTime>& starts) {
    const WallSeconds first = from_ - longest(event) - 2 * kSecondsOfDay;
    const auto found = find_recurrences(rule, {event.start.wall, event.start.is_date}, first,
                                        until_ + 2 * kSecondsOfDay);
    if (!found) {
      const std::string name = event.summary.empty() ? "" : " " + in_quotes(event.summary);
      return calendar_.faults.add(event.rule_line, "event" + name + ": " + found.error().message);
    }
    for (const WallSeconds wall : found->walls) {
      CalendarTime start = event.start;
      start.wall = wall;
      if (!found->until || start_of(start) <= *found->until) starts.push_back(start);
    }
  }

  // No occurrence of `event` lasts longer, in seconds.
  static WallSeconds longest(const CalendarEvent& event) {
    if (event.end) {
      return std::max<WallSeconds>(0, event.end->wall - event.start.wall) + 2 * kSecondsOfDay;
    }
    if (event.duration) return event.duration->days * kSecondsOfDay + event.duration->seconds;
    return kSecondsOfDay;
  }

  Instant start_of(const CalendarTime& start) {
    return zones_.instant(start, start.is_date ? WallMeaning::kOpening : WallMeaning::kEvent);
  }

  Instant end_of(const CalendarEvent& event, CalendarTime start) {
    if (start.is_date) {
      WallSeconds length = kSecondsOfDay;
      if (event.end) length = std::max<WallSeconds>(length, event.end->wall - event.start.wall);
      if (event.duration) length = event.duration->days * kSecondsOfDay + event.duration->seconds;
      start.wall += length;
      return start_of(start);
    }
    if (event.end && event.end->zone == event.start.zone) {
      start.wall += event.end->wall - event.start.wall;
      return start_of(start);
    }
    if (event.end) return start_of(start) + start_of(*event.end) - start_of(event.start);
    if (!event.duration) return start_of(start);
    start.wall += event.duration->days * kSecondsOfDay;
    return start_of(start) + event.duration->seconds;
  }

  void add(const CalendarEvent& event, const CalendarTime& start) {
    const Occurrence one{start_of(start), end_of(event, start), event.summary};
    if (one.from < one.to && one.from < until_ && one.to > from_) found_.push_back(one);
  }

  CalendarFile& calendar_;
  ZoneTables& zones_;
  Instant from_;
  Instant until_;
  const std::int64_t begun_ = seconds_spent();
  std::map<std::string, LeftOut> replaced_;
  std::vector<Occurrence> found_;
};

}  // namespace

const ZoneOffsets& ZoneTables::of(const std::string& zone) {
  const std::string& name = zone.empty() ? zone_ : zone;
  const auto known = tables_.find(name);
  if (known != tables_.end()) return known->second;
  const Result<ZoneOffsets> table = zone_table(name, 0, until_ + 2 * kSecondsOfDay);
  return tables_[name] = table ? *table : ZoneOffsets{{0, 0}};
}

Instant ZoneTables::instant(const CalendarTime& time, WallMeaning meaning) {
  return instant_of(of(time.is_date ? "" : time.zone), time.wall, meaning);
}

std::vector<Occurrence> find_occurrences(CalendarFile& calendar, ZoneTables& zones, Instant from,
                                         Instant until) {
  return EventExpander(calendar, zones, from, until).expand();
}

}  // namespace plivo_dial
