// SPDX-License-Identifier: Apache-2.0
#include "lib/event/event_outline.h"

#include <charconv>

#include "lib/event/canonical_line.h"
#include "lib/event/event_fields.h"
#include "lib/event/json.h"
#include "lib/event/make_event.h"
#include "lib/json/json_scanner.h"
#include "lib/webhook/endpoint.h"

namespace plivo_dial {
namespace {

std::string outline_text(std::string_view written) {
  std::string text;
  append_unescaped(written, text);
  return text;
}

// Of the fields that are told apart by who may have them.
void set_outlined(const EventField& field, std::string_view value, EventOutline& outline) {
  if (value.empty() || value == "null") return;
  if (field.text == &Event::b_leg) outline.b_leg = outline_text(value.substr(1, value.size() - 2));
  Event::Number* const number = field.number == &Event::duration ? &outline.duration
                                : field.number == &Event::stage  ? &outline.stage
                                                                 : nullptr;
  if (number == nullptr) return;
  std::from_chars(value.data(), value.data() + value.size(), number->emplace());
}

EventOutline outline_of_line(const CanonicalLine& line) {
  EventOutline outline;
  outline.id = line.id;
  outline.received_us = line.received_us;
  outline.name = outline_text(line.event);
  outline.of_flow = line.endpoint == to_string(Endpoint::kEvent);
  if (line.call) outline.call = outline_text(*line.call);
  const auto fields = event_fields();
  for (std::size_t i = 0; i < fields.size(); ++i) set_outlined(fields[i], line.fields[i], outline);
  return outline;
}

}  // namespace

Result<EventOutline> outline_of(std::string_view json) {
  if (const auto line = read_canonical_line(json)) return outline_of_line(*line);
  const Result<Event> event = event_from_json(json);
  if (!event) return event.error();
  return outline_of(*event);
}

EventOutline outline_of(const Event& event) {
  return {.id = event.id,
          .received_us = event.received_us,
          .name = event.event,
          .of_flow = is_of_flow(event),
          .call = event.call,
          .b_leg = event.b_leg,
          .duration = event.duration,
          .stage = event.stage};
}

}  // namespace plivo_dial
