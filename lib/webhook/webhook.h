// File: lib/webhook/webhook.h
//
// A webhook: one request of Plivo's, with its pairs typed and its endpoint known. Use read_webhook
// on the decoded query and body of a request; everything behind it (plan, event) takes the Webhook.
// Parameter names and meanings: Plivo docs voice/xml/request, voice/xml/dial, voice/xml/record,
// voice/api/call, voice/api/recording.
//
//   const RequestParameters parameters{{}, Form::decode("DialStatus=busy&From=1415...").value()};
//   const Webhook webhook = read_webhook(Endpoint::kAction, parameters);
//   webhook.kind            -> EventKind::kDialResult
//   webhook.dial_status     -> DialStatus::kBusy
//   webhook.to              -> nothing
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/base/result.h"
#include "lib/webhook/endpoint.h"
#include "lib/webhook/request_parameters.h"
#include "lib/webhook/vocabulary.h"

namespace plivo_dial {

// All views point into the RequestParameters that the webhook was read from. An absent parameter
// is nullopt, an empty one is "" (DialBLegUUID= says that nobody answered).
struct Webhook {
  using Text = std::optional<std::string_view>;

  Endpoint endpoint = Endpoint::kAnswer;  // after classification, not just by path
  EventKind kind = EventKind::kOther;
  bool is_known = true;  // false: it reports nothing that is known here, and is kOther

  // The parameter that names the call beside DialALegUUID, in the first of its spellings that has
  // the form of an id, else the first that says something: CallUUID; call_uuid, of transcriptions
  // and of recordings that the API began; ParticipantCallUUID, of multi-party calls.
  Text call_uuid;
  Text from;
  Text to;
  Text direction;
  Text call_status_text;
  CallStatus call_status = CallStatus::kUnknown;

  Text dial_status_text;
  // At action, a word that is not known beside a B leg that is named is kCompleted: somebody
  // answered. dial_status_text keeps the word.
  DialStatus dial_status = DialStatus::kUnknown;
  std::optional<bool> dial_ring_status;  // nullopt also for words other than true and false
  Text dial_hangup_cause;
  Text a_leg;  // DialALegUUID
  Text b_leg;  // DialBLegUUID
  Text b_leg_from;
  Text b_leg_to;

  // Of the call at hangup, of the B leg at callback (DialBLegHangupCause, ... there).
  Text hangup_cause;
  std::optional<std::int64_t> hangup_cause_code;  // nullopt when absent or not a number
  Text hangup_cause_name;
  Text hangup_source;
  std::optional<std::int64_t> duration;       // seconds
  std::optional<std::int64_t> bill_duration;  // seconds

  // 1-based stage from the continuation in our own URL; 1 when the URL has none, nullopt when it
  // has one that is not a number from 1 to 999. At music 0 when the URL has none: the sound is then
  // that of all stages.
  std::optional<int> stage;

  // Where in a menu the call is, from the continuation in our own URL at `action`: the menu's name,
  // how many documents the walk through menus has had, and how often this menu has been put after a
  // wrong key; 0 without, and a number that no walk reaches when it is none. The key that was
  // pressed, "" for none.
  Text menu;
  int walk = 0;
  int tries = 0;
  std::string_view digits;

  // What identifies the call: DialALegUUID (callbacks may carry the B leg as CallUUID), else
  // call_uuid, each only where it has the form of an id; else nothing. A flow's author may have
  // misspelt the variable that holds it, so at `event` the form is that of a UUID.
  Text call() const;
};

// Whether `text` has the form of the ids that Plivo gives to calls: 8-4-4-4-12 hexadecimal digits,
// and not all the same digit, as in the nil UUID that stands for none. "undefined", "-", "{{...}}",
// a phone number and a date have another one.
bool is_call_id(std::string_view text);

// The whole of `text` as a decimal number of 64 bits, as the numbers above are read; else nothing.
std::optional<std::int64_t> parse_whole_number(std::string_view text);

// "true" and "false" in any case of letters; else nothing.
std::optional<bool> parse_boolean(std::string_view text);

// The name of the query parameter in which a URL of ours carries the stage it belongs to.
inline constexpr std::string_view kStageParameter = "stage";

// Types the pairs and settles endpoint and kind, as classify.h says. `by_path` is what the path
// says. Never fails.
Webhook read_webhook(Endpoint by_path, const RequestParameters& parameters);

// What every endpoint but `event` demands: an id in call_uuid, of 8 to 64 hexadecimal digits and
// hyphens, a digit first. A report of a multi-party call as a whole (MPCUUID) and one of a
// recording (RecordingID, recording_id) need none: those name what they are about. The error says
// what is missing or malformed, without the value.
Result<void> check_call_uuid(const Webhook& webhook, const RequestParameters& parameters);

}  // namespace plivo_dial
