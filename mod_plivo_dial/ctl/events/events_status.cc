// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/in_quotes.h"
#include "lib/base/timestamp.h"
#include "lib/json/json_writer.h"
#include "lib/spool/segment_maker.h"
#include "lib/spool/spool_layout.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/events/events_command.h"
#include "mod_plivo_dial/ctl/events/events_spool.h"
#include "mod_plivo_dial/ctl/events/events_view.h"
#include "mod_plivo_dial/ctl/events_text.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/standard_io.h"

namespace plivo_dial::ctl {
namespace {

constexpr int kExitWarning = 1;
constexpr int kExitCritical = 2;

struct StatusOptions : EventsOptions {
  bool check = false;
  std::string max_wait = "10m";
  std::int64_t max_wait_us = kUsualMaxWaitUs;
};

struct Standing {
  const SpoolView& view;
  std::vector<Concern> concerns;
  std::int64_t max_wait_us;

  bool critical() const { return std::ranges::any_of(concerns, &Concern::critical); }
  // As monitoring plugins say it.
  std::string state() const {
    return concerns.empty() ? "ok" : critical() ? "critical" : "warning";
  }
  int exit_status() const {
    return concerns.empty() ? kExitOk : critical() ? kExitCritical : kExitWarning;
  }
};

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

TableCell counted_cell(std::uint64_t count, Colour colour) {
  return {std::to_string(count), count > 0 ? colour : Colour::kNone};
}

std::string text_of(const Standing& standing, bool colours) {
  const SpoolView& view = standing.view;
  std::string text = facts_of(view);
  if (view.store && !view.store->sinks.empty()) {
    TextTable sinks({"SINK", "WAITING", "RETRYING", "DELIVERED", "DEAD", "OLDEST WAITING"});
    for (const SinkStatus& sink : view.store->sinks) {
      sinks.add({sink.name + (sink.configured ? "" : " (gone)"), std::to_string(sink.waiting),
                 counted_cell(sink.retrying, Colour::kYellow), std::to_string(sink.delivered),
                 counted_cell(sink.dead, Colour::kRed),
                 sink.oldest_waiting_us ? time_text(*sink.oldest_waiting_us, view.now) : "-"});
    }
    text += "\n" + sinks.text(colours);
  }
  for (const std::string& former : former_refusals(view.health)) {
    text += "\n" + printable(former) + "\n";
  }
  const auto paint = [&](Colour colour, std::string_view what) {
    return painted(colours ? colour : Colour::kNone, what);
  };
  if (standing.concerns.empty()) {
    return text + "\n" + paint(Colour::kGreen, "Nothing needs an operator.") + "\n";
  }
  text += "\n" + paint(standing.critical() ? Colour::kRed : Colour::kYellow, "Needs an operator:") +
          "\n";
  for (const Concern& concern : standing.concerns) {
    text += "  " +
            paint(concern.critical ? Colour::kRed : Colour::kYellow, printable(concern.sentence)) +
            "\n";
  }
  return text;
}

// Of all sinks.
struct Sums {
  std::uint64_t waiting = 0;
  std::uint64_t retrying = 0;
  std::uint64_t dead = 0;
  std::int64_t oldest_us = 0;  // how long it has waited
};

Sums sums_of(const SpoolView& view) {
  Sums sums;
  if (!view.store) return sums;
  for (const SinkStatus& sink : view.store->sinks) {
    sums.waiting += sink.waiting;
    sums.retrying += sink.retrying;
    sums.dead += sink.dead;
    const std::int64_t since = sink.oldest_waiting_us.value_or(view.now);
    sums.oldest_us = std::max(sums.oldest_us, view.now - since);
  }
  return sums;
}

// What plugins tell programs behind a '|': 'label'=value[unit];warn;crit;min
std::string performance_of(const Standing& standing) {
  constexpr std::int64_t kSecond = 1'000'000;
  const Sums sums = sums_of(standing.view);
  const auto number = [](auto value) { return std::to_string(value); };
  const std::uint64_t bound = told_min_free(standing.view.health).value_or(kDefaultMinFree);
  return "waiting=" + number(sums.waiting) + ";;;0 retrying=" + number(sums.retrying) +
         ";;;0 dead=" + number(sums.dead) +
         ";0;;0 oldest_waiting=" + number(sums.oldest_us / kSecond) + "s;" +
         number(standing.max_wait_us / kSecond) +
         ";;0 not_yet_stored=" + number(standing.view.segments.new_events) +
         ";;;0 free=" + number(standing.view.space.free) + "B;;" + number(bound) + ":;0";
}

// A '|' would begin what is for programs.
std::string for_plugin(const std::string& sentence) {
  std::string text = printable(sentence);
  std::ranges::replace(text, '|', '/');
  return text;
}

std::string plugin_line(const Standing& standing) {
  std::string state = standing.state();
  std::ranges::transform(state, state.begin(), [](char c) { return static_cast<char>(c - 32); });
  std::string text;
  for (const bool critical : {true, false}) {
    for (const Concern& concern : standing.concerns) {
      if (concern.critical != critical) continue;
      text += (text.empty() ? "" : "; ") + for_plugin(concern.sentence);
    }
  }
  if (text.empty()) {
    text = "nothing needs an operator, " + counted(sums_of(standing.view).waiting, "event") +
           " waiting";
  }
  return "PLIVO_DIAL " + state + " - " + text + " | " + performance_of(standing) + "\n";
}

std::optional<std::string> timestamp_if(bool known, std::int64_t us) {
  return known ? std::optional(format_timestamp(us)) : std::nullopt;
}

void put_sink_status(const SinkStatus& sink, JsonWriter& json) {
  const auto& oldest = sink.oldest_waiting_us;
  json.begin_object().member("name", sink.name).member("configured", sink.configured);
  json.member("waiting", sink.waiting).member("retrying", sink.retrying);
  json.member("delivered", sink.delivered).member("dead", sink.dead);
  json.member("oldest_waiting", timestamp_if(oldest.has_value(), oldest.value_or(0))).end_object();
}

void put_refusals(const SpoolHealth& health, JsonWriter& json) {
  json.key("refused").begin_array();
  for (const StatusReport& report : health.httpd) {
    for (const RefusedEventsReport& one : report.refused_events) {
      const bool refuses = one.since_us != 0;
      json.begin_object().member("httpd", report.parent).member("uid", one.user);
      json.member("refusing", refuses).member("since", timestamp_if(refuses, one.since_us));
      json.member("last", format_timestamp(one.last_us)).member("refused", one.refused);
      json.member("logged", one.logged).member("failed_trials", one.failed_trials);
      json.member("reason", one.reason).end_object();
    }
  }
  json.end_array();
}

void put_view(const SpoolView& view, JsonWriter& json) {
  const std::optional<SpoolLock::Holder>& holder = view.dispatcher;
  const bool known = holder && holder->pid > 0;
  json.member("spool", view.spool).key("dispatcher").begin_object();
  json.member("running", holder.has_value()).member("ending", holder && holder->ending);
  json.member("pid", known ? std::optional(holder->pid) : std::nullopt).end_object();
  json.member("segments", view.segments.files).member("new_events", view.segments.new_events);
  json.member("new_bytes", view.segments.new_bytes).member("used_bytes", view.space.used);
  json.member("free_bytes", view.space.free).member("quarantined", view.space.quarantined);
  json.member("store", view.store.has_value());
  json.member("events", view.store ? view.store->events : 0);
  json.member("held", view.store ? view.store->held : 0);
  json.key("sinks").begin_array();
  if (view.store) {
    for (const SinkStatus& sink : view.store->sinks) put_sink_status(sink, json);
  }
  json.end_array();
}

void put_concerns(const std::vector<Concern>& concerns, JsonWriter& json) {
  std::vector<std::string_view> all, critical;
  for (const Concern& concern : concerns) {
    all.push_back(concern.sentence);
    if (concern.critical) critical.push_back(concern.sentence);
  }
  json.member("needs_operator", all).member("critical", critical);
  json.key("concerns").begin_array();
  for (const Concern& concern : concerns) {
    json.begin_object().member("code", concern.code).member("critical", concern.critical);
    json.member("sentence", concern.sentence).end_object();
  }
  json.end_array();
}

std::string render_standing_json(const Standing& standing) {
  const SpoolHealth& health = standing.view.health;
  JsonWriter json = json_of_command("events status");
  json.member("state", standing.state());
  put_view(standing.view, json);
  json.member("writable", health.tried ? std::optional(health.cannot_write.empty()) : std::nullopt);
  put_refusals(health, json);
  json.member("max_wait", standing.max_wait_us / 1'000'000);
  put_concerns(standing.concerns, json);
  return json_line(std::move(json));
}

// Where nothing can be told, a plugin says so on its one line.
int report_unknown(const StatusOptions& options, const std::string& message) {
  if (!options.check) return report_events("status", message, kExitNoAccess);
  return write_output("events status", "PLIVO_DIAL UNKNOWN - " + for_plugin(message) + "\n",
                      kExitNoAccess);
}

// By httpd or a dispatcher.
bool has_been_used(const SpoolView& view) {
  return view.dispatcher || view.store || !view.store_error.empty() ||
         access(path_in_spool(view.spool, kSegmentDirectory).c_str(), F_OK) == 0;
}

int run_status(StatusOptions& options) {
  const Result<std::int64_t> span = parse_span(options.max_wait);
  if (!span) return report_events("status", "--max-wait: " + span.error().message, kExitUsage);
  options.max_wait_us = *span;
  const Result<SpoolView> view = look_into_spool(options.spool);
  if (!view) return report_unknown(options, view.error().message);
  if (options.check && !has_been_used(*view)) {
    return report_unknown(options, in_quotes(options.spool) +
                                       " holds nothing of a spool: is it the directory of "
                                       "PlivoSpool? If so, plivo-diald has never run on it");
  }
  const Standing standing{*view, concerns_of(*view, DispatcherStart::kUnknown, *span), *span};
  const std::string text = options.json    ? render_standing_json(standing)
                           : options.check ? plugin_line(standing)
                                           : text_of(standing, wants_colour());
  return write_output("events status", text, options.check ? standing.exit_status() : kExitOk);
}

}  // namespace

void add_events_status(Command& events) {
  Command& status = events.subcommand("status", "How the queue stands, and what needs an operator");
  const auto options = std::make_shared<StatusOptions>();
  status.flag("--check", options->check,
              "For monitoring: print one line, and end with 0, 1 or 2 as plugins of Nagios do");
  status
      .option("--max-wait", options->max_wait,
              "A sink that has not taken its oldest event for longer needs an operator: 90s, "
              "15m, 2h, 3d")
      .shows_default()
      .type_name("TIME");
  add_spool_option(status, *options);
  add_json_option(status, *options, "Print one JSON object");
  status.footer(
      "WAITING counts RETRYING too, those that failed before. DELIVERED counts events that are "
      "still kept.\n\n"
      "Exit status: 0 told, also when something needs an operator (with --json: \"needs_operator\" "
      "is not empty); 2 wrong usage; 3 the spool or its store cannot be used. With --check: 0 "
      "nothing needs an operator; 1 something does; 2 events are refused or go nowhere, or wrong "
      "usage; 3 it cannot be told.");
  status.runs([options] { return run_status(*options); });
}

}  // namespace plivo_dial::ctl
