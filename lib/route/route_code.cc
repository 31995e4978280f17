// SPDX-License-Identifier: Apache-2.0
#include "lib/route/route_code.h"

namespace plivo_dial {
namespace {

// The first byte; another one for another meaning of those behind it.
constexpr char kRouteFormat = 1;

// The second byte: the caller id's kind, and what is said of voicemail.
constexpr unsigned kCallerIdBits = 3;
constexpr unsigned kVoicemailShift = 2;
constexpr unsigned kVoicemailOff = 1;
constexpr unsigned kVoicemailOn = 2;

// Seven bits a byte, the lowest first; the eighth says that more follow.
void append_number(std::uint32_t number, std::string& out) {
  for (; number >= 0x80; number >>= 7) out += static_cast<char>((number & 0x7F) | 0x80);
  out += static_cast<char>(number);
}

void append_text(std::string_view text, std::string& out) {
  append_number(static_cast<std::uint32_t>(text.size()), out);
  out += text;
}

// Takes what was appended off the front of `rest`; false, and nothing is said about `rest`, where
// it is not there.
bool take_number(std::string_view& rest, std::uint32_t& number) {
  std::uint64_t sum = 0;
  for (unsigned shift = 0; shift < 35 && !rest.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    sum |= std::uint64_t{byte & 0x7Fu} << shift;
    if (byte >= 0x80) continue;
    number = static_cast<std::uint32_t>(sum);
    return sum == number;
  }
  return false;
}

bool take_text(std::string_view& rest, std::string_view& text) {
  std::uint32_t size = 0;
  if (!take_number(rest, size) || size > rest.size()) return false;
  text = rest.substr(0, size);
  rest.remove_prefix(size);
  return true;
}

bool take_flags(unsigned flags, RouteView& route) {
  const unsigned voicemail = flags >> kVoicemailShift;
  if (voicemail > kVoicemailOn) return false;
  route.caller_id = static_cast<CallerId::Kind>(flags & kCallerIdBits);
  if (voicemail != 0) route.voicemail = voicemail == kVoicemailOn;
  return true;
}

// Whether `rest` is that many texts that are not empty, and nothing else.
bool are_texts(std::string_view rest, std::uint32_t count) {
  for (std::string_view text; count > 0; --count) {
    if (!take_text(rest, text) || text.empty()) return false;
  }
  return rest.empty();
}

}  // namespace

std::string_view RouteTargets::take_first() {
  std::string_view first;
  if (count_ > 0 && take_text(bytes_, first)) --count_;
  return first;
}

std::string encode_route(const Route& route) {
  unsigned flags = static_cast<unsigned>(route.caller_id.kind);
  if (route.voicemail) {
    flags |= (*route.voicemail ? kVoicemailOn : kVoicemailOff) << kVoicemailShift;
  }
  std::string out{kRouteFormat, static_cast<char>(flags)};
  append_number(route.line, out);
  append_number(route.timeout, out);
  append_text(route.caller_id.number, out);
  append_text(route.schedule, out);
  append_text(route.plan, out);
  append_number(static_cast<std::uint32_t>(route.targets.size()), out);
  for (const Target& target : route.targets) append_text(target.address, out);
  return out;
}

std::optional<RouteView> decode_route(std::string_view bytes) {
  RouteView route;
  if (bytes.size() < 2 || bytes[0] != kRouteFormat) return std::nullopt;
  if (!take_flags(static_cast<unsigned char>(bytes[1]), route)) return std::nullopt;
  std::string_view rest = bytes.substr(2);
  const bool whole = take_number(rest, route.line) && take_number(rest, route.timeout) &&
                     take_text(rest, route.caller_number) && take_text(rest, route.schedule) &&
                     take_text(rest, route.plan) && take_number(rest, route.targets.count_);
  if (!whole || !are_texts(rest, route.targets.count_)) return std::nullopt;
  route.targets.bytes_ = rest;
  return route;
}

Route to_route(const RouteView& view) {
  Route route;
  for (RouteTargets rest = view.targets; rest.size() > 0;) {
    const std::string_view address = rest.take_first();
    const bool user = !address.starts_with('+');
    route.targets.push_back(
        {user ? Target::Kind::kUser : Target::Kind::kNumber, std::string(address), {}});
  }
  route.caller_id = {view.caller_id, std::string(view.caller_number)};
  route.schedule = view.schedule;
  route.voicemail = view.voicemail;
  route.plan = view.plan;
  route.timeout = view.timeout;
  route.line = view.line;
  return route;
}

}  // namespace plivo_dial
