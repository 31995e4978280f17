// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/check_tables.h"

#include <algorithm>
#include <chrono>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "lib/base/wall_clock.h"
#include "lib/json/json_value.h"
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

bool are_there(const Tables& tables, const std::string& spool) {
  const Result<Image> image = Image::open(path_in_spool(spool, kTablesFile));
  return image && !outdated(*image, digest_of(tables.config()), wall_clock_us());
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

TablesReport make_tables(const Tables& tables, server_rec* main_server) {
  TablesReport report;
  const ServerConfig& server = server_config(main_server);
  const bool test = ap_state_query(AP_SQ_RUN_MODE) != AP_SQ_RM_NORMAL;
  if (!test && are_there(tables, server.spool)) return report;
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
  return report;
}

}  // namespace plivo_dial
