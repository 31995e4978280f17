// SPDX-License-Identifier: Apache-2.0
#include "lib/event/delivered_line.h"

#include <array>
#include <charconv>

#include "lib/event/canonical_line.h"
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

}  // namespace plivo_dial
