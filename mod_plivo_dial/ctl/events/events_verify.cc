// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "lib/json/json_writer.h"
#include "lib/log/log_id.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/events/events_command.h"
#include "mod_plivo_dial/ctl/events/events_spool.h"
#include "mod_plivo_dial/ctl/events/spool_census.h"
#include "mod_plivo_dial/ctl/events/spool_health.h"
#include "mod_plivo_dial/ctl/events_text.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/standard_io.h"

namespace plivo_dial::ctl {
namespace {

std::string named(const char* what, std::uint64_t count) {
  return std::string(what) + " " + std::to_string(count);
}

// Rare summands show only when there are any.
std::string equation_of(const SpoolAudit& audit) {
  const StoreBalance& sums = audit.store.balance;
  std::string text = named("accepted", audit.accepted());
  if (sums.recovered > 0) text += named(" + recovered from dead letters", sums.recovered);
  text += " = " + named("delivered", sums.delivered) + named(" + duplicates", sums.duplicates) +
          named(" + pending", audit.pending()) + named(" + dead", sums.dead);
  if (sums.refused > 0) text += named(" + without an event", sums.refused);
  return text;
}

// Of events that were never accepted, so that they are in no sum.
std::string text_of(const SpoolHealth& health) {
  std::string text;
  for (const std::string& former : former_refusals(health)) text += printable(former) + "\n";
  for (const std::string& concern : concerns_of(health)) {
    text += "NOT ACCEPTED: " + printable(concern) + "\n";
  }
  return text;
}

// `refused`: lines above tell of events that were not accepted.
std::string text_of(const SpoolAudit& audit, bool refused) {
  std::string text = equation_of(audit) + "\n";
  text += "  pending: " + std::to_string(audit.store.balance.pending) + " in the store, " +
          std::to_string(audit.files.new_events) + " in segments and not yet in the store\n";
  for (const StoreBalance::OfSink& sink : audit.store.balance.sinks) {
    text += printable("sink " + sink.name + ": " + named("taken", sink.taken) + " = " +
                      named("delivered", sink.delivered) + named(" + pending", sink.waiting) +
                      named(" + dead", sink.dead) + named(" + dropped", sink.dropped)) +
            "\n";
    if (sink.not_given == 0) continue;
    text += printable("  " + counted(sink.not_given, "kept event") + " of those that " + sink.name +
                      " takes never went there, or were dropped: it may be younger; see "
                      "plivo-dialctl events replay") +
            "\n";
  }
  text += "segments: " + counted(audit.files.files, "file") + " read, " +
          std::to_string(audit.store.segments.size()) + " known to the store\n";
  if (audit.store.balance.vanished > 0) {
    text += counted(audit.store.balance.vanished, "segment file") +
            " removed by somebody while in use, perhaps with events that were not yet in the "
            "store: see " +
            std::string(log_id::kSegmentGone) + " in the log\n";
  }
  const std::vector<std::string> differences = audit.differences();
  for (const std::string& difference : differences) {
    text += "DIFFERS: " + printable(difference) + "\n";
  }
  if (!differences.empty()) return text;
  return text + (refused ? "Of what was accepted nothing differs; what was refused is told above.\n"
                         : "Nothing differs.\n");
}

std::string render_audit_json(const SpoolAudit& audit, const std::vector<std::string>& concerns) {
  const StoreBalance& sums = audit.store.balance;
  JsonWriter json = json_of_command("events verify");
  json.member("accepted", audit.accepted()).member("recovered", sums.recovered);
  json.member("delivered", sums.delivered).member("duplicates", sums.duplicates);
  json.member("pending", audit.pending()).member("dead", sums.dead);
  json.member("refused", sums.refused).member("pending_in_store", sums.pending);
  json.member("pending_in_segments", audit.files.new_events);
  json.key("sinks").begin_array();
  for (const StoreBalance::OfSink& sink : sums.sinks) {
    json.begin_object().member("name", sink.name).member("taken", sink.taken);
    json.member("delivered", sink.delivered).member("pending", sink.waiting);
    json.member("dead", sink.dead).member("dropped", sink.dropped);
    json.member("not_given", sink.not_given).end_object();
  }
  json.end_array();
  json.member("segment_files", audit.files.files);
  json.member("segments_removed_by_others", sums.vanished);
  json.member("segments_known", audit.store.segments.size());
  json.member("differences", audit.differences()).member("not_accepted", concerns);
  return json_line(std::move(json));
}

// The audit can't be had, and the health of the spool may be the reason.
int report_failure(const Error& error, const SpoolHealth& health) {
  for (const std::string& concern : concerns_of(health)) {
    report_events("verify", concern, kExitNoAccess);
  }
  return report_events("verify", error.message, kExitNoAccess);
}

int run_verify(EventsOptions& options) {
  Result<std::string> spool = enter_spool(options.spool);
  if (!spool) return report_events("verify", spool.error().message, kExitNoAccess);
  options.spool = std::move(*spool);
  const SpoolHealth health = examine_health(options.spool);
  auto store = open_events_store(options.spool, Database::Access::kRead);
  if (!store) return report_failure(store.error(), health);
  const Result<SpoolAudit> audit = audit_spool(options.spool, **store);
  if (!audit) return report_failure(audit.error(), health);
  const std::vector<std::string> concerns = concerns_of(health);
  const int status = audit->differences().empty() && concerns.empty() ? kExitOk : kExitDiffers;
  const std::string refusals = text_of(health);
  const std::string text = refusals + text_of(*audit, !refusals.empty());
  return write_output("events verify", options.json ? render_audit_json(*audit, concerns) : text,
                      status);
}

}  // namespace

void add_events_verify(Command& events) {
  Command& verify = events.subcommand(
      "verify", "Whether every accepted event is delivered, a duplicate, pending or dead");
  const auto options = std::make_shared<EventsOptions>();
  add_spool_option(verify, *options);
  add_json_option(verify, *options,
                  "Print one JSON object with the numbers of the equation and \"differences\"");
  verify.footer(
      "Counts everything that was ever taken into the store, and reads all segments that are kept; "
      "right also while httpd and plivo-diald run. An event counts as delivered when no sink waits "
      "for it and it is no dead letter. Events that a sink takes and never got are told beside it: "
      "where it is not younger than they, send them by events replay.\n\n"
      "Exit status: 0 nothing differs; 1 something does, see the lines DIFFERS, or events are "
      "refused "
      "now, see the lines NOT ACCEPTED; 2 wrong usage; 3 "
      "the spool or its store cannot be used.");
  verify.runs([options] { return run_verify(*options); });
}

}  // namespace plivo_dial::ctl
