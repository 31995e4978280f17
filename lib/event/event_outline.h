// File: lib/event/event_outline.h
//
// The little of an event by which the dispatcher finds its place in its call and its sinks. Use it
// where an event is taken in but not shown: it is found without reading all of it into an Event.
//
//   const Result<EventOutline> outline = outline_of(json);
//   if (outline && wants_event(sink, outline->name)) ...
//   const CallStep step = step_of(*outline);             // store/call_progress.h
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/event/event.h"

namespace plivo_dial {

// Fields are those of Event; `name` is Event::event, `of_flow` what is_of_flow says. Owns its
// bytes.
struct EventOutline {
  std::string id;
  std::int64_t received_us = 0;
  std::string name;
  bool of_flow = false;
  Event::Text call;
  Event::Text b_leg;
  Event::Number duration;
  Event::Number stage;

  friend bool operator==(const EventOutline&, const EventOutline&) = default;
};

// Of a line that event_from_json takes; fails where that fails, with its error. Fast for what
// to_json wrote. Safe from any thread.
Result<EventOutline> outline_of(std::string_view json);

EventOutline outline_of(const Event& event);

}  // namespace plivo_dial
