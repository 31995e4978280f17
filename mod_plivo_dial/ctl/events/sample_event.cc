// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/events/sample_event.h"

#include "lib/event/event_fields.h"
#include "lib/event/id.h"
#include "lib/webhook/webhook.h"
#include "mod_plivo_dial/ctl/uuid.h"

namespace plivo_dial::ctl {
namespace {

// Which samples of event_fields.h such an event shows.
unsigned samples_of(EventKind kind) {
  unsigned of = kSampleOfAny;
  if (to_string(kind).starts_with("dial.")) of |= kSampleOfDial;
  if (kind == EventKind::kDialResult) of |= kSampleOfResult;
  if (kind == EventKind::kCallHangup) of |= kSampleOfEnd;
  return of;
}

void add_legs(Event& event) {
  event.a_leg = event.call;
  event.b_leg = random_uuid();
  event.params.emplace_back("DialALegUUID", *event.a_leg);
  event.params.emplace_back("DialBLegUUID", *event.b_leg);
}

void set_sample(const EventField& field, Event& event) {
  if (field.text != nullptr) event.*field.text = std::string(field.sample);
  if (field.flag != nullptr) event.*field.flag = field.sample == "true";
  if (field.number != nullptr) event.*field.number = parse_whole_number(field.sample);
  if (!field.parameter.empty()) event.params.emplace_back(field.parameter, field.sample);
}

}  // namespace

Event sample_event(EventKind kind, std::int64_t now_us) {
  Event event;
  event.id = make_event_id(now_us);
  event.seq = 1;
  event.received_us = now_us;
  event.event = to_string(kind);
  event.endpoint = to_string(usual_endpoint(kind));
  event.call = random_uuid();
  event.node = "hook-test";
  event.params.emplace_back("CallUUID", *event.call);
  const unsigned samples = samples_of(kind);
  for (const EventField& field : event_fields()) {
    if ((field.of_samples & samples) != 0) set_sample(field, event);
  }
  if ((samples & kSampleOfDial) != 0) add_legs(event);
  if (kind == EventKind::kCallHangup) {
    event.call_status = "completed";
    event.cause_side = "normal";
    for (auto& [name, value] : event.params) {
      if (name == "CallStatus") value = *event.call_status;
    }
  }
  return event;
}

}  // namespace plivo_dial::ctl
