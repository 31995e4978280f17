// SPDX-License-Identifier: Apache-2.0
#include "lib/event/environment.h"

#include <algorithm>
#include <string_view>

#include "lib/base/text.h"
#include "lib/event/event_fields.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kMaxValueBytes = 128;

bool is_harmless(std::string_view value) {
  return value.size() <= kMaxValueBytes && std::all_of(value.begin(), value.end(), [](char c) {
           return is_letter_or_digit(c) ||
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
  for (const EventField& field : event_fields()) {
    if (!field.variable.empty()) add(field.variable, as_text(field, event));
  }
  add("PLIVO_ATTEMPT", std::to_string(event.attempt));
  return environment;
}

}  // namespace plivo_dial
