// SPDX-License-Identifier: Apache-2.0
#include "lib/event/environment.h"
#include "lib/base/text.h"

#include <algorithm>
#include <string_view>

namespace plivo_dial {
namespace {

constexpr std::size_t kMaxValueBytes = 128;

bool is_harmless(std::string_view value) {
  return value.size() <= kMaxValueBytes && std::all_of(value.begin(), value.end(), [](char c) {
           return is_digit(c) || is_letter(c) ||
                  std::string_view("._:+@-").find(c) != std::string_view::npos;
         });
}

}  // namespace

std::vector<std::string> event_environment(const Event& event) {
  std::vector<std::string> environment;
  const auto add = [&environment](std::string_view name, const Event::Text& value) {
    if (!value || !is_harmless(*value)) return;
    environment.push_back(std::string(name) + "=" + *value);
  };
  add("PLIVO_EVENT", event.event);
  add("PLIVO_EVENT_ID", event.id);
  add("PLIVO_CALL", event.call);
  add("PLIVO_DIAL_STATUS", event.dial_status);
  add("PLIVO_NEXT", event.next);
  if (event.dial_ring_status) {
    add("PLIVO_DIAL_RING_STATUS", *event.dial_ring_status ? "true" : "false");
  }
  add("PLIVO_DIAL_HANGUP_CAUSE", event.dial_hangup_cause);
  add("PLIVO_CAUSE_SIDE", event.cause_side);
  add("PLIVO_DIAL_A_LEG", event.a_leg);
  add("PLIVO_DIAL_B_LEG", event.b_leg);
  add("PLIVO_CALL_STATUS", event.call_status);
  add("PLIVO_FROM", event.from);
  add("PLIVO_TO", event.to);
  add("PLIVO_DIRECTION", event.direction);
  if (event.stage) add("PLIVO_STAGE", std::to_string(*event.stage));
  add("PLIVO_ATTEMPT", std::to_string(event.attempt));
  return environment;
}

}  // namespace plivo_dial
