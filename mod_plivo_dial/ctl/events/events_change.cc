// SPDX-License-Identifier: Apache-2.0
// retry, replay and dead.
#include <memory>

#include "lib/json/json_writer.h"
#include "lib/spool/spool_lock.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/events/events_command.h"
#include "mod_plivo_dial/ctl/events/events_list.h"
#include "mod_plivo_dial/ctl/events/events_spool.h"
#include "mod_plivo_dial/ctl/events_text.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/standard_io.h"

namespace plivo_dial::ctl {
namespace {

struct ChangeOptions : EventsOptions {
  std::string id;
  std::string sink;
  std::string since, until;  // as written
  bool all = false;
  bool dry_run = false;
};

// What a change did.
struct Change {
  std::string command;  // "retry"
  std::uint64_t count = 0;
  std::string sentence;  // without the full stop
  bool sends = false;    // something goes out now
};

int tell(const ChangeOptions& options, const Change& change) {
  const int status = change.count > 0 ? kExitOk : kExitDiffers;
  const std::string command = "events " + change.command;
  if (options.json) {
    JsonWriter json = json_of_command(command);
    json.member("count", change.count).member("id", text_or_null(options.id));
    json.member("sink", text_or_null(options.sink)).member("dry_run", options.dry_run);
    return write_output(command, json_line(std::move(json)), status);
  }
  if (change.count == 0) return report_events(change.command, change.sentence, status);
  std::string text = change.sentence;
  if (change.sends) {
    const auto dispatcher = SpoolLock::holder(options.spool);
    if (dispatcher && !*dispatcher) text += "; plivo-diald is not running, it sends when it runs";
  }
  return write_output(command, printable(text) + ".\n", status);
}

// The store, with --sink checked and --id completed. The exit status instead when that fails.
int open_for(const std::string& command, ChangeOptions& options, Database::Access access,
             std::unique_ptr<OperatorStore>* store) {
  auto opened = open_events_store_of(options, access);
  if (!opened) return report_events(command, opened.error().message, kExitNoAccess);
  *store = std::move(*opened);
  if (const Result<void> known = check_sink_name(**store, options.sink); !known) {
    return report_events(command, known.error().message, kExitUsage);
  }
  if (options.id.empty()) return kExitOk;
  const Result<IdSearch> found = find_event_id(**store, options.id);
  if (!found) return report_events(command, found.error().message, kExitNoAccess);
  if (found->id.empty()) return report_events(command, found->message, found->exit_status());
  options.id = found->id;
  return kExitOk;
}

int report_store_error(const std::string& command, const OperatorStore& store, const Error& error) {
  return report_events(command, store_error(store, error).message, kExitNoAccess);
}

std::string at_sink(const std::string& sink) {
  return sink.empty() ? "" : " at sink " + sink;
}

int run_retry(ChangeOptions& options) {
  std::unique_ptr<OperatorStore> store;
  if (const int status = open_for("retry", options, Database::Access::kChange, &store)) {
    return status;
  }
  const auto count = store->retry(options.id, options.sink, now_us());
  if (!count) return report_store_error("retry", *store, count.error());
  Change change{"retry", *count, "event " + options.id, true};
  if (*count > 0) {
    change.sentence += " is tried now at " + counted(*count, "sink");
  } else {
    change.sentence += " neither waits nor is a dead letter" + at_sink(options.sink) +
                       "; what was delivered goes once more by plivo-dialctl events replay";
  }
  return tell(options, change);
}

Result<AcceptedBetween> period_of(const ChangeOptions& options, std::int64_t now) {
  AcceptedBetween when;
  const Result<std::int64_t> since = parse_time(options.since, now);
  if (!since) return Error{"--since: " + since.error().message};
  when.since_us = *since;
  if (options.until.empty()) return when;
  const Result<std::int64_t> until = parse_time(options.until, now);
  if (!until) return Error{"--until: " + until.error().message};
  if (*until <= *since) return Error{"--until is not behind --since: nothing lies between them"};
  when.until_us = *until;
  return when;
}

int run_replay(ChangeOptions& options) {
  const std::int64_t now = now_us();
  const Result<AcceptedBetween> when = period_of(options, now);
  if (!when) return report_events("replay", when.error().message, kExitUsage);
  const auto access = options.dry_run ? Database::Access::kRead : Database::Access::kChange;
  std::unique_ptr<OperatorStore> store;
  if (const int status = open_for("replay", options, access, &store)) return status;
  const auto count = options.dry_run ? store->count_replay(options.sink, *when)
                                     : store->replay(options.sink, *when, now);
  if (!count) return report_store_error("replay", *store, count.error());
  const std::string until = options.until.empty() ? "" : " and before " + time_text(when->until_us);
  const std::string go = options.dry_run ? " would go" : *count == 1 ? " goes" : " go";
  Change change{"replay", *count, "", !options.dry_run};
  change.sentence = counted(*count, "event") + " accepted since " + time_text(when->since_us) +
                    until + go + " to sink " + options.sink + " once more";
  return tell(options, change);
}

// ---- Dead letters.

// One of ID and --all.
Result<void> check_choice(const ChangeOptions& options) {
  if (options.id.empty() == options.all) return {};
  return Error{options.all ? "give an ID or --all, not both"
                           : "give the ID of one (plivo-dialctl events dead list), or --all"};
}

// Unlike OperatorStore::retry() leaves alone what waits.
Result<std::uint64_t> retry_letters(OperatorStore& store, const ChangeOptions& options) {
  if (options.all) return store.retry_dead(options.sink, now_us());
  const Result<std::vector<DeliveryRow>> rows = store.deliveries(options.id);
  if (!rows) return rows.error();
  std::uint64_t count = 0;
  for (const DeliveryRow& row : *rows) {
    const bool wanted = options.sink.empty() || row.sink == options.sink;
    if (row.state != DeliveryState::kDead || !wanted) continue;
    const Result<std::uint64_t> sent = store.retry(options.id, row.sink, now_us());
    if (!sent) return sent.error();
    count += *sent;
  }
  return count;
}

int run_dead(const std::string& command, ChangeOptions& options, bool drop) {
  if (const Result<void> checked = check_choice(options); !checked) {
    return report_events(command, checked.error().message, kExitUsage);
  }
  std::unique_ptr<OperatorStore> store;
  if (const int status = open_for(command, options, Database::Access::kChange, &store)) {
    return status;
  }
  const Result<std::uint64_t> count = !drop         ? retry_letters(*store, options)
                                      : options.all ? store->drop_all_dead(options.sink)
                                                    : store->drop_dead(options.id, options.sink);
  if (!count) return report_store_error(command, *store, count.error());
  const std::string which =
      (options.id.empty() ? "" : " of event " + options.id) + at_sink(options.sink);
  Change change{command, *count, "there is no dead letter" + which, !drop};
  if (*count > 0) {
    change.sentence = counted(*count, "dead letter") + which + (*count == 1 ? " is " : " are ") +
                      (drop ? "removed" : "tried now");
  }
  return tell(options, change);
}

void add_common_options(Command& command, ChangeOptions& options) {
  add_spool_option(command, options);
  add_json_option(command, options, "Print one JSON object: count, id, sink, dry_run");
}

Option& add_id(Command& command, ChangeOptions& options) {
  return command.option("ID", options.id, "The event's ID, or its first 8 characters or more");
}

void add_dead_change(Command& dead, const std::string& name, const char* help,
                     const char* all_help) {
  Command& command = dead.subcommand(name, help);
  const auto options = std::make_shared<ChangeOptions>();
  add_id(command, *options);
  command.flag("--all", options->all, all_help);
  command.option("--sink", options->sink, "Only at this sink").type_name("NAME");
  add_common_options(command, *options);
  command.footer(std::string(kEventsExits));
  const bool drop = name == "drop";
  command.runs([options, name, drop] { return run_dead("dead " + name, *options, drop); });
}

}  // namespace

void add_events_retry(Command& events) {
  Command& retry = events.subcommand(
      "retry", "Try an event that waits or is a dead letter now, and begin its schedule anew");
  const auto options = std::make_shared<ChangeOptions>();
  add_id(retry, *options).required();
  retry.option("--sink", options->sink, "Only at this sink").type_name("NAME");
  add_common_options(retry, *options);
  retry.footer(std::string(kEventsExits));
  retry.runs([options] { return run_retry(*options); });
}

void add_events_replay(Command& events) {
  Command& replay = events.subcommand(
      "replay", "Send to a sink what was accepted since a time once more, delivered or not");
  const auto options = std::make_shared<ChangeOptions>();
  replay
      .option("--since", options->since,
              "Accepted then or later: 2026-11-20T09:15:02Z, 90s, 15m, 2h, 3d")
      .required()
      .type_name("TIME");
  replay.option("--until", options->until, "Accepted before; until now unless given")
      .type_name("TIME");
  replay.option("--sink", options->sink, "Where to").required().type_name("NAME");
  replay.flag("--dry-run", options->dry_run, "Tell the number, and send nothing");
  add_common_options(replay, *options);
  replay.footer(
      "Only what is still kept can go: events are forgotten with their segments, a day after every "
      "sink has had them. What waits anyway is not counted. A repetition has the same id, and "
      "PLIVO_ATTEMPT above 1.\n\n" +
      std::string(kEventsExits));
  replay.runs([options] { return run_replay(*options); });
}

void add_events_dead(Command& events) {
  Command& dead = events.subcommand(
      "dead", "Dead letters: events that a sink refused, or failed to take for too long");
  dead.needs_command();
  Command& list = dead.subcommand("list", "All of them, and why they are");
  const auto options = std::make_shared<ListOptions>();
  options->state = "dead";
  options->nothing = "there is no dead letter";
  add_list_options(list, "dead list", options);
  add_dead_change(dead, "retry", "Try one, or all, now", "All dead letters");
  add_dead_change(dead, "drop", "Remove one, or all, for ever: they do not get to their sink",
                  "All dead letters; this cannot be undone");
}

}  // namespace plivo_dial::ctl
