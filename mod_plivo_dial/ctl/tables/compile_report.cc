// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/tables/compile_report.h"

#include <utility>

#include "lib/base/timestamp.h"
#include "lib/json/json_writer.h"
#include "lib/schedule/override_watch.h"
#include "lib/schedule/schedule_arguments.h"
#include "lib/tables/tables_view.h"
#include "mod_plivo_dial/ctl/events_text.h"
#include "mod_plivo_dial/ctl/printable.h"

namespace plivo_dial::ctl {
namespace {

using ScheduleNow = CompileReport::ScheduleNow;
using TableOfFile = CompileReport::TableOfFile;

// What the override file says; nothing where it says nothing of now, or there is none.
std::optional<ScheduleNow> by_override(const Schedule& schedule, const OpeningsView& openings,
                                       std::int64_t now_us, std::vector<std::string>& remarks) {
  if (schedule.override_file.empty()) return std::nullopt;
  OverrideWatch watch(schedule.override_file);
  const Override says = watch.current(now_us);
  if (const std::optional<std::string> fault = watch.new_fault(now_us)) {
    remarks.push_back("PlivoSchedule " + schedule.name + ": " + *fault);
  }
  const std::optional<bool> open = overridden(says, openings, now_us / 1'000'000);
  if (!open) return std::nullopt;
  ScheduleNow now{schedule.name, schedule.zone, *open, true, "the override file", {}, ""};
  if (says.until) now.until = openings.instant_at(*says.until, WallMeaning::kClosing);
  return now;
}

ScheduleNow schedule_now(const Schedule& schedule, const OpeningsView& openings,
                         std::int64_t now_us, std::vector<std::string>& remarks) {
  ScheduleNow now{schedule.name, schedule.zone, false, false, "", {}, ""};
  const Instant instant = now_us / 1'000'000;
  if (auto overriding = by_override(schedule, openings, now_us, remarks)) {
    now = std::move(*overriding);
  } else if (const std::optional<OpeningsState> state = openings.state_at(instant)) {
    now.open = state->open;
    now.reason = state->reason;
    now.until = openings.next_change(instant);
  }
  if (now.until) now.until_wall = wall_time_text(openings.wall_at(*now.until));
  return now;
}

std::string schedule_text(const ScheduleNow& now) {
  std::string end;
  if (now.until) {
    end = " until " + now.until_wall + " by the clock of " + now.zone;
  } else if (!now.overridden) {
    end = ", and no change is known";
  }
  return (now.open ? "open" : "closed") + end + ": " + now.reason;
}

void put_files(const std::vector<TableOfFile>& files, std::string_view unit, JsonWriter& json) {
  json.begin_array();
  for (const TableOfFile& file : files) {
    json.begin_object().member("path", file.path).member(unit, file.size).end_object();
  }
  json.end_array();
}

std::string result_text(const CompileReport& report) {
  if (!report.faults.empty()) {
    return counted(report.faults.size(), "fault") +
           ": no tables are made, and those that were there before stay in use.";
  }
  if (report.image.empty()) {
    return "Nothing to make: httpd's configuration names no schedule, route map or list.";
  }
  const std::string size = size_text(report.size);
  if (report.dry_run) return "The tables would have " + size + "; nothing was put into the spool.";
  return "Put " + size + " of tables into " + report.image +
         "; httpd's processes use them within a second.";
}

}  // namespace

Result<void> describe_tables(const TablesConfig& config, std::string_view image,
                             std::int64_t now_us, CompileReport& report) {
  Result<Image> opened = Image::over(image);
  if (!opened) return opened.error();
  report.size = image.size();
  const TablesView view = TablesView::over(std::move(opened).value(), config);
  for (const ScheduleLine& line : config.schedules) {
    const std::vector<std::string_view> words(line.arguments.begin(), line.arguments.end());
    const Result<Schedule> schedule = parse_schedule(words);
    const OpeningsView* const openings = schedule ? view.schedule(schedule->name) : nullptr;
    if (openings == nullptr) continue;
    report.schedules.push_back(schedule_now(*schedule, *openings, now_us, report.remarks));
  }
  for (const RouteMapFile& file : config.maps) {
    const MapInImage* const map = view.map(file.path);
    if (map != nullptr) report.maps.push_back({file.path, map->size()});
  }
  for (const NumberListFile& file : config.lists) {
    const ListInImage* const list = view.list(file.path);
    if (list != nullptr) report.lists.push_back({file.path, list->size()});
  }
  return {};
}

std::string render_compile(const CompileReport& report) {
  std::string text;
  const auto say = [&](const std::string& line) { text += printable(line) + "\n"; };
  for (const ScheduleNow& now : report.schedules) {
    say("schedule " + now.name + ": " + schedule_text(now));
  }
  for (const TableOfFile& map : report.maps) {
    say("route map " + map.path + ": " + counted(map.size, "line"));
  }
  for (const TableOfFile& list : report.lists) {
    say("list " + list.path + ": " + std::to_string(list.size) +
        (list.size == 1 ? " entry" : " entries"));
  }
  for (const std::string& remark : report.remarks) say("remark: " + remark);
  for (const std::string& fault : report.faults) say("fault: " + fault);
  say(result_text(report));
  return text;
}

std::string render_compile_json(const CompileReport& report) {
  JsonWriter json = json_of_command("compile");
  json.member("made", report.made).member("dry_run", report.dry_run);
  json.member("image", text_or_null(report.image)).member("size", report.size);
  json.key("schedules").begin_array();
  for (const ScheduleNow& now : report.schedules) {
    json.begin_object().member("name", now.name).member("zone", now.zone);
    json.member("open", now.open).member("reason", now.reason);
    const auto until = now.until ? std::optional(format_timestamp(*now.until * 1'000'000))
                                 : std::optional<std::string>();
    json.member("until", until).end_object();
  }
  json.end_array().key("maps");
  put_files(report.maps, "lines", json);
  json.key("lists");
  put_files(report.lists, "entries", json);
  json.member("faults", report.faults).member("remarks", report.remarks);
  return json_line(std::move(json));
}

}  // namespace plivo_dial::ctl
