// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/events/events_list.h"

#include <optional>
#include <span>

#include "lib/base/in_quotes.h"
#include "lib/base/without_plus.h"
#include "lib/event/json.h"
#include "lib/json/json_writer.h"
#include "lib/plan/target.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/events/events_command.h"
#include "mod_plivo_dial/ctl/events_text.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/standard_io.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::size_t kUuidLength = 36;
constexpr std::size_t kShownOfUuid = 8;

// When it is tried next, and why it is not there.
std::string remark_of(const DeliveryRow& row, std::int64_t now) {
  std::string remark;
  if (row.state == DeliveryState::kWaiting && row.next_ms > 0) {
    remark = "next " + time_text(row.next_ms * 1000, now);
  }
  if (row.error.empty() || row.state == DeliveryState::kDelivered) return remark;
  return remark + (remark.empty() ? "" : ": ") + row.error;
}

Colour colour_of_row(const DeliveryRow& row) {
  if (row.state == DeliveryState::kDead) return Colour::kRed;
  const bool failed = row.state == DeliveryState::kWaiting && row.attempts > 0;
  return failed ? Colour::kYellow : Colour::kNone;
}

// The rows of one event.
using EventRows = std::span<const DeliveryRow>;

std::vector<EventRows> by_event(const std::vector<DeliveryRow>& rows) {
  std::vector<EventRows> events;
  for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
    while (end < rows.size() && rows[end].seq == rows[begin].seq) ++end;
    events.emplace_back(rows.begin() + static_cast<std::ptrdiff_t>(begin), end - begin);
  }
  return events;
}

// "log delivered; crm waiting, 2 attempts, next ...: no database", in the colour of the worst.
TableCell sinks_cell(EventRows rows, std::int64_t now) {
  TableCell cell("");
  for (const DeliveryRow& row : rows) {
    if (!cell.text.empty()) cell.text += "; ";
    cell.text += row.sink + " " + std::string(state_name(row.state));
    const bool told = row.state != DeliveryState::kDelivered && row.attempts > 0;
    if (told) cell.text += ", " + counted(row.attempts, "attempt");
    const std::string remark = remark_of(row, now);
    if (!remark.empty()) cell.text += ", " + remark;
    if (cell.colour != Colour::kRed && colour_of_row(row) != Colour::kNone)
      cell.colour = colour_of_row(row);
  }
  return cell;
}

// The beginning of a UUID is enough for --call.
std::string call_text(const std::optional<std::string>& call) {
  if (!call) return "-";
  return call->size() == kUuidLength ? call->substr(0, kShownOfUuid) : *call;
}

std::string table_of(const std::vector<DeliveryRow>& rows, std::int64_t now) {
  TextTable table({"ACCEPTED", "ID", "EVENT", "FROM", "TO", "STATUS", "CALL", "SINKS"});
  for (const EventRows& event : by_event(rows)) {
    const DeliveryRow& row = event.front();
    table.add({time_text(row.accepted_us), row.event_id, row.name + (row.late ? " late" : ""),
               row.from.value_or("-"), row.to.value_or("-"), row.status.value_or("-"),
               call_text(row.call), sinks_cell(event, now)});
  }
  return table.text(wants_colour());
}

void put_sinks(std::span<const DeliveryRow> rows, JsonWriter& json) {
  json.key("sinks").begin_array();
  for (const DeliveryRow& row : rows) put_sink(row, json);
  json.end_array();
}

std::string list_json(const std::string& command, const std::vector<DeliveryRow>& rows, bool more) {
  JsonWriter json = json_of_command("events " + command);
  json.key("events").begin_array();
  for (const EventRows& event : by_event(rows)) {
    json.begin_object();
    put_event(event.front(), json);
    put_sinks(event, json);
    json.end_object();
  }
  json.end_array().member("more", more);
  return json_line(std::move(json));
}

// What a script's variable without a value would ask for is not all there is.
std::string refuse_empty(const std::string& value) {
  return value.empty() ? "the value is empty; leave the option out to list all" : "";
}

// Events name numbers as Plivo does, in digits alone.
Result<void> check_listed_party(const char* option, const std::string& party) {
  const bool number = party.find_first_not_of("+0123456789") == std::string::npos;
  if (number && without_plus(party).starts_with('0')) {
    return Error{std::string(option) + ": " + in_quotes(party) + " begins with 0; Plivo names " +
                 "numbers with their country code, as in 493012345678 for 030 12345678"};
  }
  if (number || party.starts_with("sip:")) return {};
  if (party.find_first_of("0123456789") == 0 || party.starts_with('+') || party.starts_with('(')) {
    if (const Result<void> checked = check_e164(party); !checked) {
      return Error{std::string(option) + ": " + checked.error().message};
    }
  }
  return {};
}

Result<void> complete_filter(ListOptions& options, std::int64_t now) {
  if (!options.since.empty()) {
    const Result<std::int64_t> since = parse_time(options.since, now);
    if (!since) return Error{"--since: " + since.error().message};
    options.filter.since_us = *since;
  }
  if (Result<void> from = check_listed_party("--from", options.filter.from); !from) return from;
  if (Result<void> to = check_listed_party("--to", options.filter.to); !to) return to;
  for (const DeliveryState state :
       {DeliveryState::kWaiting, DeliveryState::kDelivered, DeliveryState::kDead}) {
    if (options.state == state_name(state)) options.filter.state = state;
  }
  return {};
}

int run_list(const std::string& command, ListOptions& options) {
  const std::int64_t now = now_us();
  if (const Result<void> complete = complete_filter(options, now); !complete) {
    return report_events(command, complete.error().message, kExitUsage);
  }
  auto store = open_events_store_of(options, Database::Access::kRead);
  if (!store) return report_events(command, store.error().message, kExitNoAccess);
  if (const Result<void> known = check_sink_name(**store, options.filter.sink); !known) {
    return report_events(command, known.error().message, kExitUsage);
  }
  const std::size_t limit = options.filter.limit++;  // one more tells that there are more
  Result<std::vector<DeliveryRow>> rows = (*store)->list(options.filter);
  if (!rows) {
    return report_events(command, store_error(**store, rows.error()).message, kExitNoAccess);
  }
  const bool more = by_event(*rows).size() > limit;
  if (more) rows->resize(rows->size() - by_event(*rows).back().size());
  const int status = rows->empty() ? kExitDiffers : kExitOk;
  if (options.json) {
    return write_output("events " + command, list_json(command, *rows, more), status);
  }
  if (rows->empty()) return report_events(command, options.nothing, status);
  const std::string text =
      table_of(*rows, now) + (more ? "There are older ones: --limit gives more.\n" : "");
  return write_output("events " + command, text, status);
}

struct ShowOptions : EventsOptions {
  std::string id;
};

std::string show_text(const Event& event, const std::vector<DeliveryRow>& rows) {
  const std::string text = pretty_json(to_json(event)) + "\n";
  if (rows.empty()) return text + "No sink takes it.\n";
  TextTable table({"SINK", "STATE", "ATTEMPTS", "REMARK"});
  const std::int64_t now = now_us();
  for (const DeliveryRow& row : rows) {
    table.add({row.sink, TableCell(std::string(state_name(row.state)), colour_of_row(row)),
               std::to_string(row.attempts), remark_of(row, now)});
  }
  return text + table.text(wants_colour());
}

int run_show(ShowOptions& options) {
  auto store = open_events_store_of(options, Database::Access::kRead);
  if (!store) return report_events("show", store.error().message, kExitNoAccess);
  const Result<IdSearch> found = find_event_id(**store, options.id);
  if (!found) return report_events("show", found.error().message, kExitNoAccess);
  if (found->id.empty()) return report_events("show", found->message, found->exit_status());
  const auto event = (*store)->event(found->id);
  const auto rows = (*store)->deliveries(found->id);
  if (!event || !rows) {
    const Error& error = event ? rows.error() : event.error();
    return report_events("show", store_error(**store, error).message, kExitNoAccess);
  }
  if (!*event) return report_events("show", "it was forgotten just now", kExitDiffers);
  if (!options.json) return write_output("events show", show_text(**event, *rows), kExitOk);
  JsonWriter json = json_of_command("events show");
  json.key("event").raw(to_json(**event, JsonWriter::Charset::kAscii));
  put_sinks(*rows, json);
  return write_output("events show", json_line(std::move(json)), kExitOk);
}

}  // namespace

void add_list_options(Command& command, const std::string& name,
                      const std::shared_ptr<ListOptions>& options) {
  add_spool_option(command, *options);
  add_json_option(command, *options, "Print one JSON object: events, each with its sinks; more");
  command.option("--sink", options->filter.sink, "Only this sink")
      .type_name("NAME")
      .check(&refuse_empty);
  command
      .option("--call", options->filter.call,
              "Only this call: its CallUUID, or the beginning of it")
      .type_name("UUID")
      .check(&refuse_empty);
  command
      .option("--from", options->filter.from,
              "Only calls from this number or SIP user; with or without +")
      .type_name("NUMBER")
      .check(&refuse_empty);
  command.option("--to", options->filter.to, "Only calls to this number or SIP user")
      .type_name("NUMBER")
      .check(&refuse_empty);
  command
      .option("--since", options->since,
              "Only what was accepted since then: 2026-11-20T09:15:02Z, 90s, 15m, 2h, 3d")
      .type_name("TIME");
  command.option("--limit", options->filter.limit, "At most so many events")
      .range(1, 1'000'000)
      .shows_default()
      .type_name("N");
  command.footer(
      "Newest first; one line for each event. STATUS is the dial status, or else that of the call. "
      "Of "
      "a CallUUID the first 8 characters are shown.\n\n" +
      std::string(kEventsExits));
  command.runs([name, options] { return run_list(name, *options); });
}

void add_events_list(Command& events) {
  Command& list = events.subcommand("list", "Events, and how each sink stands to them");
  const auto options = std::make_shared<ListOptions>();
  options->nothing = "no event fits";
  list.option("--state", options->state, "Only those: waiting, delivered or dead")
      .one_of({"waiting", "delivered", "dead"})
      .type_name("STATE");
  add_list_options(list, "list", options);
}

void add_events_show(Command& events) {
  Command& show = events.subcommand("show", "One event, and how each sink stands to it");
  const auto options = std::make_shared<ShowOptions>();
  show.option("ID", options->id, "The event's ID, or its first 8 characters or more").required();
  add_spool_option(show, *options);
  add_json_option(show, *options, "Print one JSON object: event, and sinks as list --json does");
  show.footer(std::string(kEventsExits));
  show.runs([options] { return run_show(*options); });
}

}  // namespace plivo_dial::ctl
