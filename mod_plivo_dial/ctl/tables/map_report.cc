// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/tables/map_report.h"

#include <vector>

#include "lib/json/json_writer.h"
#include "mod_plivo_dial/ctl/events_text.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/tables/loaded_map.h"

namespace plivo_dial::ctl {
namespace {

std::string listed(const std::vector<std::string>& words) {
  if (words.empty()) return "none";
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string lines_text(const MapLines& lines) {
  return counted(lines.numbers, "number") + ", " + std::to_string(lines.prefixes) +
         (lines.prefixes == 1 ? " prefix, " : " prefixes, ") + std::to_string(lines.from) +
         " from: and " + std::to_string(lines.forwarded) + " forwarded: lines";
}

std::string names_text(const MapNames& names) {
  if (!names.unknown.empty()) {
    return "Names of schedules and plans were not checked: " + names.unknown;
  }
  return "Known schedules: " + listed(names.schedules) + "; known plans: " + listed(names.plans);
}

}  // namespace

std::string render_map_check(const MapCheck& check) {
  std::string text;
  for (const std::string& remark : check.read.remarks) {
    text += printable(check.file + ": " + remark) + "\n";
  }
  const Faults& faults = check.read.faults;
  for (const std::string& fault : faults.sentences(check.file)) text += printable(fault) + "\n";
  const std::string sum = faults.empty() ? "no fault in " + lines_text(lines_of(check.read.map))
                                         : counted(faults.count(), "fault");
  return text + printable(check.file + ": " + sum + ". " + names_text(check.names)) + "\n";
}

std::string render_map_check_json(const MapCheck& check) {
  const MapLines lines = lines_of(check.read.map);
  const bool known = check.names.unknown.empty();
  JsonWriter json = json_of_command("map check");
  json.member("file", check.file).member("good", check.read.faults.empty());
  json.member("numbers", lines.numbers).member("prefixes", lines.prefixes);
  json.member("from", lines.from).member("forwarded", lines.forwarded);
  json.member("fault_count", check.read.faults.count());
  json.member("faults", check.read.faults.sentences(check.file));
  json.member("remarks", check.read.remarks).member("names_checked", known);
  json.member("reason", text_or_null(check.names.unknown));
  json.member("schedules", check.names.schedules).member("plans", check.names.plans);
  return json_line(std::move(json));
}

}  // namespace plivo_dial::ctl
