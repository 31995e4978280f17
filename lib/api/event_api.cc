// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/api/boundary.h"
#include "lib/api/form_handle.h"
#include "lib/api/plivo_dial.h"
#include "lib/base/timestamp.h"
#include "lib/event/event.h"
#include "lib/event/event_fields.h"
#include "lib/event/json.h"
#include "lib/form/form.h"

namespace api = plivo_dial::api;

struct plivo_dial_event {
  struct Field {
    std::string_view name;  // a constant
    std::string value;
  };
  std::vector<Field> fields;
  plivo_dial_form params;
};

namespace {

using plivo_dial::Event;

std::vector<plivo_dial_event::Field> fields_of(const Event& event) {
  std::vector<plivo_dial_event::Field> fields;
  const auto add = [&fields](std::string_view name, Event::Text value) {
    if (value) fields.push_back({name, std::move(*value)});
  };
  add("id", event.id);
  add("seq", std::to_string(event.seq));
  add("received", plivo_dial::format_timestamp(event.received_us));
  add("event", event.event);
  add("endpoint", event.endpoint);
  add("call", event.call);
  add("account", event.account);
  add("verified", event.verified ? "true" : "false");
  add("node", event.node);
  if (event.late) add("late", "true");
  if (event.attempt > 1) add("attempt", std::to_string(event.attempt));
  for (const plivo_dial::EventField& field : plivo_dial::event_fields()) {
    add(field.name, as_text(field, event));
  }
  return fields;
}

// They were within the caps when the request came.
plivo_dial::Form params_of(const Event& event) {
  constexpr auto kUnlimited = std::numeric_limits<std::size_t>::max();
  plivo_dial::FormBuilder builder({kUnlimited, kUnlimited, kUnlimited});
  for (const auto& [name, value] : event.params) static_cast<void>(builder.add(name, value));
  return builder.build();
}

}  // namespace

plivo_dial_code plivo_dial_event_read(const char* line, size_t size, plivo_dial_event** event,
                                      char** error) {
  if (error != nullptr) *error = nullptr;
  if (event == nullptr || !api::is_readable(line, size)) return PLIVO_DIAL_BAD_ARGUMENT;
  return api::guarded([&] {
    const auto read = plivo_dial::delivered_event_from_json(api::view_of(line, size));
    if (!read) return api::bad_input(read.error(), error);
    *event = api::make_handle(plivo_dial_event{fields_of(*read), {params_of(*read)}});
    return PLIVO_DIAL_OK;
  });
}

void plivo_dial_event_free(plivo_dial_event* event) {
  api::free_handle(event);
}

size_t plivo_dial_event_size(const plivo_dial_event* event) {
  return event == nullptr ? 0 : event->fields.size();
}

plivo_dial_code plivo_dial_event_field(const plivo_dial_event* event, size_t index,
                                       plivo_dial_text* name, plivo_dial_text* value) {
  if (name == nullptr || value == nullptr || index >= plivo_dial_event_size(event)) {
    return PLIVO_DIAL_BAD_ARGUMENT;
  }
  *name = api::to_text(event->fields[index].name);
  *value = api::to_text(std::string_view(event->fields[index].value));
  return PLIVO_DIAL_OK;
}

plivo_dial_code plivo_dial_event_find(const plivo_dial_event* event, const char* name,
                                      plivo_dial_text* value) {
  if (event == nullptr || name == nullptr || value == nullptr) return PLIVO_DIAL_BAD_ARGUMENT;
  return api::guarded([&] {
    const auto found =
        std::ranges::find(event->fields, std::string_view(name), &plivo_dial_event::Field::name);
    if (found == event->fields.end()) return PLIVO_DIAL_NOT_FOUND;
    *value = api::to_text(std::string_view(found->value));
    return PLIVO_DIAL_OK;
  });
}

const plivo_dial_form* plivo_dial_event_params(const plivo_dial_event* event) {
  return event == nullptr ? nullptr : &event->params;
}
