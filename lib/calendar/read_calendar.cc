// SPDX-License-Identifier: Apache-2.0
#include "lib/calendar/read_calendar.h"

#include <libical/ical.h>

#include <memory>
#include <string>
#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"
#include "lib/calendar/calendar_outline.h"
#include "lib/calendar/calendar_zone.h"
#include "lib/calendar/libical_lock.h"

namespace plivo_dial {
namespace {

struct ComponentEnd {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};

// What opening hours are made of, and what each looks like.
struct NeededProperty {
  std::string_view name;
  icalproperty_kind kind;
  bool has_list;
  std::string_view example;
};

constexpr NeededProperty kNeeded[] = {
    {"DTSTART", ICAL_DTSTART_PROPERTY, false, "20261224T090000, or 20261225 with VALUE=DATE"},
    {"DTEND", ICAL_DTEND_PROPERTY, false, "20261224T170000, or 20261226 with VALUE=DATE"},
    {"DURATION", ICAL_DURATION_PROPERTY, false, "PT8H or P1D"},
    {"RRULE", ICAL_RRULE_PROPERTY, false, "FREQ=WEEKLY;BYDAY=MO,FR"},
    {"RDATE", ICAL_RDATE_PROPERTY, true, "20261224T090000"},
    {"EXDATE", ICAL_EXDATE_PROPERTY, true, "20261224T090000"},
    {"RECURRENCE-ID", ICAL_RECURRENCEID_PROPERTY, false, "20261224T090000"},
};

// Fit to be shown in one line.
std::string shown_summary(std::string_view text) {
  constexpr std::size_t kLongest = 100;
  std::string shown;
  for (std::string_view rest = text; !rest.empty();) {
    const Utf8Step step = decode_utf8(rest);
    if (shown.size() + step.length > kLongest) break;
    const bool control = step.code_point < 0x20 || step.code_point == 0x7F;
    append_utf8(control ? U' ' : step.code_point, shown);
    rest.remove_prefix(step.length);
  }
  return std::string(trim(shown));
}

// Reads one event; what is wrong with it goes to the faults of the file.
class EventReader {
 public:
  EventReader(icalcomponent* component, const EventLines& lines, const ZonePlaces& places,
              FileFaults& faults)
      : component_(component), lines_(lines), places_(places), faults_(faults) {}

  CalendarEvent read() {
    event_.line = lines_.line;
    event_.uid = text_of(ICAL_UID_PROPERTY);
    event_.summary = shown_summary(text_of(ICAL_SUMMARY_PROPERTY));
    icalproperty* const status = first(ICAL_STATUS_PROPERTY);
    event_.cancelled =
        status != nullptr && icalproperty_get_status(status) == ICAL_STATUS_CANCELLED;
    const std::size_t before = faults_.count();
    check_needed();
    check_not_understood();
    if (faults_.count() > before) return std::move(event_);
    read_times();
    read_rules();
    if (faults_.count() == before) check_end();
    return std::move(event_);
  }

 private:
  icalproperty* first(icalproperty_kind kind) {
    return icalcomponent_get_first_property(component_, kind);
  }

  std::string text_of(icalproperty_kind kind) {
    icalproperty* const property = first(kind);
    const icalvalue* const value = property == nullptr ? nullptr : icalproperty_get_value(property);
    const char* const text = value == nullptr ? nullptr : icalvalue_get_text(value);
    return text == nullptr ? "" : text;
  }

  void fault(std::string_view property, const std::string& message) {
    const std::string name = event_.summary.empty() ? "" : " " + in_quotes(event_.summary);
    faults_.add(lines_.line_of(property), "event" + name + ": " + message);
  }

  // libical drops a property that it does not understand.
  void check_needed() {
    for (const NeededProperty& needed : kNeeded) {
      const std::size_t read =
          static_cast<std::size_t>(icalcomponent_count_properties(component_, needed.kind));
      const std::string name(needed.name);
      const std::size_t lines = lines_.lines(name);
      if (read != (needed.has_list ? lines_.values(name) : lines)) {
        fault(name, name + " " + in_quotes(lines_.text_of(name)) +
                        " is not understood; write one such as " + std::string(needed.example));
      } else if (lines > 1 && !needed.has_list && needed.name != "RRULE") {
        fault(name, name + " is given twice; leave one of them");
      }
    }
  }

  void check_not_understood() {
    if (first(ICAL_DTSTART_PROPERTY) == nullptr && lines_.lines("DTSTART") == 0) {
      fault("DTSTART", "DTSTART is missing; give it one such as DTSTART:20261224T090000");
    }
    if (lines_.lines("EXRULE") > 0) {
      fault("EXRULE", "EXRULE is of an old standard and not understood; write EXDATE");
    }
    if (lines_.lines("DTEND") > 0 && lines_.lines("DURATION") > 0) {
      fault("DURATION", "has DTEND and DURATION; leave one of them");
    }
    icalproperty* const id = first(ICAL_RECURRENCEID_PROPERTY);
    if (id != nullptr && icalproperty_get_first_parameter(id, ICAL_RANGE_PARAMETER) != nullptr) {
      fault("RECURRENCE-ID",
            "RANGE changes all that follow and is not understood; end the series with UNTIL, and "
            "begin another");
    }
  }

  std::optional<CalendarTime> take_time(icalproperty* property, const icaltimetype& time,
                                        std::string_view name) {
    const std::chrono::year_month_day date{std::chrono::year(time.year),
                                           std::chrono::month(static_cast<unsigned>(time.month)),
                                           std::chrono::day(static_cast<unsigned>(time.day))};
    const bool good_clock = time.hour >= 0 && time.hour < 24 && time.minute >= 0 &&
                            time.minute < 60 && time.second >= 0 && time.second <= 60;
    if (time.year < 1900 || time.year > 9999 || !date.ok() || (time.is_date == 0 && !good_clock)) {
      fault(name, std::string(name) + " " + in_quotes(lines_.text_of(name)) +
                      " is no time of the years 1900 to 9999; write one such as 20261224T090000");
      return std::nullopt;
    }
    CalendarTime result;
    result.is_date = time.is_date != 0;
    result.wall = std::chrono::sys_days(date).time_since_epoch().count() * kSecondsOfDay;
    if (result.is_date) return result;
    result.wall += time.hour * 3600 + time.minute * 60 + time.second;
    icalparameter* const tzid = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    if (icaltime_is_utc(time) != 0) {
      result.zone = "UTC";
    } else if (tzid != nullptr && icalparameter_get_tzid(tzid) != nullptr) {
      Result<std::string> zone = zone_of_tzid(icalparameter_get_tzid(tzid), places_);
      if (!zone) fault(name, std::string(name) + ": " + zone.error().message);
      result.zone = zone ? std::move(*zone) : "UTC";
    }
    return result;
  }

  void read_times() {
    icalproperty* property = first(ICAL_DTSTART_PROPERTY);
    const auto start = take_time(property, icalproperty_get_dtstart(property), "DTSTART");
    if (start) event_.start = *start;
    property = first(ICAL_DTEND_PROPERTY);
    if (property != nullptr) {
      event_.end = take_time(property, icalproperty_get_dtend(property), "DTEND");
    }
    property = first(ICAL_RECURRENCEID_PROPERTY);
    if (property != nullptr) {
      event_.replaces =
          take_time(property, icalproperty_get_recurrenceid(property), "RECURRENCE-ID");
    }
    property = first(ICAL_DURATION_PROPERTY);
    if (property != nullptr) take_duration(icalproperty_get_duration(property));
  }

  void take_duration(const icaldurationtype& duration) {
    constexpr std::int64_t kMost = 100'000'000;
    const std::int64_t all_days = std::int64_t{duration.days} + 7 * std::int64_t{duration.weeks};
    const std::int64_t seconds = std::int64_t{duration.hours} * 3600 +
                                 std::int64_t{duration.minutes} * 60 +
                                 std::int64_t{duration.seconds};
    if (duration.is_neg != 0 || all_days > 4000 || seconds > kMost) {
      return fault("DURATION", "DURATION " + in_quotes(lines_.text_of("DURATION")) +
                                   " is not within 0 and 4000 days; write one such as PT8H");
    }
    event_.duration = CalendarDuration{all_days, seconds};
  }

  void read_rules() {
    event_.rule_line = lines_.line_of("RRULE");
    for (icalproperty* rule = first(ICAL_RRULE_PROPERTY); rule != nullptr;
         rule = icalcomponent_get_next_property(component_, ICAL_RRULE_PROPERTY)) {
      const char* const text = icalproperty_get_value_as_string(rule);
      event_.rules.emplace_back(text == nullptr ? "" : text);
    }
    for (icalproperty* date = first(ICAL_RDATE_PROPERTY); date != nullptr;
         date = icalcomponent_get_next_property(component_, ICAL_RDATE_PROPERTY)) {
      const icaldatetimeperiodtype value = icalproperty_get_rdate(date);
      if (icaltime_is_null_time(value.time) != 0) {
        fault("RDATE", "RDATE of a PERIOD is not understood; write an event of its own");
      } else if (const auto time = take_time(date, value.time, "RDATE")) {
        event_.added.push_back(*time);
      }
    }
    for (icalproperty* date = first(ICAL_EXDATE_PROPERTY); date != nullptr;
         date = icalcomponent_get_next_property(component_, ICAL_EXDATE_PROPERTY)) {
      const auto time = take_time(date, icalproperty_get_exdate(date), "EXDATE");
      if (time) event_.excluded.push_back(*time);
    }
  }

  void check_end() {
    if (!event_.end) return;
    if (event_.end->is_date != event_.start.is_date) {
      return fault("DTEND", "DTSTART and DTEND are not both dates or both times; write both alike");
    }
    if (event_.end->zone == event_.start.zone && event_.end->wall < event_.start.wall) {
      fault("DTEND",
            "ends before it begins; is DTEND " + in_quotes(lines_.text_of("DTEND")) + " right?");
    }
  }

  icalcomponent* component_;
  const EventLines& lines_;
  const ZonePlaces& places_;
  FileFaults& faults_;
  CalendarEvent event_;
};

std::vector<icalcomponent*> parts_of(icalcomponent* component, icalcomponent_kind kind) {
  std::vector<icalcomponent*> parts;
  for (icalcomponent* part = icalcomponent_get_first_component(component, kind); part != nullptr;
       part = icalcomponent_get_next_component(component, kind)) {
    parts.push_back(part);
  }
  return parts;
}

std::string named_property(icalcomponent* component, std::string_view name) {
  for (icalproperty* property = icalcomponent_get_first_property(component, ICAL_ANY_PROPERTY);
       property != nullptr;
       property = icalcomponent_get_next_property(component, ICAL_ANY_PROPERTY)) {
    const char* const own_name = icalproperty_get_property_name(property);
    const char* const text = icalproperty_get_value_as_string(property);
    if (own_name != nullptr && text != nullptr && equals_ignoring_case(own_name, name)) return text;
  }
  return "";
}

ZonePlaces places_in(const std::vector<icalcomponent*>& calendars) {
  ZonePlaces places;
  for (icalcomponent* const calendar : calendars) {
    for (icalcomponent* const zone : parts_of(calendar, ICAL_VTIMEZONE_COMPONENT)) {
      const std::string place = named_property(zone, "X-LIC-LOCATION");
      if (!place.empty()) places[named_property(zone, "TZID")] = place;
    }
  }
  return places;
}

void read_events(icalcomponent* root, const CalendarOutline& outline, CalendarFile& file) {
  std::vector<icalcomponent*> calendars = {root};
  if (icalcomponent_isa(root) != ICAL_VCALENDAR_COMPONENT) {
    calendars = parts_of(root, ICAL_VCALENDAR_COMPONENT);
  }
  const ZonePlaces places = places_in(calendars);
  std::vector<icalcomponent*> events;
  for (icalcomponent* const calendar : calendars) {
    for (icalcomponent* const event : parts_of(calendar, ICAL_VEVENT_COMPONENT)) {
      events.push_back(event);
    }
  }
  if (events.size() != outline.events.size()) {
    return file.faults.add(0, "is not understood as a calendar; export it anew");
  }
  for (std::size_t i = 0; i < events.size() && file.faults.count() <= FileFaults::kMost; ++i) {
    file.events.push_back(EventReader(events[i], outline.events[i], places, file.faults).read());
  }
}

}  // namespace

CalendarFile read_calendar(std::string_view content) {
  const CalendarOutline outline = outline_calendar(content);
  CalendarFile file;
  file.faults = outline.faults;
  if (!file.faults.none()) return file;
  const MutexLock lock(libical_mutex());
  prepare_libical();
  const std::string text(content.substr(content.starts_with("\xEF\xBB\xBF") ? 3 : 0));
  const std::unique_ptr<icalcomponent, ComponentEnd> root(icalparser_parse_string(text.c_str()));
  if (!root) {
    file.faults.add(0, "is not understood as a calendar; export it anew");
    return file;
  }
  read_events(root.get(), outline, file);
  return file;
}

}  // namespace plivo_dial
