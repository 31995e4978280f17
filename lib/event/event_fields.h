// File: lib/event/event_fields.h
//
// The fields that an event has when they are known, in one table: what each is called, where in a
// request it comes from, and where it is shown. JSON, lines of key=value, the environment of hooks,
// samples and the manual's table are made of it; a new field is a member of Event and a row here.
// Constant data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "lib/event/event.h"

namespace plivo_dial {

// Events of which plivo-dialctl makes samples, as bits.
inline constexpr unsigned kSampleOfAny = 1;     // of whatever kind
inline constexpr unsigned kSampleOfDial = 2;    // about a dialled leg, or a stage
inline constexpr unsigned kSampleOfResult = 4;  // dial.result
inline constexpr unsigned kSampleOfEnd = 8;     // call.hangup

struct EventField {
  std::string_view name;  // in JSON

  // One of these.
  Event::Text Event::*text = nullptr;
  Event::Number Event::*number = nullptr;
  std::optional<bool> Event::*flag = nullptr;

  // The parameter that it is read from, and the one at a callback, which is about the B leg, where
  // that is another. "": what says it is found out (make_event.cc).
  std::string_view parameter = {};
  std::string_view b_leg_parameter = {};
  // What comes from the parameter, but is not as it came: make_event.cc settles it.
  bool is_settled = false;

  // Lines of key=value: the key ("": not shown), and its place among them from 1. Of two fields
  // with one place the first one that is known is shown.
  std::string_view line_key = {};
  int line_place = 0;

  // When a line is too long, long values are left out by these numbers, the lowest first; 0: not
  // from the request, and never long.
  int left_out_of_line = 0;
  int left_out_of_json = 0;

  std::string_view variable = {};  // of a hook's environment; "": none

  // What a sample says, and of which events.
  std::string_view sample = {};
  unsigned of_samples = 0;
};

inline constexpr std::size_t kEventFieldCount = 26;

// In the order of the JSON: texts and flags first, then numbers.
std::span<const EventField, kEventFieldCount> event_fields();

// Those that lines of key=value show, by their places.
std::span<const EventField* const> fields_of_lines();

// Those that are left out of JSON that is too long, by their numbers.
std::span<const EventField* const> fields_left_out_of_json();

// The value of a field as text, a flag as "true" or "false"; nothing when it is not known.
Event::Text as_text(const EventField& field, const Event& event);

}  // namespace plivo_dial
