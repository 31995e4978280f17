// SPDX-License-Identifier: Apache-2.0
#include "lib/compile/compile_tables.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "lib/base/system_file.h"
#include "lib/calendar/expand.h"
#include "lib/compile/mixed_circles.h"
#include "lib/image/image_writer.h"
#include "lib/route/number_list.h"
#include "lib/route/route_circles.h"
#include "lib/route/route_image.h"
#include "lib/route/route_map.h"
#include "lib/schedule/openings.h"
#include "lib/schedule/schedule_arguments.h"
#include "lib/tables/tables_image.h"

namespace plivo_dial {
namespace {

// What stands where in a configuration or a file, in front of what is said of it.
std::string in_front(const std::string& position) {
  return position.empty() ? "" : position + ": ";
}

// The line of a directive: "/etc/apache2/x.conf:7: PlivoSchedule".
std::string line_of(const std::string& position, const char* directive) {
  return in_front(position) + directive;
}

// Reads files and puts what they say into an image; notes what is wrong and goes on.
class TablesCompiler {
 public:
  TablesCompiler(const TablesConfig& config, std::int64_t now_us)
      : config_(config), now_us_(now_us) {}

  Result<CompiledTables, CompileError> compile() {
    for (const ScheduleLine& line : config_.schedules) add_schedule(line);
    for (const RouteMapFile& file : config_.maps) add_map(file);
    for (const NumberListFile& file : config_.lists) add_list(file);
    add_mixed_circles();
    note(add_origin(writer_, digest_of(config_), sources_), "");
    if (!faults_.empty()) return failed();
    Result<std::string> bytes = writer_.bytes(now_us_);
    note(bytes ? Result<void>() : bytes.error(), "");
    if (!faults_.empty()) return failed();
    return CompiledTables{std::move(bytes).value(), std::move(remarks_)};
  }

 private:
  CompileError failed() {
    CompileError error;
    for (const std::string& fault : faults_) {
      error.message += (error.message.empty() ? "" : "\n") + fault;
    }
    error.faults = std::move(faults_);
    return error;
  }

  void note(const Result<void>& result, const std::string& where) {
    if (!result) faults_.push_back(in_front(where) + result.error().message);
  }

  // "" of a file that can't be read, which is a fault.
  std::string content_of(const std::string& path, const std::string& position,
                         std::size_t most = kMostOfAFile) {
    sources_.push_back({path, FileVersion::of(path)});
    Result<std::string> content = read_regular_file(path, most);
    if (content) return std::move(content).value();
    faults_.push_back(in_front(position) + content.error().message);
    is_readable_ = false;
    return "";
  }

  void add_schedule(const ScheduleLine& line) {
    const std::string where = line_of(line.position, "PlivoSchedule");
    const std::vector<std::string_view> words(line.arguments.begin(), line.arguments.end());
    const Result<Schedule> schedule = parse_schedule(words);
    if (!schedule) return note(schedule.error(), where);
    is_readable_ = true;
    ScheduleFiles files;
    const auto read = [&](const std::string& path) { return content_of(path, where); };
    if (!schedule->exceptions_file.empty()) files.exceptions = read(schedule->exceptions_file);
    for (const std::string& path : schedule->open_calendars) {
      files.open_calendars.push_back(read(path));
    }
    for (const std::string& path : schedule->closed_calendars) {
      files.closed_calendars.push_back(read(path));
    }
    if (!is_readable_) return;
    const Instant from = now_us_ / 1'000'000 - kSecondsOfDay;
    const auto openings = expand(*schedule, files, from, from + kLongestPeriod);
    if (!openings) return add_faults(openings.error().faults, where);
    const std::string bytes = encode_openings(*openings);
    note(writer_.add(kSchedulesTable, schedule->name, bytes), where);
  }

  // Those of a file have a place of their own.
  void add_faults(const std::vector<std::string>& faults, const std::string& position) {
    for (const std::string& fault : faults) {
      faults_.push_back(fault.starts_with('/') ? fault : in_front(position) + fault);
    }
  }

  void add_map(const RouteMapFile& file) {
    const std::string where = line_of(file.position, "PlivoRouteMap");
    is_readable_ = true;
    const std::string text = content_of(file.path, where, kMostMapBytes);
    if (!is_readable_) return;
    ConfiguredNames names;
    for (const ScheduleLine& line : config_.schedules) {
      names.schedules.push_back(line.arguments.front());
    }
    names.plans.assign(file.plans.begin(), file.plans.end());
    ReadRouteMap read = read_route_map(text, &names);
    add_circles(read);
    add_remarks(read.remarks, file.path);
    add_faults(read.faults.sentences(file.path), where);
    if (!read.faults.empty()) return;
    note(add_route_map(writer_, name_in_image(file.path), read.map), where);
    maps_.emplace_back(&file.path, std::move(read.map));
  }

  void add_mixed_circles() {
    std::vector<NamedMap> maps;
    for (const auto& [path, map] : maps_) maps.push_back({path, &map});
    if (maps.size() + config_.dials.size() < 2) return;
    for (std::string& circle : mixed_circles(maps, config_.dials)) {
      remarks_.push_back(std::move(circle));
    }
  }

  void add_list(const NumberListFile& file) {
    is_readable_ = true;
    const std::string text = content_of(file.path, file.position, kMostMapBytes);
    if (!is_readable_) return;
    const ReadNumberList read = read_number_list(text);
    add_remarks(read.remarks, file.path);
    add_faults(read.faults.sentences(file.path), file.position);
    if (!read.faults.empty()) return;
    note(add_number_list(writer_, name_in_image(file.path), read.list), file.position);
  }

  void add_remarks(const std::vector<std::string>& remarks, const std::string& path) {
    for (const std::string& remark : remarks) remarks_.push_back(path + ": " + remark);
  }

  const TablesConfig& config_;
  const std::int64_t now_us_;
  ImageWriter writer_;
  std::vector<TablesSource> sources_;
  std::vector<std::pair<const std::string*, RouteMap>> maps_;
  std::vector<std::string> faults_;
  std::vector<std::string> remarks_;
  bool is_readable_ = true;  // all files of the entry at hand
};

}  // namespace

Result<CompiledTables, CompileError> compile_tables(const TablesConfig& config,
                                                    std::int64_t now_us) {
  return TablesCompiler(config, now_us).compile();
}

std::vector<std::string> files_of(const TablesConfig& config) {
  std::vector<std::string> files;
  for (const ScheduleLine& line : config.schedules) {
    const std::vector<std::string_view> words(line.arguments.begin(), line.arguments.end());
    const Result<Schedule> schedule = parse_schedule(words);
    if (!schedule) continue;
    if (!schedule->exceptions_file.empty()) files.push_back(schedule->exceptions_file);
    files.insert(files.end(), schedule->open_calendars.begin(), schedule->open_calendars.end());
    files.insert(files.end(), schedule->closed_calendars.begin(), schedule->closed_calendars.end());
  }
  const auto path_of = [](const auto& file) { return file.path; };
  std::ranges::transform(config.maps, std::back_inserter(files), path_of);
  std::ranges::transform(config.lists, std::back_inserter(files), path_of);
  return files;
}

}  // namespace plivo_dial
