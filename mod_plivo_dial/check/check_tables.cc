// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/check_tables.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "lib/base/timestamp.h"
#include "lib/base/wall_clock.h"
#include "lib/json/json_value.h"
#include "lib/schedule/schedule_arguments.h"
#include "lib/spool/spool_layout.h"
#include "lib/tables/tables_image.h"
#include "mod_plivo_dial/dispatcher/ask_program.h"
#include "mod_plivo_dial/dispatcher/dispatcher_channel.h"
#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {
namespace {

// 100,000 numbers take half a second, a calendar that is hard to follow ten.
constexpr std::chrono::seconds kPatienceWithTables{60};

void take_texts(const JsonValue& array, std::vector<std::string>& out) {
  for (const JsonValue& text : array.elements()) out.emplace_back(text.text().value_or(""));
}

// The tables in the spool, where they are sound and of this configuration.
std::optional<Image> tables_there(const Tables& tables, const std::string& spool) {
  Result<Image> image = Image::open(path_in_spool(spool, kTablesFile));
  if (!image || !image->verify() || digest_in(*image) != digest_of(tables.config())) {
    return std::nullopt;
  }
  return std::move(image).value();
}

}  // namespace

std::vector<std::string> schedule_errors(const ResolvedPlan& plan, const ServerConfig& server) {
  std::vector<std::string_view> known;
  for (const ScheduleLine& line : server.schedules) known.push_back(line.arguments.front());
  std::vector<std::string> errors;
  for (const auto& [name, position] : schedules_of(plan.plan)) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const auto meant = nearest_word(name, known);
    errors.push_back(at(position) + "when=" + std::string(name) + ": there is no schedule " +
                     in_quotes(name) +
                     (meant ? "; did you mean " + std::string(*meant) + "?"
                            : "; add PlivoSchedule " + std::string(name) +
                                  " with its time zone and hours to the main server"));
  }
  return errors;
}

std::vector<std::pair<std::string, std::string>> unreadable_overrides(const Tables& tables,
                                                                      const Identity& identity) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const ScheduleLine& line : tables.config().schedules) {
    const std::vector<std::string_view> words(line.arguments.begin(), line.arguments.end());
    const Result<Schedule> schedule = parse_schedule(words);
    if (!schedule || schedule->override_file.empty()) continue;
    if (FileVersion::of(schedule->override_file) == FileVersion()) continue;
    const Result<void> readable = may_read(schedule->override_file, identity);
    if (!readable) found.emplace_back(line.position + ": override=", readable.error().message);
  }
  return found;
}

TablesReport make_tables(const Tables& tables, server_rec* main_server) {
  TablesReport report;
  const ServerConfig& server = server_config(main_server);
  const bool test = ap_state_query(AP_SQ_RUN_MODE) != AP_SQ_RM_NORMAL;
  const std::optional<Image> there = test ? std::nullopt : tables_there(tables, server.spool);
  if (there && !outdated(*there, digest_of(tables.config()), wall_clock_us())) return report;
  std::vector<std::string> arguments = {server.dispatcher_program, "--compile"};
  if (test) arguments.push_back("--dry-run");
  const std::optional<Told> told =
      ask_program(arguments, dispatcher_configuration(main_server), kPatienceWithTables);
  const std::optional<JsonDocument> document =
      told ? JsonDocument::parse(told->output) : std::nullopt;
  if (!document) {
    report.error = in_quotes(server.dispatcher_program) +
                   ", which makes tables of schedules and maps, can't be run or does not end";
    return report;
  }
  take_texts(document->root()["faults"], report.faults);
  take_texts(document->root()["remarks"], report.warnings);
  report.error = document->root()["error"].text().value_or("");
  // A line that is wrong since yesterday is no reason to leave all calls unanswered.
  if (there && !report.faults.empty()) {
    std::ranges::move(report.faults, std::back_inserter(report.warnings));
    report.faults.clear();
    report.warnings.push_back("httpd starts with the tables of " +
                              format_timestamp(there->stamp().made_us) +
                              " until these files are mended");
  }
  return report;
}

}  // namespace plivo_dial
