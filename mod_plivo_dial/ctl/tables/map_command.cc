// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/tables/map_command.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/route/caller.h"
#include "lib/route/route_circles.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/httpd/httpd_config.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/standard_io.h"
#include "mod_plivo_dial/ctl/tables/loaded_map.h"
#include "mod_plivo_dial/ctl/tables/map_report.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kMapCheck = "map check";
constexpr std::string_view kMapFind = "map find";
constexpr int kExitFaults = 1;
constexpr int kExitNoLine = 1;

struct MapCheckOptions {
  std::string file;
  std::string program;
  bool json = false;
};

struct MapFindOptions {
  std::string file;
  std::string to;
  std::optional<std::string> from;
  std::string forwarded;
};

std::string shown_file(const std::string& file) {
  return file == "-" ? "standard input" : file;
}

MapNames names_for(const MapCheckOptions& options) {
  const Result<ConfigManifest> config = httpd_config(options.program);
  if (config) return map_names(*config, options.file);
  MapNames names;
  names.unknown = config.error().message;
  return names;
}

int run_map_check(const MapCheckOptions& options) {
  if (!options.program.empty()) {
    const Result<std::string> program = control_program(options.program);
    if (!program) return report_usage(kMapCheck, program.error().message);
  }
  const Result<std::string> text = read_input(options.file, kMostMapBytes);
  if (!text) return report_usage(kMapCheck, printable(text.error().message));
  MapCheck check{shown_file(options.file), {}, names_for(options)};
  const ConfiguredNames names = check.names.configured();
  check.read = read_route_map(*text, check.names.unknown.empty() ? &names : nullptr);
  add_circles(check.read);
  return write_output(kMapCheck,
                      options.json ? render_map_check_json(check) : render_map_check(check),
                      check.read.faults.empty() ? kExitOk : kExitFaults);
}

// What is wrong with the value of an option that takes a number; "" for nothing.
std::string wrong_number(const std::string& value) {
  if (caller_of(value).kind == Caller::Kind::kNumber) return "";
  return in_quotes(value) + " is no number; write it in E.164, such as +14155550199";
}

int run_map_find(const MapFindOptions& options) {
  Result<std::string> text = read_input(options.file, kMostMapBytes);
  if (!text) return report_usage(kMapFind, printable(text.error().message));
  const std::string name = shown_file(options.file);
  const Result<LoadedMap> map = LoadedMap::of_text(std::move(text).value(), name);
  if (!map) {
    report_usage(kMapFind, printable(map.error().message));
    return kExitFaults;
  }
  const std::optional<FoundRoute> found = map->find(options.to, options.from, options.forwarded);
  if (!found) {
    return write_output(kMapFind, printable("No line of " + name + " is for this call.") + "\n",
                        kExitNoLine);
  }
  const std::uint32_t line = found->route.line;
  std::string text_of_line(map->line(line));
  std::ranges::replace(text_of_line, '\t', ' ');
  return write_output(
      kMapFind,
      printable(name + ":" + std::to_string(line) + ": ") + printable(text_of_line) + "\n",
      kExitOk);
}

void add_map_check(Command& map) {
  Command& check = map.subcommand(
      "check",
      "Judge a route map before it is put in place: each fault with its line, numbers that call "
      "each other in a circle, and names that httpd's configuration does not know.");
  const std::shared_ptr<MapCheckOptions> options = std::make_unique<MapCheckOptions>();
  check.option("FILE", options->file, "The map, or - for standard input").required().type_name("");
  check
      .option("--httpd", options->program,
              "httpd's control program, which is asked for the names of schedules and plans; the "
              "distribution's apachectl unless given, on Fedora and RHEL httpd")
      .type_name("PROGRAM");
  check.flag("--json", options->json, "Print one JSON object: good, faults, remarks");
  check.footer(
      "Names are checked where httpd's configuration can be read: run it with sudo.\n\n"
      "Exit status: 0 no fault; 1 there are faults; 2 wrong usage, or the file cannot be read.\n\n"
      "Example: plivo-dialctl map check numbers.txt.new");
  check.runs([options] { return run_map_check(*options); });
}

void add_map_find(Command& map) {
  Command& lookup = map.subcommand("find", "Print the line of a route map that holds for a call.");
  const std::shared_ptr<MapFindOptions> options = std::make_unique<MapFindOptions>();
  lookup.option("FILE", options->file, "The map, or - for standard input").required().type_name("");
  lookup.option("--to", options->to, "The number that is called, such as +14155550199")
      .required()
      .type_name("NUMBER")
      .check(wrong_number);
  lookup
      .option("--from", options->from,
              "Who calls: a number, or anonymous; lines with from: are left out unless given")
      .type_name("NUMBER");
  lookup.option("--forwarded", options->forwarded, "The number that passed the call on")
      .type_name("NUMBER")
      .check(wrong_number);
  lookup.footer(
      "Exit status: 0 there is a line; 1 there is none, or the map has faults; 2 wrong usage, or "
      "the file cannot be read.\n\n"
      "Example: plivo-dialctl map find numbers.txt --to +14155550199 --from +493012345678");
  lookup.runs([options] { return run_map_find(*options); });
}

}  // namespace

void add_map_command(Command& app) {
  Command& map = app.subcommand("map", "Judge a route map, and look up whom a call goes to.");
  map.needs_command();
  add_map_check(map);
  add_map_find(map);
}

}  // namespace plivo_dial::ctl
