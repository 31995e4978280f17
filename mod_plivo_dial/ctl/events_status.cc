// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/event/timestamp.h"
#include "mod_plivo_dial/ctl/call_command.h"
#include "mod_plivo_dial/ctl/events_command.h"
#include "mod_plivo_dial/ctl/events_spool.h"
#include "mod_plivo_dial/ctl/events_text.h"
#include "mod_plivo_dial/ctl/events_view.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/standard_io.h"

namespace plivo_dial::ctl {
namespace {

using Json = nlohmann::ordered_json;

std::string dispatcher_text(const std::optional<SpoolLock::Holder>& holder) {
  if (!holder) return "not running";
  const std::string pid = holder->pid > 0 ? ", pid " + std::to_string(holder->pid) : "";
  return (holder->ending ? "ending" : "running") + pid;
}

std::string facts_of(const SpoolView& view) {
  TextTable facts({"spool", view.spool});
  facts.add({"plivo-diald", dispatcher_text(view.dispatcher)});
  facts.add({"segments", counted(view.segments.files, "file") + "; " +
                             counted(view.segments.new_events, "event") + " (" +
                             size_text(view.segments.new_bytes) + ") not yet in the store"});
  if (view.store) {
    facts.add({"store", counted(view.store->events, "event") + " kept, " +
                            std::to_string(view.store->held) +
                            " held for an earlier one of their call"});
  } else if (!view.store_error.empty()) {
    facts.add({"store", "can't be read"});
  } else {
    facts.add({"store", "none yet: plivo-diald has never run on this spool"});
  }
  facts.add({"disk", size_text(view.space.used) + " used by the spool, " +
                         size_text(view.space.free) + " free"});
  return facts.text();
}

std::string text_of(const SpoolView& view, const std::vector<std::string>& concerns) {
  std::string text = facts_of(view);
  if (view.store && !view.store->sinks.empty()) {
    TextTable sinks({"SINK", "WAITING", "RETRYING", "DELIVERED", "DEAD", "OLDEST WAITING"});
    for (const SinkStatus& sink : view.store->sinks) {
      sinks.add({sink.name + (sink.configured ? "" : " (gone)"), std::to_string(sink.waiting),
                 std::to_string(sink.retrying), std::to_string(sink.delivered),
                 std::to_string(sink.dead),
                 sink.oldest_waiting_us ? time_text(*sink.oldest_waiting_us, view.now) : "-"});
    }
    text += "\n" + sinks.text();
  }
  for (const std::string& former : former_refusals(view.health)) {
    text += "\n" + printable(former) + "\n";
  }
  text += concerns.empty() ? "\nNothing needs an operator.\n" : "\nNeeds an operator:\n";
  for (const std::string& concern : concerns) text += "  " + printable(concern) + "\n";
  return text;
}

Json json_of(const SinkStatus& sink) {
  const auto& oldest = sink.oldest_waiting_us;
  return {{"name", sink.name},
          {"configured", sink.configured},
          {"waiting", sink.waiting},
          {"retrying", sink.retrying},
          {"delivered", sink.delivered},
          {"dead", sink.dead},
          {"oldest_waiting", oldest ? Json(format_timestamp(*oldest)) : Json(nullptr)}};
}

Json refusals_json(const SpoolHealth& health) {
  Json all = Json::array();
  for (const StatusReport& report : health.httpd) {
    for (const RefusedEventsReport& one : report.refused_events) {
      const bool refuses = one.since_us != 0;
      all.push_back({{"httpd", report.parent},
                     {"uid", one.user},
                     {"refusing", refuses},
                     {"since", refuses ? Json(format_timestamp(one.since_us)) : Json(nullptr)},
                     {"last", format_timestamp(one.last_us)},
                     {"refused", one.refused},
                     {"logged", one.logged},
                     {"failed_trials", one.failed_trials},
                     {"reason", one.reason}});
    }
  }
  return all;
}

Json json_of(const SpoolView& view, const std::vector<std::string>& concerns) {
  const std::optional<SpoolLock::Holder>& holder = view.dispatcher;
  Json json = {{"spool", view.spool}};
  json["dispatcher"] = {{"running", holder.has_value()},
                        {"ending", holder && holder->ending},
                        {"pid", holder && holder->pid > 0 ? Json(holder->pid) : Json(nullptr)}};
  json["segments"] = view.segments.files;
  json["new_events"] = view.segments.new_events;
  json["new_bytes"] = view.segments.new_bytes;
  json["used_bytes"] = view.space.used;
  json["free_bytes"] = view.space.free;
  json["quarantined"] = view.space.quarantined;
  json["store"] = view.store.has_value();
  json["events"] = view.store ? view.store->events : 0;
  json["held"] = view.store ? view.store->held : 0;
  json["sinks"] = Json::array();
  if (view.store) {
    for (const SinkStatus& sink : view.store->sinks) json["sinks"].push_back(json_of(sink));
  }
  const bool tried = view.health.tried;
  json["writable"] = tried ? Json(view.health.cannot_write.empty()) : Json(nullptr);
  json["refused"] = refusals_json(view.health);
  json["needs_operator"] = concerns;
  return json;
}

int run_status(const EventsOptions& options) {
  const Result<SpoolView> view = look_into_spool(options.spool);
  if (!view) return report_events("status", view.error().message, kExitNoAccess);
  const std::vector<std::string> concerns = concerns_of(*view, DispatcherStart::kUnknown);
  const std::string text =
      options.json ? json_line(json_of(*view, concerns)) : text_of(*view, concerns);
  return write_output("events status", text, kExitOk);
}

}  // namespace

void add_events_status(CLI::App& events, int& exit_status) {
  CLI::App* status =
      events.add_subcommand("status", "How the queue stands, and what needs an operator");
  const auto options = std::make_shared<EventsOptions>();
  add_spool_option(*status, *options);
  add_json_option(*status, *options, "Print one JSON object");
  status->footer(
      "WAITING counts RETRYING too, those that failed before. DELIVERED counts events that are "
      "still kept.\n\n"
      "Exit status: 0 told, also when something needs an operator (with --json: \"needs_operator\" "
      "is not empty); 2 wrong usage; 3 the spool or its store cannot be used.");
  status->callback([options, &exit_status] { exit_status = run_status(*options); });
}

}  // namespace plivo_dial::ctl
