// SPDX-License-Identifier: Apache-2.0
#include "lib/event/syslog_line.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <utility>
#include <vector>

#include "lib/base/timestamp.h"
#include "lib/event/event_fields.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kLongValueBytes = 256;
constexpr std::size_t kMaxTagBytes = 32;

struct Pair {
  std::string_view key;
  std::string value;  // quoted as needed
  int left_out = 0;   // by which number, when it is long
};

bool is_printable(char c) {
  return c >= 0x20 && c <= 0x7e;
}

bool needs_quotes(std::string_view value) {
  return std::any_of(value.begin(), value.end(), [](char c) {
    return !is_printable(c) || c == ' ' || c == '"' || c == '=' || c == '\\';
  });
}

// `value` with escapes, cut behind the last character that fits into `limit` bytes.
std::string as_value(std::string_view value, std::size_t limit = std::string::npos) {
  if (!needs_quotes(value)) return std::string(value.substr(0, limit));
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    const std::size_t length = !is_printable(c) ? 4 : (c == '"' || c == '\\') ? 2 : 1;
    if (out.size() + length + 1 > limit) break;
    if (length == 4) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
      continue;
    }
    if (length == 2) out += '\\';
    out += c;
  }
  out += '"';
  return out;
}

class PairList {
  static constexpr int kNever = std::numeric_limits<int>::max();

 public:
  void add(std::string_view key, const Event::Text& value, int left_out = 0) {
    if (value) pairs_.push_back({key, as_value(*value), left_out});
  }
  void add_required(std::string_view key, std::string_view value) {
    std::string shown = as_value(value);
    if (shown.size() > kLongValueBytes) {
      shown = as_value(value, kLongValueBytes);
      left_out_.emplace_back(key);
    }
    pairs_.push_back({key, std::move(shown), 0});
  }

  // Leaves out long values until the line fits into `limit` bytes. The status goes last: it is what
  // the line is for.
  void fit(std::size_t limit) {
    while (size() > limit) {
      const auto turn = [](const Pair& pair) {
        return pair.value.size() > kLongValueBytes ? pair.left_out : kNever;
      };
      const auto next = std::ranges::min_element(pairs_, {}, turn);
      if (turn(*next) == kNever) return;
      left_out_.emplace_back(next->key);
      pairs_.erase(next);
    }
  }

  const std::vector<std::string>& left_out() const { return left_out_; }

  std::string join() const {
    std::string line;
    line.reserve(size());
    for (const Pair& pair : pairs_) {
      if (!line.empty()) line += ' ';
      line.append(pair.key).append("=").append(pair.value);
    }
    return line;
  }

 private:
  std::size_t size() const {
    std::size_t bytes = 0;
    for (const Pair& pair : pairs_) bytes += pair.key.size() + pair.value.size() + 2;
    return bytes;
  }

  std::vector<Pair> pairs_;
  std::vector<std::string> left_out_;
};

}  // namespace

std::string to_key_value(const Event& event, std::vector<std::string>* left_out) {
  PairList pairs;
  pairs.add("received", format_timestamp(event.received_us));
  pairs.add_required("event", event.event);
  pairs.add_required("call", event.call.value_or(""));
  int last_place = 0;
  for (const EventField* field : fields_of_lines()) {
    const Event::Text value = as_text(*field, event);
    if (!value || field->line_place == last_place) continue;
    pairs.add(field->line_key, value, field->left_out_of_line);
    last_place = field->line_place;
  }
  // Leaves room for truncated=true, attempt and the id.
  pairs.fit(kMaxKeyValue - kLongValueBytes - 56);
  PairList end;
  if (event.attempt > 1) end.add("attempt", std::to_string(event.attempt));
  end.add_required("id", event.id);
  std::vector<std::string> missing = pairs.left_out();
  missing.insert(missing.end(), end.left_out().begin(), end.left_out().end());
  std::string line = pairs.join();
  if (!missing.empty()) line += " truncated=true";
  if (left_out != nullptr) *left_out = std::move(missing);
  return line + " " + end.join();
}

std::string to_text(const SyslogHeader& header) {
  // Not by strftime: month names are English here whatever the locale.
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto month = static_cast<std::size_t>(std::clamp(header.time.tm_mon, 0, 11));
  std::array<char, 64> start{};
  std::snprintf(start.data(), start.size(), "<%d>%s %2d %02d:%02d:%02d ",
                std::clamp(header.facility, 0, 23) * 8 + std::clamp(header.severity, 0, 7),
                kMonths[month], std::clamp(header.time.tm_mday, 1, 31),
                std::clamp(header.time.tm_hour, 0, 23), std::clamp(header.time.tm_min, 0, 59),
                std::clamp(header.time.tm_sec, 0, 60));
  std::string line = start.data();
  for (const char c : header.tag.substr(0, kMaxTagBytes)) {
    line += is_printable(c) && c != ' ' && c != '[' && c != ':' ? c : '_';
  }
  return line + "[" + std::to_string(header.pid) + "]: ";
}

std::string to_syslog_line(const Event& event, const SyslogHeader& header) {
  return to_text(header) + to_key_value(event);
}

}  // namespace plivo_dial
