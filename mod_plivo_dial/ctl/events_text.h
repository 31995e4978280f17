// File: mod_plivo_dial/ctl/events_text.h
//
// Times, sizes and tables as `plivo-dialctl events` writes them for people, and times as people
// write them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/json/json_writer.h"
#include "lib/operators/operator_store.h"
#include "mod_plivo_dial/ctl/terminal.h"

namespace plivo_dial::ctl {

// Microseconds since 1970-01-01 UTC, as all times here.
std::int64_t now_us();

// "2026-11-20T09:15:02Z (3 min ago)"; a time to come: "... (in 20 s)".
std::string time_text(std::int64_t us, std::int64_t now);

// The time without what is in brackets.
std::string time_text(std::int64_t us);

// "20 s", "3 min", "5 h", "2 d".
std::string span_text(std::int64_t us);

// "512 bytes", "1.5 KiB", "3.0 GiB".
std::string size_text(std::uint64_t bytes);

// Who starts plivo-diald, as PlivoDispatcher says.
enum class DispatcherStart {
  kUnknown,  // httpd's configuration is not at hand
  kHttpd,
  kUnit,
};

// What to do when it does not run: the end of a sentence.
std::string remedy_for_dispatcher(DispatcherStart start);

// "1 event", "2 events".
std::string counted(std::uint64_t count, const std::string& what);

// Reads a span such as 90s, 15m, 2h, 3d, in microseconds. The error quotes `text` and says what is
// right.
Result<std::int64_t> parse_span(std::string_view text);

// Reads 2026-11-20T09:15:02Z, or a span before `now` such as 90s, 15m, 2h, 3d. The error quotes
// `text` and says what is right.
Result<std::int64_t> parse_time(std::string_view text, std::int64_t now);

std::string_view state_name(DeliveryState state);

struct TableCell {
  TableCell(const char* what) : text(what) {}
  TableCell(std::string what, Colour in = Colour::kNone) : text(std::move(what)), colour(in) {}

  std::string text;
  Colour colour = Colour::kNone;
};

// Lines of aligned columns, two blanks between them, made safe for a terminal.
class TextTable {
 public:
  explicit TextTable(std::vector<TableCell> titles) { add(std::move(titles)); }
  void add(std::vector<TableCell> cells);
  std::string text(bool colours = false) const;

 private:
  std::vector<std::vector<TableCell>> rows_;
};

// The JSON of each --json: one object in one line of ASCII with a line feed, which begins with
// {"v":1,"command":"events list"}. Members are added to one version, and none is taken out or
// changed; see the manual, "JSON". Between the two come the members.
JsonWriter json_of_command(std::string_view command);
std::string json_line(JsonWriter json);

// `json` over several lines for a terminal, valid JSON.
std::string pretty_json(std::string_view json);

// How a sink stands to an event: {"name","state","attempts","next","error"}. state is waiting,
// delivered or dead; next is the time before which no attempt is made, or null.
void put_sink(const DeliveryRow& row, JsonWriter& json);

// Members of the event of `row`, as far as a list tells it:
//   "id","seq","event","call","from","to","status","accepted","late"
// call, from, to and status are null where there is none.
void put_event(const DeliveryRow& row, JsonWriter& json);

}  // namespace plivo_dial::ctl
