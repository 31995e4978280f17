// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/events_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>

#include "lib/base/in_quotes.h"
#include "lib/base/timestamp.h"
#include "lib/json/json_value.h"
#include "mod_plivo_dial/ctl/printable.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kMinuteUs = 60 * kSecondUs;
constexpr std::int64_t kHourUs = 60 * kMinuteUs;
constexpr std::int64_t kDayUs = 24 * kHourUs;
constexpr std::int64_t kMostSpan = 36'500;  // of any unit; no span overflows

std::int64_t unit_of(char letter) {
  switch (letter) {
    case 's':
      return kSecondUs;
    case 'm':
      return kMinuteUs;
    case 'h':
      return kHourUs;
    case 'd':
      return kDayUs;
    default:
      return 0;
  }
}

// Characters of UTF-8.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  }));
}

}  // namespace

std::int64_t now_us() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::string span_text(std::int64_t us) {
  if (us < 2 * kMinuteUs) return std::to_string(us / kSecondUs) + " s";
  if (us < 2 * kHourUs) return std::to_string(us / kMinuteUs) + " min";
  if (us < 2 * kDayUs) return std::to_string(us / kHourUs) + " h";
  return std::to_string(us / kDayUs) + " d";
}

std::string time_text(std::int64_t us) {
  return format_timestamp(us).substr(0, 19) + "Z";
}

std::string time_text(std::int64_t us, std::int64_t now) {
  const std::string span = us > now ? "in " + span_text(us - now) : span_text(now - us) + " ago";
  return time_text(us) + " (" + span + ")";
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + " bytes";
  constexpr std::array<const char*, 4> kUnits = {"KiB", "MiB", "GiB", "TiB"};
  double size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < kUnits.size(); ++unit) size /= 1024;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f %s", size, kUnits[unit]);
  return text.data();
}

std::string remedy_for_dispatcher(DispatcherStart start) {
  const std::string of_unit =
      "systemctl enable --now plivo-diald; its log: journalctl -u plivo-diald";
  switch (start) {
    case DispatcherStart::kHttpd:
      return "httpd starts it, see PlivoDispatcher and httpd's error log";
    case DispatcherStart::kUnit:
      return "with PlivoDispatcher External httpd does not start it: " + of_unit;
    case DispatcherStart::kUnknown:
      break;
  }
  return "httpd starts it, see httpd's error log; with PlivoDispatcher External it is a unit: " +
         of_unit;
}

std::string counted(std::uint64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

namespace {

std::optional<std::int64_t> read_span(std::string_view text) {
  std::int64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, count);
  const std::int64_t unit = stopped + 1 == end ? unit_of(*stopped) : 0;
  const std::int64_t most = kMostSpan * kDayUs / std::max<std::int64_t>(unit, 1);
  const bool good = error == std::errc() && unit > 0 && count >= 0 && count <= most;
  return good ? std::optional(count * unit) : std::nullopt;
}

}  // namespace

Result<std::int64_t> parse_span(std::string_view text) {
  if (const auto span = read_span(text)) return *span;
  return Error{in_quotes(text) + " is no span of time; write 90s, 15m, 2h or 3d"};
}

Result<std::int64_t> parse_time(std::string_view text, std::int64_t now) {
  if (const auto time = parse_timestamp(text)) return *time;
  if (const auto span = read_span(text)) return now - *span;
  return Error{in_quotes(text) +
               " is no time; write it in UTC as 2026-11-20T09:15:02Z, or how long ago it was: "
               "90s, 15m, 2h, 3d"};
}

std::string_view state_name(DeliveryState state) {
  switch (state) {
    case DeliveryState::kWaiting:
      return "waiting";
    case DeliveryState::kDelivered:
      return "delivered";
    case DeliveryState::kDead:
      return "dead";
  }
  return "unknown";
}

void TextTable::add(std::vector<TableCell> cells) {
  for (TableCell& cell : cells) cell.text = printable(cell.text);
  rows_.push_back(std::move(cells));
}

std::string TextTable::text(bool colours) const {
  std::vector<std::size_t> widths;
  for (const std::vector<TableCell>& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(row[i].text));
    }
  }
  std::string out;
  for (const std::vector<TableCell>& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto& [cell, colour] = row[i];
      line += painted(colours && !cell.empty() ? colour : Colour::kNone, cell) +
              std::string(widths[i] - width_of(cell) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

JsonWriter json_of_command(std::string_view command) {
  constexpr int kVersion = 1;
  JsonWriter json(JsonWriter::Charset::kAscii);
  json.begin_object().member("v", kVersion).member("command", command);
  return json;
}

std::string json_line(JsonWriter json) {
  return json.end_object().take() + "\n";
}

std::string pretty_json(std::string_view json) {
  const std::optional<JsonDocument> document = JsonDocument::parse(json);
  const std::string text = document ? document->root().print_indented(2) : std::string(json);
  std::string line, out;
  for (const char byte : text + "\n") {
    if (byte == '\n') {
      out += printable(line) + "\n";
      line.clear();
    } else if (byte == '\x7F') {
      line += "\\u007f";  // JSON has no \x7f
    } else {
      line += byte;
    }
  }
  return out;
}

void put_sink(const DeliveryRow& row, JsonWriter& json) {
  const bool waits = row.state == DeliveryState::kWaiting && row.next_ms > 0;
  json.begin_object().member("name", row.sink).member("state", state_name(row.state));
  json.member("attempts", row.attempts);
  json.member("next", waits ? std::optional(format_timestamp(row.next_ms * 1000)) : std::nullopt);
  json.member("error", row.error).end_object();
}

void put_event(const DeliveryRow& row, JsonWriter& json) {
  json.member("id", row.event_id).member("seq", row.seq).member("event", row.name);
  json.member("call", row.call).member("from", row.from).member("to", row.to);
  json.member("status", row.status).member("accepted", format_timestamp(row.accepted_us));
  json.member("late", row.late);
}

}  // namespace plivo_dial::ctl
