// File: mod_plivo_dial/request/request.h
//
// From httpd's request to pairs: method, headers, body within its cap, decoded form. Use it at the
// start of the handler; what it refuses, it refuses with the status that Plivo is to see.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lib/form/event_body.h"
#include "lib/plan/next_step.h"
#include "lib/tables/hours_at.h"
#include "lib/webhook/webhook.h"
#include "lib/webhook/webhook_key.h"
#include "mod_plivo_dial/config/answer_book.h"
#include "mod_plivo_dial/config/config.h"
#include "mod_plivo_dial/httpd_api.h"
#include "mod_plivo_dial/request/refusal.h"

namespace plivo_dial {

// Who sent a request, as far as that was checked. Views live as long as the configuration or r.
struct Sender {
  bool verified = false;
  std::string_view account;                 // PlivoAccount's name
  std::string_view verified_by;             // as in Event
  std::string_view token;                   // as in Event
  std::string_view nonce;                   // as received, "" without one
  std::optional<WebhookKey> signed_string;  // signed_string_key(), where a signature matched
};

// What a request brought: query and body, decoded.
struct Intake {
  RequestParameters parameters;
  std::uint64_t body_bytes = 0;  // as read
  std::string raw_body;          // as read, where LogLevel plivo_dial:debug keeps refused requests
};

// The plan that decides about a call.
struct CallPlan {
  const ResolvedPlan* of_book = nullptr;
  std::unique_ptr<const ResolvedPlan> own;  // where no book has it
  bool is_certain = false;                  // it may be named in the event

  // Null where there is none; the reason is in the log then.
  const ResolvedPlan* get() const { return own ? own.get() : of_book; }
};

// What the caller gets.
struct Answer {
  std::string_view prepared;  // a document of the configuration
  std::string made;           // or one for this call alone, when it is not empty
  std::optional<Next> next;   // what becomes of the caller, where the plan decides it
  std::string fault;          // why it is the fallback document where the plan should have one

  std::string_view document() const { return made.empty() ? prepared : made; }
};

// What the steps of one request gave, until its event is written: handler.cc puts each in its
// place, claim.cc the first two. Lives as long as r->pool.
struct RequestState {
  const char* claimed_as = nullptr;  // our handler, once the URL is known to be ours
  // Of a claimed request, before mappers were disarmed in it; see claim.h.
  ap_conf_vector_t* full_config = nullptr;

  std::int64_t received_us = 0;
  Intake intake;
  Sender sender;
  bool served = false;  // verified, or to be served without
  Webhook webhook;      // views into intake
  // Schedules and maps as they were when the plan was found; null where no line needs any.
  std::shared_ptr<const TablesView> tables;
  std::optional<HoursAt> hours;
  CallPlan plan;
  Answer answer;
  bool event_behind_reply = false;  // its event is still to be written
};

// The request's own, made where it is not there yet; null where it is not.
RequestState& request_state(request_rec* r);
RequestState* find_request_state(const request_rec* r);

// Sets the note `name` of r, for LogFormat's %{name}n, to a copy of `value`; an empty one sets
// none.
void set_note(request_rec* r, const char* name, std::string_view value);

// That `endpoint` takes the method of r, see allowed_methods(). Fails with 405 and sets Allow.
Result<void, Refusal> check_method(request_rec* r, Endpoint endpoint);

// The target of the request line as it came: what Plivo signed. Of the first request in a chain of
// internal redirects, without the origin that a line in absolute form may have.
std::string_view raw_target(const request_rec* r);

// Reads and decodes query and body. Fails with 413, 415 or 400. The query is the raw target's:
// other modules may have rewritten httpd's own.
Result<Intake, Refusal> read_parameters(request_rec* r, apr_off_t max_body);

// The body of a request at `event`, read but not looked into.
struct EventBody {
  EventBodyType type;
  std::string bytes;
};

// Reads it. Fails with 413, 415 or 400.
Result<EventBody, Refusal> read_event_body(request_rec* r, apr_off_t max_body);

// Decodes it and the query. Fails with 400.
Result<Intake, Refusal> decode_event_request(const request_rec* r, const EventBody& body);

// The path that decides about the endpoint: decoded, double slashes folded.
const char* endpoint_path(request_rec* r);

}  // namespace plivo_dial
