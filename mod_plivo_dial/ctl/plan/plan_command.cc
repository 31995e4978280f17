// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/plan/plan_command.h"

#include <algorithm>
#include <memory>

#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/httpd/httpd_config.h"
#include "mod_plivo_dial/ctl/plan/number_plans.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/standard_io.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kPlan = "plan";
constexpr int kExitNoPlan = 1;
constexpr int kExitNoConfiguration = 3;

struct PlanOptions {
  std::vector<std::string> words;  // a number with blanks is several
  std::string program;
  bool json = false;
};

int run_plan(const PlanOptions& options) {
  const Result<std::string> number = number_in(options.words);
  if (!number) return report_usage(kPlan, printable(number.error().message));
  if (!options.program.empty()) {
    const Result<std::string> program = control_program(options.program);
    if (!program) return report_usage(kPlan, program.error().message);
  }
  const Result<ConfigManifest> config = httpd_config(options.program);
  if (!config) {
    report_usage(kPlan, printable(config.error().message));
    return kExitNoConfiguration;
  }
  const std::vector<NumberPlan> plans = plans_for(*config, *number);
  const bool found = std::ranges::any_of(
      plans, [](const NumberPlan& chosen) { return does_something(chosen.plan); });
  const int status = found ? kExitOk : kExitNoPlan;
  if (options.json) return write_output(kPlan, render_plans_json(*number, plans), status);
  std::string text = render_plans(*number, plans);
  if (plans.empty()) {
    text = "No Location answers calls: none has SetHandler plivo-dial and PlivoEndpoint answer.\n";
  } else if (!found) {
    text += "\nNobody takes a call to " + printable(*number) + ".\n";
  }
  return write_output(kPlan, text, status);
}

}  // namespace

void add_plan_command(Command& app) {
  Command& plan = app.subcommand(
      "plan",
      "What happens to a call to a number of yours, at each virtual host: its PlivoNumber, who is "
      "dialled, and where Plivo reports. Asks httpd's configuration; run it with sudo.");
  const auto options = std::make_shared<PlanOptions>();
  plan.option("NUMBER", options->words, "The number that is called, such as +14155550199")
      .required()
      .type_name("");
  plan.option("--httpd", options->program,
              "httpd's control program; the distribution's apachectl unless given, on Fedora "
              "and RHEL httpd")
      .type_name("PROGRAM");
  plan.flag("--json", options->json, "Print one JSON object: number, found, locations");
  plan.footer(
      "It is the configuration as a reload would take it. The documents themselves are shown by "
      "plivo-dialctl call --to NUMBER --show-documents.\n\n"
      "Exit status: 0 there is a plan for the number; 1 there is none; 2 wrong usage, or no "
      "number; 3 the configuration cannot be read.\n\n"
      "Example: plivo-dialctl plan +14155550199");
  plan.runs([options] { return run_plan(*options); });
}

}  // namespace plivo_dial::ctl
