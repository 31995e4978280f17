// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/webhook.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

#include "lib/base/letter_case.h"

namespace plivo_dial {
namespace {

constexpr std::array<std::string_view, kEndpointCount> kEndpointWords = {
    "answer", "action", "callback", "ring", "hangup", "fallback", "confirm", "recording", "event"};

constexpr std::array<std::string_view, 12> kEventKindWords = {
    "call.answer", "dial.answered", "dial.connected", "dial.digits",  "dial.ended", "dial.result",
    "call.ring",   "call.hangup",   "call.fallback",  "dial.confirm", "recording",  "other"};

std::optional<std::int64_t> parse_number(std::optional<std::string_view> text) {
  return text ? parse_whole_number(*text) : std::nullopt;
}

std::optional<bool> parse_boolean(std::optional<std::string_view> text) {
  if (text && equals_ignoring_case(*text, "true")) return true;
  if (text && equals_ignoring_case(*text, "false")) return false;
  return std::nullopt;
}

Endpoint refine_single_url(Endpoint by_path, const RequestParameters& parameters) {
  const auto event = parameters.find("Event");
  if (event == "Hangup") return Endpoint::kHangup;
  if (parameters.find("DialAction")) return Endpoint::kCallback;
  if (parameters.find("DialStatus")) return Endpoint::kAction;
  if (event == "Ring") return Endpoint::kRing;
  if (parameters.find("RecordUrl") || parameters.find("RecordingID")) return Endpoint::kRecording;
  return by_path;
}

Endpoint refine(Endpoint by_path, const RequestParameters& parameters) {
  switch (by_path) {
    case Endpoint::kAnswer:
    case Endpoint::kFallback:
      return refine_single_url(by_path, parameters);
    case Endpoint::kAction:
      if (parameters.find("DialAction")) return Endpoint::kCallback;
      if (parameters.find("Event") == "Hangup" && !parameters.find("DialStatus")) {
        return Endpoint::kHangup;
      }
      return by_path;
    default:
      return by_path;
  }
}

struct DialEvent {
  std::string_view action;  // DialAction
  std::string_view event;   // Event, for a callback that lacks DialAction
  EventKind kind;
};
constexpr std::array<DialEvent, 4> kDialEvents = {{
    {"answer", "DialAnswer", EventKind::kDialAnswered},
    {"connected", "DialConnected", EventKind::kDialConnected},
    {"digits", "DialDigitsMatch", EventKind::kDialDigits},
    {"hangup", "DialHangup", EventKind::kDialEnded},
}};

EventKind callback_kind(const RequestParameters& parameters) {
  const auto action = parameters.find("DialAction");
  const auto event = parameters.find("Event");
  for (const DialEvent& row : kDialEvents) {
    if (action ? *action == row.action : event == row.event) return row.kind;
  }
  return EventKind::kOther;
}

EventKind kind_of(Endpoint endpoint, const RequestParameters& parameters) {
  switch (endpoint) {
    case Endpoint::kAnswer:
      return EventKind::kCallAnswer;
    case Endpoint::kAction:
      return EventKind::kDialResult;
    case Endpoint::kCallback:
      return callback_kind(parameters);
    case Endpoint::kRing:
      return EventKind::kCallRing;
    case Endpoint::kHangup:
      return EventKind::kCallHangup;
    case Endpoint::kFallback:
      return EventKind::kCallFallback;
    case Endpoint::kConfirm:
      return EventKind::kDialConfirm;
    case Endpoint::kRecording:
      return EventKind::kRecording;
    case Endpoint::kEvent:
      return parameters.find("DialStatus") ? EventKind::kDialResult : EventKind::kOther;
  }
  return EventKind::kOther;
}

void read_call(const RequestParameters& parameters, Webhook& webhook) {
  webhook.call_uuid = parameters.find("CallUUID");
  webhook.from = parameters.find("From");
  webhook.to = parameters.find("To");
  webhook.direction = parameters.find("Direction");
  webhook.call_status_text = parameters.find("CallStatus");
  webhook.call_status = parse_call_status(webhook.call_status_text.value_or(""));
}

void read_dial(const RequestParameters& parameters, Webhook& webhook) {
  webhook.dial_status_text = parameters.find("DialStatus");
  webhook.dial_status = parse_dial_status(webhook.dial_status_text.value_or(""));
  webhook.dial_ring_status = parse_boolean(parameters.find("DialRingStatus"));
  webhook.dial_hangup_cause = parameters.find("DialHangupCause");
  webhook.a_leg = parameters.find("DialALegUUID");
  webhook.b_leg = parameters.find("DialBLegUUID");
  webhook.b_leg_from = parameters.find("DialBLegFrom");
  webhook.b_leg_to = parameters.find("DialBLegTo");
}

void read_end(const RequestParameters& parameters, Webhook& webhook) {
  // A callback is about the B leg; plain names in it would be the A leg's.
  const bool b_leg = webhook.endpoint == Endpoint::kCallback;
  const auto find = [&](std::string_view plain, std::string_view of_b_leg) {
    return parameters.find(b_leg ? of_b_leg : plain);
  };
  webhook.hangup_cause = find("HangupCause", "DialBLegHangupCause");
  webhook.hangup_cause_code = parse_number(find("HangupCauseCode", "DialBLegHangupCauseCode"));
  webhook.hangup_cause_name = find("HangupCauseName", "DialBLegHangupCauseName");
  webhook.hangup_source = find("HangupSource", "DialBLegHangupSource");
  webhook.duration = parse_number(find("Duration", "DialBLegDuration"));
  webhook.bill_duration = parse_number(find("BillDuration", "DialBLegBillDuration"));
}

std::optional<int> read_stage(const Form& query) {
  // The continuation is part of our URL, hence of the query; a body cannot claim one.
  const auto text = query.find(kStageParameter);
  if (!text) return 1;
  const auto stage = parse_number(text);
  if (!stage || *stage < 1 || *stage > 999) return std::nullopt;
  return static_cast<int>(*stage);
}

}  // namespace

std::optional<std::int64_t> parse_whole_number(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return number;
}

std::string_view to_string(Endpoint endpoint) {
  return kEndpointWords[static_cast<std::size_t>(endpoint)];
}

std::optional<Endpoint> parse_endpoint(std::string_view word) {
  const auto found = std::ranges::find(kEndpointWords, word);
  if (found == kEndpointWords.end()) return std::nullopt;
  return static_cast<Endpoint>(found - kEndpointWords.begin());
}

bool wants_document(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::kAnswer:
    case Endpoint::kAction:
    case Endpoint::kFallback:
    case Endpoint::kConfirm:
    case Endpoint::kRecording:
      return true;
    case Endpoint::kCallback:
    case Endpoint::kRing:
    case Endpoint::kHangup:
    case Endpoint::kEvent:
      return false;
  }
  return false;
}

Endpoint endpoint_for_path(std::string_view location, std::string_view path, Endpoint otherwise) {
  if (!path.starts_with(location)) return otherwise;
  path.remove_prefix(location.size());
  if (!path.starts_with('/')) return otherwise;
  path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  const auto endpoint = parse_endpoint(path);
  // "answer" has no URL of ours: the Location's own path is the answer.
  return endpoint && *endpoint != Endpoint::kAnswer ? *endpoint : otherwise;
}

std::string_view to_string(EventKind kind) {
  return kEventKindWords[static_cast<std::size_t>(kind)];
}

std::optional<EventKind> parse_event_kind(std::string_view word) {
  const auto found = std::ranges::find(kEventKindWords, word);
  if (found == kEventKindWords.end()) return std::nullopt;
  return static_cast<EventKind>(found - kEventKindWords.begin());
}

std::optional<std::string_view> RequestParameters::find(std::string_view name) const {
  const auto in_body = body.find(name);
  return in_body ? in_body : query.find(name);
}

std::optional<std::string_view> Webhook::call() const {
  if (a_leg && !a_leg->empty()) return a_leg;
  if (call_uuid && !call_uuid->empty()) return call_uuid;
  return std::nullopt;
}

Webhook read_webhook(Endpoint by_path, const RequestParameters& parameters) {
  Webhook webhook;
  webhook.endpoint = refine(by_path, parameters);
  webhook.kind = kind_of(webhook.endpoint, parameters);
  read_call(parameters, webhook);
  read_dial(parameters, webhook);
  read_end(parameters, webhook);
  webhook.stage = read_stage(parameters.query);
  return webhook;
}

Result<void> check_call_uuid(const Webhook& webhook) {
  if (!webhook.call_uuid || webhook.call_uuid->empty()) {
    return Error{"the parameter CallUUID is missing: Plivo sends it with every call"};
  }
  const std::string_view uuid = *webhook.call_uuid;
  const bool known_characters =
      uuid.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos;
  if (uuid.size() < 8 || uuid.size() > 64 || !known_characters) {
    return Error{
        "the parameter CallUUID is malformed: it must be 8 to 64 hexadecimal digits and hyphens"};
  }
  return {};
}

}  // namespace plivo_dial
