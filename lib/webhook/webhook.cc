// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/webhook.h"

#include <charconv>
#include <system_error>

#include "lib/base/text.h"
#include "lib/webhook/classify.h"
#include "lib/webhook/continuation.h"

namespace plivo_dial {
namespace {

std::optional<std::int64_t> parse_number(std::optional<std::string_view> text) {
  return text ? parse_whole_number(*text) : std::nullopt;
}

// The lenient form, for requests that Plivo signs: it may write its ids in another way one day.
bool could_be_id(std::string_view text) {
  return text.size() >= 8 && text.size() <= 64 && text.front() != '-' &&
         text.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos;
}

// "None" and "undefined" in one of its names don't hide the id that another one has.
Webhook::Text call_named_by(const RequestParameters& parameters) {
  Webhook::Text named = parameters.find("CallUUID");
  for (const char* name : {"CallUUID", "call_uuid", "ParticipantCallUUID"}) {
    const std::string_view id = parameters.find(name).value_or("");
    if (could_be_id(id)) return id;
    if (named.value_or("").empty() && !id.empty()) named = id;
  }
  return named;
}

void read_call(const RequestParameters& parameters, Webhook& webhook) {
  webhook.call_uuid = call_named_by(parameters);
  webhook.from = parameters.find("From");
  webhook.to = parameters.find("To");
  webhook.direction = parameters.find("Direction");
  webhook.call_status_text = parameters.find("CallStatus");
  webhook.call_status = parse_call_status(webhook.call_status_text.value_or(""));
}

void read_dial(const RequestParameters& parameters, Webhook& webhook) {
  webhook.dial_status_text = parameters.find("DialStatus");
  webhook.dial_status = parse_dial_status(webhook.dial_status_text.value_or(""));
  if (const auto rang = parameters.find("DialRingStatus")) {
    webhook.dial_ring_status = parse_boolean(*rang);
  }
  webhook.dial_hangup_cause = parameters.find("DialHangupCause");
  webhook.a_leg = parameters.find("DialALegUUID");
  webhook.b_leg = parameters.find("DialBLegUUID");
  webhook.b_leg_from = parameters.find("DialBLegFrom");
  webhook.b_leg_to = parameters.find("DialBLegTo");
}

// Plivo names a B leg only when one has answered. What was spoken to is not called again, and no
// missed call, whatever the word for it is.
void settle_dial_status(Webhook& webhook) {
  const bool answered = webhook.b_leg && !webhook.b_leg->empty();
  if (answered && webhook.kind == EventKind::kDialResult &&
      webhook.dial_status == DialStatus::kUnknown) {
    webhook.dial_status = DialStatus::kCompleted;
  }
}

// What a flow's author wired into the place of a leg's id is no leg; its text stays in the pairs.
// An empty one says that there is none.
void drop_false_legs(Webhook& webhook) {
  for (Webhook::Text* leg : {&webhook.a_leg, &webhook.b_leg}) {
    if (*leg && !(*leg)->empty() && !is_call_id(**leg)) leg->reset();
  }
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

// A small number of ours; 99 for what is none.
int read_count(const Form& query, std::string_view name) {
  const auto text = query.find(name);
  if (!text) return 0;
  const bool fits = (text->size() == 1 || text->size() == 2) && is_all_digits(*text);
  return fits ? static_cast<int>(*parse_whole_number(*text)) : 99;
}

void read_menu(const RequestParameters& parameters, Webhook& webhook) {
  webhook.walk = read_count(parameters.query, kWalkParameter);
  webhook.menu = parameters.query.find(kMenuParameter);
  if (!webhook.menu) return;
  webhook.tries = read_count(parameters.query, kTriesParameter);
  webhook.digits = parameters.find("Digits").value_or("");
}

std::optional<int> read_stage(const Form& query, Endpoint endpoint) {
  // The continuation is part of our URL, hence of the query; a body cannot claim one.
  const auto text = query.find(kStageParameter);
  if (!text) return endpoint == Endpoint::kMusic ? 0 : 1;
  const auto stage = parse_number(text);
  if (!stage || *stage < 1 || *stage > 999) return std::nullopt;
  return static_cast<int>(*stage);
}

}  // namespace

std::optional<bool> parse_boolean(std::string_view text) {
  if (equals_ignoring_case(text, "true")) return true;
  if (equals_ignoring_case(text, "false")) return false;
  return std::nullopt;
}

std::optional<std::int64_t> parse_whole_number(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return number;
}

std::optional<std::string_view> Webhook::call() const {
  const auto is_id = endpoint == Endpoint::kEvent ? is_call_id : could_be_id;
  for (const Text& id : {a_leg, call_uuid}) {
    if (id && is_id(*id)) return id;
  }
  return std::nullopt;
}

bool is_call_id(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
  if (text.size() != kForm.size()) return false;
  bool varies = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_hex = kDigits.find(text[i]) != std::string_view::npos;
    if (kForm[i] == 'x' ? !is_hex : text[i] != '-') return false;
    varies = varies || (is_hex && text[i] != text.front());
  }
  return varies;
}

Webhook read_webhook(Endpoint by_path, const RequestParameters& parameters) {
  const Classification classification = classify(by_path, parameters);
  Webhook webhook;
  webhook.endpoint = classification.endpoint;
  webhook.kind = classification.kind;
  webhook.is_known = classification.known;
  read_call(parameters, webhook);
  read_dial(parameters, webhook);
  if (webhook.endpoint == Endpoint::kEvent) {
    drop_false_legs(webhook);
  } else {
    settle_dial_status(webhook);
  }
  read_end(parameters, webhook);
  webhook.stage = read_stage(parameters.query, webhook.endpoint);
  read_menu(parameters, webhook);
  return webhook;
}

Result<void> check_call_uuid(const Webhook& webhook, const RequestParameters& parameters) {
  const bool named = webhook.call_uuid && !webhook.call_uuid->empty();
  if (named && could_be_id(*webhook.call_uuid)) return {};
  for (const char* other : {"MPCUUID", "recording_id", "RecordingID"}) {
    const auto id = parameters.find(other);
    if (id && could_be_id(*id)) return {};
  }
  if (!named) return Error{"the parameter CallUUID is missing: Plivo sends it with every call"};
  return Error{
      "the parameter CallUUID is malformed: it must be 8 to 64 hexadecimal digits and hyphens"};
}

}  // namespace plivo_dial
