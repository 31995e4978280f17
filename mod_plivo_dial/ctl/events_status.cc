// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "lib/delivery/spool_lock.h"
#include "lib/event/timestamp.h"
#include "mod_plivo_dial/ctl/call_command.h"
#include "mod_plivo_dial/ctl/events_command.h"
#include "mod_plivo_dial/ctl/events_spool.h"
#include "mod_plivo_dial/ctl/events_text.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/spool_census.h"
#include "mod_plivo_dial/ctl/standard_io.h"

namespace plivo_dial::ctl {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kLittleSpace = 64 * 1024 * 1024;  // PlivoSpool's minFree=, unless given
constexpr std::int64_t kLongWaitUs = 10 * 60 * std::int64_t{1'000'000};

struct View {
  std::string spool;
  std::optional<SpoolLock::Holder> dispatcher;
  std::optional<StoreStatus> store;  // nothing: there is none yet
  SegmentCensus segments;
  SpoolSpace space;
  std::int64_t now = 0;
};

// Also gives what the store knows of segments.
Result<StoreStatus> look_into_store(const std::string& spool, std::vector<SegmentStatus>* known) {
  auto store = open_events_store(spool, Database::Access::kRead);
  if (!store) return store.error();
  Result<StoreStatus> status = (*store)->status();
  if (!status) return store_error(**store, status.error());
  Result<std::vector<SegmentStatus>> segments = (*store)->segments();
  if (!segments) return store_error(**store, segments.error());
  *known = std::move(*segments);
  return status;
}

Result<View> look(const EventsOptions& options) {
  View view;
  Result<std::string> spool = enter_spool(options.spool);
  if (!spool) return spool.error();
  view.spool = *spool;
  view.now = now_us();
  Result<std::optional<SpoolLock::Holder>> dispatcher = SpoolLock::holder(view.spool);
  if (!dispatcher) return dispatcher.error();
  view.dispatcher = *dispatcher;
  std::vector<SegmentStatus> known;
  if (has_store(view.spool)) {
    Result<StoreStatus> status = look_into_store(view.spool, &known);
    if (!status) return status.error();
    view.store = std::move(*status);
  }
  Result<SegmentCensus> census = count_segments(view.spool, known, CensusDepth::kNew);
  if (!census) return census.error();
  view.segments = std::move(*census);
  const Result<SpoolSpace> space = measure_spool(view.spool);
  if (!space) return space.error();
  view.space = *space;
  return view;
}

void add_sink_concerns(const SinkStatus& sink, std::int64_t now, std::vector<std::string>* all) {
  const std::string of_sink = " --sink " + sink.name;
  if (sink.dead > 0) {
    all->push_back(counted(sink.dead, "dead letter") + " at sink " + sink.name +
                   ": see plivo-dialctl events dead list" + of_sink);
  }
  if (!sink.configured && sink.waiting > 0) {
    all->push_back(counted(sink.waiting, "event") + " for sink " + sink.name +
                   ", which no PlivoEventSink names any more: they become dead letters");
  }
  const bool old = sink.oldest_waiting_us && now - *sink.oldest_waiting_us > kLongWaitUs;
  if (sink.configured && old) {
    all->push_back("sink " + sink.name + " has not taken its oldest event for " +
                   span_text(now - *sink.oldest_waiting_us) +
                   ": see plivo-dialctl events list --state waiting" + of_sink);
  }
}

void add_space_concerns(const View& view, std::vector<std::string>* all) {
  if (view.space.quarantined > 0) {
    all->push_back(counted(view.space.quarantined, "file") + " in " + view.spool +
                   "/quarantine: bytes of segments that hold no whole event; httpd's error log " +
                   "tells of each, remove them when you have seen them");
  }
  if (view.space.free < kLittleSpace) {
    all->push_back("only " + size_text(view.space.free) +
                   " are free on the spool's disk: below minFree= of PlivoSpool (64M unless "
                   "given) webhooks get 503 instead of 200");
  }
}

// What needs an operator, a sentence each.
std::vector<std::string> concerns_of(const View& view) {
  std::vector<std::string> all;
  std::uint64_t waiting = view.segments.new_events;
  const std::vector<SinkStatus> sinks = view.store ? view.store->sinks : std::vector<SinkStatus>();
  for (const SinkStatus& sink : sinks) waiting += sink.waiting;
  if (!view.dispatcher) {
    const std::string what = waiting > 0 ? "what waits is safe, and goes nowhere until it runs"
                                         : "what is accepted now will wait";
    all.push_back("plivo-diald is not running: " + what +
                  "; httpd starts it, see PlivoDispatcher and httpd's error log");
  }
  for (const SinkStatus& sink : sinks) add_sink_concerns(sink, view.now, &all);
  add_space_concerns(view, &all);
  const std::vector<std::string>& harmed = view.segments.differences;
  all.insert(all.end(), harmed.begin(), harmed.end());
  return all;
}

std::string dispatcher_text(const std::optional<SpoolLock::Holder>& holder) {
  if (!holder) return "not running";
  const std::string pid = holder->pid > 0 ? ", pid " + std::to_string(holder->pid) : "";
  return (holder->ending ? "ending" : "running") + pid;
}

std::string facts_of(const View& view) {
  TextTable facts({"spool", view.spool});
  facts.add({"plivo-diald", dispatcher_text(view.dispatcher)});
  facts.add({"segments", counted(view.segments.files, "file") + "; " +
                             counted(view.segments.new_events, "event") + " (" +
                             size_text(view.segments.new_bytes) + ") not yet in the store"});
  if (view.store) {
    facts.add({"store", counted(view.store->events, "event") + " kept, " +
                            std::to_string(view.store->held) +
                            " held for an earlier one of their call"});
  } else {
    facts.add({"store", "none yet: plivo-diald has never run on this spool"});
  }
  facts.add({"disk", size_text(view.space.used) + " used by the spool, " +
                         size_text(view.space.free) + " free"});
  return facts.text();
}

std::string text_of(const View& view, const std::vector<std::string>& concerns) {
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

Json json_of(const View& view, const std::vector<std::string>& concerns) {
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
  json["needs_operator"] = concerns;
  return json;
}

int run_status(const EventsOptions& options) {
  const Result<View> view = look(options);
  if (!view) return report_events("status", view.error().message, kExitNoAccess);
  const std::vector<std::string> concerns = concerns_of(*view);
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
