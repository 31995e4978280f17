// File: lib/event/canonical_line.h
//
// The parts of an event's JSON, found in one pass where they stand: for lines of to_json's, of the
// fields that we know, which is nearly all that we ever read. Others are left to event_from_json.
//
//   const std::optional<CanonicalLine> line = read_canonical_line(json);
//   if (line) line->event    -> dial.result, a view into `json`
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/event/event_fields.h"

namespace plivo_dial {

// Views into the line. Texts stand here as between their quotes, with the escapes of JSON: see
// append_unescaped (json/json_scanner.h).
struct CanonicalLine {
  std::string_view id;  // an id without escapes
  std::uint64_t seq = 0;
  std::int64_t received_us = 0;
  std::string_view event;
  std::string_view endpoint;
  std::optional<std::string_view> call;
  std::string_view account;
  bool verified = false;
  std::string_view node;
  bool late = false;
  std::optional<std::uint64_t> attempt;

  // The values of the fields that are there, in the order of event_fields(), as JSON: a text in its
  // quotes, true, 17, or the null of a number that did not parse. "" for the others.
  std::array<std::string_view, kEventFieldCount> fields;

  // The members of params, without the braces: "a":"1","b":["2","3"]
  std::string_view params;
  std::size_t pairs = 0;  // how many there are

  // What stands before the number of seq, between it and late or attempt, and behind these.
  std::string_view before_seq;
  std::string_view behind_seq;
  std::string_view rest;
};

// Nothing unless to_json could have made `json` of an event whose bytes are all UTF-8. A name in
// params that comes twice, which to_json never writes, passes. Safe from any thread.
std::optional<CanonicalLine> read_canonical_line(std::string_view json);

}  // namespace plivo_dial
