// SPDX-License-Identifier: Apache-2.0
#include "lib/event/make_event.h"

#include <string>

#include "lib/base/text.h"
#include "lib/base/utf8.h"
#include "lib/event/event_fields.h"
#include "lib/webhook/hangup_causes.h"
#include "lib/webhook/textual_causes.h"
#include "lib/webhook/vocabulary.h"

namespace plivo_dial {
namespace {

Event::Text text(Webhook::Text value) {
  if (!value) return std::nullopt;
  return replace_invalid_utf8(*value);
}

// Plivo's spelling of a status that is Plivo's, else the word as it came.
Event::Text status(std::string_view spelling, Webhook::Text as_it_came) {
  if (!spelling.empty()) return std::string(spelling);
  return text(as_it_came);
}

bool is_of_stage(const Webhook& webhook) {
  const Endpoint endpoint = webhook.endpoint;
  const bool carried = endpoint == Endpoint::kAction || endpoint == Endpoint::kCallback ||
                       endpoint == Endpoint::kConfirm || endpoint == Endpoint::kMusic;
  return carried && (webhook.kind != EventKind::kOther || endpoint == Endpoint::kCallback);
}

// The parameter that `field` is read from, in a request at `endpoint`.
std::string_view parameter_of(const EventField& field, Endpoint endpoint) {
  const bool of_b_leg = endpoint == Endpoint::kCallback && !field.b_leg_parameter.empty();
  return of_b_leg ? field.b_leg_parameter : field.parameter;
}

void set_as_it_came(const EventField& field, std::string_view value, Event& event) {
  if (field.text != nullptr) {
    event.*field.text = replace_invalid_utf8(value);
  } else if (field.flag != nullptr) {
    event.*field.flag = parse_boolean(value);
  } else if (const auto number = parse_whole_number(value)) {
    event.*field.number = *number;
  } else {
    event.unparsable.emplace_back(field.name);
  }
}

// Plivo documents ALeg and BLeg; aleg and bleg have been seen too. Any other word as it came.
Event::Text pressed_by(const RequestParameters& parameters) {
  const Webhook::Text word = parameters.find("DialDigitsPressedBy");
  for (const std::string_view leg : {"aleg", "bleg"}) {
    if (word && equals_ignoring_case(*word, leg)) return std::string(leg);
  }
  return text(word);
}

// What is no copy of a parameter.
void settle_fields(const Webhook& webhook, const RequestParameters& parameters, Event& event) {
  event.digits_pressed_by = pressed_by(parameters);
  event.call = text(webhook.call());
  event.call_status = status(to_string(webhook.call_status), webhook.call_status_text);
  event.dial_status = status(to_string(webhook.dial_status), webhook.dial_status_text);
  event.a_leg = text(webhook.a_leg);
  event.b_leg = text(webhook.b_leg);
  if (!is_of_stage(webhook) || webhook.stage == 0) return;
  if (webhook.stage) {
    event.stage = *webhook.stage;
  } else {
    event.unparsable.emplace_back("stage");
  }
}

// The number is reliable where the word is not: NORMAL_CLEARING was seen with the number of an
// endpoint that is not registered.
void set_cause(const Webhook& webhook, Event& event) {
  // The result of a stage is about the leg that was dialled; the number would be the caller's.
  const bool of_stage =
      webhook.kind == EventKind::kDialResult && webhook.endpoint == Endpoint::kAction;
  const auto code = of_stage ? std::nullopt : webhook.hangup_cause_code;
  const HangupCause* row = code ? find_hangup_cause(*code) : nullptr;
  if (row) {
    event.cause_side = to_string(row->side);
    if (!row->remedy.empty()) event.cause_remedy = row->remedy;
    return;
  }
  const TextualCause* word = find_textual_cause(webhook.dial_hangup_cause.value_or(""));
  if (!word && !of_stage) word = find_textual_cause(webhook.hangup_cause.value_or(""));
  if (!word) return;
  event.cause_side = to_string(word->side);
  const std::string_view remedy = remedy_of(*word);
  if (!remedy.empty()) event.cause_remedy = remedy;
}

}  // namespace

Event make_event(const Webhook& webhook, const RequestParameters& parameters,
                 const EventStamp& stamp) {
  Event event;
  event.id = stamp.id;
  event.received_us = stamp.received_us;
  event.event = to_string(webhook.kind);
  event.endpoint = to_string(webhook.endpoint);
  event.account = replace_invalid_utf8(stamp.account);
  event.verified = stamp.verified;
  if (!stamp.verified_by.empty()) event.verified_by = stamp.verified_by;
  if (!stamp.token.empty()) event.token = stamp.token;
  event.node = replace_invalid_utf8(stamp.node);
  if (!stamp.plan.empty()) event.plan = replace_invalid_utf8(stamp.plan);
  for (const EventField& field : event_fields()) {
    if (field.parameter.empty() || field.is_settled) continue;
    const auto value = parameters.find(parameter_of(field, webhook.endpoint));
    if (value) set_as_it_came(field, *value, event);
  }
  settle_fields(webhook, parameters, event);
  set_cause(webhook, event);
  if (!stamp.next.empty()) event.next = stamp.next;
  for (const Form* form : {&parameters.query, &parameters.body}) {
    for (const Parameter& pair : form->parameters()) {
      event.params.emplace_back(pair.name, pair.value);
    }
  }
  return event;
}

bool is_of_flow(const Event& event) {
  return event.endpoint == to_string(Endpoint::kEvent);
}

}  // namespace plivo_dial
