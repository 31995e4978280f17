// SPDX-License-Identifier: Apache-2.0
#include "lib/event/delivered_line.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "lib/event/canonical_line.h"
#include "lib/event/id.h"
#include "lib/event/json.h"

namespace plivo_dial {
namespace {

// What stands between the parts, at most: a number of 64 bits, late and attempt.
constexpr std::size_t kMostPutIn = 64;

void append_natural(std::uint64_t number, std::string& out) {
  std::array<char, 20> digits;
  const auto written = std::to_chars(digits.begin(), digits.end(), number);
  out.append(digits.begin(), written.ptr);
}

void splice(const CanonicalLine& line, std::uint64_t seq, bool late, unsigned attempt,
            std::string& out) {
  out.append(line.before_seq);
  append_natural(seq, out);
  out.append(line.behind_seq);
  if (late) out.append(",\"late\":true");
  if (attempt > 1) {
    out.append(",\"attempt\":");
    append_natural(attempt, out);
  }
  out.append(line.rest);
}

}  // namespace

bool append_delivered_line(std::string_view json, std::uint64_t seq, bool late, unsigned attempt,
                           std::string& out) {
  if (const auto line = read_canonical_line(json)) {
    splice(*line, seq, late, attempt, out);
    return true;
  }
  Result<Event> event = event_from_json(json);
  if (!event) return false;
  event->seq = seq;
  event->late = late;
  event->attempt = attempt;
  out.append(to_json(*event));
  return true;
}

std::string delivered_line(std::string_view json, std::uint64_t seq, bool late, unsigned attempt) {
  std::string line;
  line.reserve(json.size() + kMostPutIn);
  return append_delivered_line(json, seq, late, attempt, line) ? line : std::string();
}

std::string spooled_line(std::string_view json, std::uint64_t seq) {
  constexpr std::string_view kId = R"({"v":1,"id":")";
  constexpr std::string_view kSeq = R"(","seq":)";
  constexpr std::size_t kPlace = kId.size() + kEventIdLength + kSeq.size();
  const bool is_usual = json.starts_with(kId) && json.substr(0, kPlace).ends_with(kSeq) &&
                        json.substr(std::min(kPlace, json.size())).starts_with("0,");
  if (!is_usual) return delivered_line(json, seq, false, 1);
  std::string line;
  line.reserve(json.size() + kMostPutIn);
  line.append(json.substr(0, kPlace));
  append_natural(seq, line);
  line.append(json.substr(kPlace + 1));
  return line;
}

}  // namespace plivo_dial
