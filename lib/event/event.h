// File: lib/event/event.h
//
// The event: the record of one accepted webhook, as it goes to sinks. Plain data that owns its
// bytes. Made by event/make_event.h, rendered by event/json.h, event/syslog_line.h and
// event/environment.h. Field names here are the names in its JSON (schema version 1).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace plivo_dial {

inline constexpr int kEventSchemaVersion = 1;

struct Event {
  using Text = std::optional<std::string>;  // nullopt: unknown, left out of the JSON
  using Number = std::optional<std::int64_t>;
  using Pair = std::pair<std::string, std::string>;  // name and value of a parameter

  // Always there.
  std::string id;                // 26 characters [0-9a-z], stable over attempts and replays
  std::uint64_t seq = 0;         // order in the queue; 0 until the dispatcher has taken it in
  std::int64_t received_us = 0;  // microseconds since 1970-01-01 UTC; RFC 3339 in the JSON
  std::string event;             // "dial.result"
  std::string endpoint;          // "action"
  Text call;                     // null in the JSON when unknown
  std::string account;           // name of PlivoAccount; "" without signatures
  bool verified = false;         // a signature or a secret was checked and right
  std::string node;              // host name of this server

  // Came when the dispatcher had already given a later event of its call to the sinks; left out of
  // the JSON when false.
  bool late = false;

  // Which attempt at its delivery to a sink this is, counted from 1 over restarts and what
  // operators send again. Above 1 where the sink may have had the event already; left out of the
  // JSON when 1.
  unsigned attempt = 1;

  // What was right about a verified webhook: "V3", "Ma-V3", "V2" or "Ma-V2" for the header whose
  // signature matched, "secret" at the endpoint `event`; and for a signature the token that it was
  // made with, "current" or "previous".
  Text verified_by;
  Text token;

  // When known. Statuses in Plivo's spelling; a word that is not Plivo's stays as it came.
  Text from;
  Text to;
  Text direction;
  Text call_status;
  Text dial_status;
  std::optional<bool> dial_ring_status;
  Text dial_hangup_cause;
  Text a_leg;
  Text b_leg;
  Text b_leg_to;
  Text b_leg_from;
  Text digits;             // of dial.digits: what was pressed
  Text digits_pressed_by;  // and by whom: "aleg", the caller, or "bleg"
  Text hangup_cause;
  Number hangup_cause_code;
  Text hangup_cause_name;
  Text hangup_source;
  Number duration;       // seconds
  Number bill_duration;  // seconds
  Number stage;
  Text plan;

  // Of an event whose request got the document of a plan: what becomes of the caller, "stage",
  // "voicemail", "sentence", "redirect" or "end".
  Text next;

  // Where the cause is one of the table's: whose side ended the leg or has to act ("normal",
  // "caller", "callee", "carrier", "plivo", "operator"), and what the operator does about it.
  Text cause_side;
  Text cause_remedy;

  // A number field that was present but did not parse is null in the JSON: its name is here.
  std::vector<std::string> unparsable;

  // All pairs as they came, bytes untouched, query before body.
  std::vector<Pair> params;
};

}  // namespace plivo_dial
