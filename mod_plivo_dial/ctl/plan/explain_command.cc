// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/plan/explain_command.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/schedule/date_text.h"
#include "lib/settings/explanation.h"
#include "mod_plivo_dial/ctl/events_text.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/httpd/httpd_config.h"
#include "mod_plivo_dial/ctl/plan/number_plans.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/standard_io.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kExplain = "explain";
constexpr int kExitNobody = 1;
constexpr int kExitUnreadable = 3;

struct ExplainOptions {
  std::vector<std::string> words;
  CallQuestion question;
  std::string program;
  bool json = false;
};

struct StepWord {
  std::string_view what;
  std::string_view shown;
};
constexpr StepWord kStepWords[] = {
    {"map", "route map"}, {"section", "plan"},       {"caller", "caller"}, {"schedule", "schedule"},
    {"prompt", "first"},  {"skipped", "left out"},   {"stage", "rings"},   {"leads_to", "then"},
    {"menu", "menu"},     {"not_reached", "nobody"}, {"on", "PlivoOn"},    {"ends", "end"},
    {"fault", "fault"},
};

std::string_view shown_word(const std::string& what) {
  const auto word = std::ranges::find(kStepWords, what, &StepWord::what);
  return word == std::end(kStepWords) ? std::string_view(what) : word->shown;
}

std::string render_calls(const std::vector<ExplainedCall>& calls) {
  constexpr std::size_t kWordWidth = 11;
  std::string text;
  for (const ExplainedCall& call : calls) {
    text += text.empty() ? "" : "\n";
    text += call.server + " <Location \"" + call.path + "\">  (" + call.position + ")\n";
    for (const ExplainedStep& step : call.steps) {
      std::string word(shown_word(step.what));
      word.resize(std::max(kWordWidth, word.size() + 1), ' ');
      const std::string place = step.position.empty() ? "" : "  (" + step.position + ")";
      text += "  " + word + printable(step.text) + place + "\n";
    }
  }
  return text;
}

bool has_step(const ExplainedCall& call, std::string_view what) {
  return std::ranges::find(call.steps, what, &ExplainedStep::what) != call.steps.end();
}

std::string render_calls_json(const std::string& number, bool rings,
                              const std::vector<ExplainedCall>& calls) {
  JsonWriter json = json_of_command(kExplain);
  json.member("number", number).member("rings", rings).key("locations").begin_array();
  for (const ExplainedCall& call : calls) {
    json.begin_object().member("server", call.server).member("location", call.path);
    json.member("position", call.position).key("steps").begin_array();
    for (const ExplainedStep& step : call.steps) {
      json.begin_object().member("what", step.what).member("text", step.text);
      json.member("position", step.position).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
  return json_line(std::move(json));
}

int run_explain(const ExplainOptions& options) {
  const Result<std::string> number = number_in(options.words);
  if (!number) return report_usage(kExplain, printable(number.error().message));
  CallQuestion question = options.question;
  question.to = *number;
  if (!question.at.empty() && !parse_asked_time(question.at)) {
    return report_usage(kExplain, "--at: " + in_quotes(question.at) +
                                      " is no time; write date, T, hours and minutes, such as "
                                      "2026-12-25T10:00");
  }
  if (!options.program.empty()) {
    const Result<std::string> program = control_program(options.program);
    if (!program) return report_usage(kExplain, program.error().message);
  }
  const auto calls = explanation_of_httpd(options.program, question);
  if (!calls) {
    report_usage(kExplain, printable(calls.error().message));
    return kExitUnreadable;
  }
  const bool rings = std::ranges::any_of(*calls, [](const ExplainedCall& call) {
    return has_step(call, "stage") || has_step(call, "menu") || has_step(call, "leads_to");
  });
  const int status = rings ? kExitOk : kExitNobody;
  if (options.json) {
    return write_output(kExplain, render_calls_json(*number, rings, *calls), status);
  }
  std::string text = render_calls(*calls);
  if (calls->empty()) {
    text = "No Location answers calls: none has SetHandler plivo-dial and PlivoEndpoint answer.\n";
  }
  return write_output(kExplain, text, status);
}

}  // namespace

void add_explain_command(Command& app) {
  Command& explain = app.subcommand(
      "explain",
      "Which directive decides each step of a call to a number of yours, with file and line, as "
      "long as nobody takes it. Asks the module itself through httpd -t; run it with sudo.");
  const auto options = std::make_shared<ExplainOptions>();
  explain.option("NUMBER", options->words, "The number that is called, such as +14155550199")
      .required()
      .type_name("");
  explain.option("--from", options->question.from, "Who calls; an unknown caller unless given")
      .type_name("NUMBER");
  explain.option("--forwarded", options->question.forwarded, "Who passed the call on")
      .type_name("NUMBER");
  explain
      .option("--at", options->question.at,
              "When, by the clocks of each schedule's zone, such as 2026-12-25T10:00, or of\n"
              "UTC with a Z behind it; now unless given")
      .type_name("TIME");
  explain
      .option("--httpd", options->program,
              "httpd's control program; the distribution's apachectl unless given, on Fedora "
              "and RHEL httpd")
      .type_name("PROGRAM");
  explain.flag("--json", options->json, "Print one JSON object: number, rings, locations");
  explain.footer(
      "Exit status: 0 somebody is rung, or a menu is put; 1 nobody; 2 wrong usage, or no number; "
      "3 the configuration cannot be read.\n\n"
      "Example: plivo-dialctl explain +14155550199 --at 2026-12-25T10:00");
  explain.runs([options] { return run_explain(*options); });
}

}  // namespace plivo_dial::ctl
