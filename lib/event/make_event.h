// File: lib/event/make_event.h
//
// From an accepted webhook to its event. Use it once a request has been checked and decided to be
// accepted, before its event goes to the spool.
//
//   EventStamp stamp;
//   stamp.id = id;
//   stamp.received_us = received_us;
//   const Event event = make_event(webhook, parameters, stamp);
//   event.dial_status       -> "no-answer", where the request has DialStatus=No Answer
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "lib/event/event.h"
#include "lib/webhook/webhook.h"

namespace plivo_dial {

// What the server knows about a webhook beside its content. Views; they need to live only for the
// call of make_event.
struct EventStamp {
  std::string_view id;           // of make_event_id
  std::int64_t received_us = 0;  // microseconds since 1970-01-01 UTC
  std::string_view account;      // name of the account whose signature was right, or ""
  bool verified = false;
  std::string_view verified_by;  // as in Event; "" when not verified
  std::string_view token;        // as in Event; "" when no signature was right
  std::string_view node;         // host name of this server
  std::string_view plan;         // Plan::name, or "" where no plan was used
  std::string_view next = {};    // to_string(Next), or "" where the plan decides nothing
};

// The event of `webhook`, which was read from `parameters`; seq is 0. Own bytes, no views.
//   call        DialALegUUID where present and not empty, else CallUUID, else unknown.
//   statuses    Plivo's spelling for words of Plivo's ("no-answer" for "No Answer"), else as came.
//   stage       at action, callback, confirm and music, whose URLs carry it; unknown elsewhere, and
//   where
//               a request at action reports no stage.
//   cause_...   from the cause's number, else from its word, where the table has it.
//   numbers     a field that came but is not a number is unknown, with its name in `unparsable`.
//   params      all pairs with their bytes, query before body.
// Text fields are valid UTF-8, with U+FFFD for what was not; the bytes as they came are in params.
// Never fails. Safe from any thread.
Event make_event(const Webhook& webhook, const RequestParameters& parameters,
                 const EventStamp& stamp);

// Whether it came at the endpoint `event`, where flows report.
bool is_of_flow(const Event& event);

}  // namespace plivo_dial
