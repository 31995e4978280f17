// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/events/sample_event.h"

#include "lib/event/id.h"
#include "mod_plivo_dial/ctl/uuid.h"

namespace plivo_dial::ctl {
namespace {

Endpoint endpoint_of(EventKind kind) {
  switch (kind) {
    case EventKind::kCallAnswer:
    case EventKind::kCallRedirect:
      return Endpoint::kAnswer;
    case EventKind::kDialResult:
      return Endpoint::kAction;
    case EventKind::kCallRing:
      return Endpoint::kRing;
    case EventKind::kCallHangup:
      return Endpoint::kHangup;
    case EventKind::kCallFallback:
      return Endpoint::kFallback;
    case EventKind::kDialConfirm:
      return Endpoint::kConfirm;
    case EventKind::kRecording:
    case EventKind::kTranscription:
      return Endpoint::kRecording;
    case EventKind::kDialAnswered:
    case EventKind::kDialConnected:
    case EventKind::kDialDigits:
    case EventKind::kDialEnded:
    case EventKind::kOther:
      break;
  }
  return Endpoint::kCallback;
}

void add_dial(Event& event) {
  event.a_leg = event.call;
  event.b_leg = random_uuid();
  event.b_leg_to = "14155550100";
  event.b_leg_from = event.from;
  event.stage = 1;
  event.params.emplace_back("DialALegUUID", *event.a_leg);
  event.params.emplace_back("DialBLegUUID", *event.b_leg);
}

void add_result(Event& event) {
  event.dial_status = "busy";
  event.dial_ring_status = true;
  event.dial_hangup_cause = "USER_BUSY";
  event.cause_side = "callee";
  event.next = "sentence";
  event.params.emplace_back("DialStatus", "busy");
  event.params.emplace_back("DialRingStatus", "true");
  event.params.emplace_back("DialHangupCause", "USER_BUSY");
}

void add_hangup(Event& event) {
  event.call_status = "completed";
  event.hangup_cause = "NORMAL_CLEARING";
  event.hangup_cause_code = 4000;
  event.hangup_cause_name = "Normal Hangup";
  event.hangup_source = "Caller";
  event.cause_side = "normal";
  event.duration = 42;
  event.bill_duration = 60;
  event.params.emplace_back("HangupCauseCode", "4000");
  event.params.emplace_back("Duration", "42");
}

}  // namespace

Event sample_event(EventKind kind, std::int64_t now_us) {
  Event event;
  event.id = make_event_id(now_us);
  event.seq = 1;
  event.received_us = now_us;
  event.event = to_string(kind);
  event.endpoint = to_string(endpoint_of(kind));
  event.call = random_uuid();
  event.node = "hook-test";
  event.from = "14155550111";
  event.to = "14155550199";
  event.direction = "inbound";
  event.call_status = "in-progress";
  event.params = {{"CallUUID", *event.call}, {"From", *event.from}, {"To", *event.to}};
  if (event.event.starts_with("dial.")) add_dial(event);
  if (kind == EventKind::kDialResult) add_result(event);
  if (kind == EventKind::kCallHangup) add_hangup(event);
  event.params.emplace_back("CallStatus", *event.call_status);
  return event;
}

}  // namespace plivo_dial::ctl
