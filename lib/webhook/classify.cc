// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/classify.h"

#include <algorithm>
#include <array>
#include <span>

#include "lib/base/letter_case.h"

namespace plivo_dial {
namespace {

// What the pairs say, whatever URL they came to.
enum class Subject {
  kNothing,  // they leave it to the URL
  kHangup,
  kCallback,
  kDialResult,
  kRing,
  kTranscription,
  kRecording,
  kInput,     // digits or speech of the caller's
  kBegin,     // a call begins
  kRedirect,  // a call goes on with another document
  kOther,     // a report that is known and that nothing here depends on
  kUnknown,
};

struct DialEvent {
  std::string_view action;  // DialAction
  std::string_view event;   // Event, for a callback that lacks DialAction
  EventKind kind;
  bool known;
};
constexpr std::array<DialEvent, 5> kDialEvents = {{
    {"answer", "DialAnswer", EventKind::kDialAnswered, true},
    {"connected", "DialConnected", EventKind::kDialConnected, true},
    {"digits", "DialDigitsMatch", EventKind::kDialDigits, true},
    {"hangup", "DialHangup", EventKind::kDialEnded, true},
    {"remotesounds", "DialRemoteSounds", EventKind::kOther, true},
}};

constexpr std::array<std::string_view, 6> kOfRecording = {
    "RecordUrl", "RecordingID", "RecordFile", "record_url", "recording_id", "RecordingDuration"};
// Only the report of a hangup has them; HangupCause comes with any request of a call that is over.
constexpr std::array<std::string_view, 3> kOfHangup = {"HangupCauseCode", "HangupCauseName",
                                                       "HangupSource"};
constexpr std::array<std::string_view, 5> kOfInput = {"Digits", "Speech", "InputType",
                                                      "StableSpeech", "UnstableSpeech"};
// How the names of parameters begin that only reports of conferences, multi-party calls and streams
// have.
constexpr std::array<std::string_view, 4> kOfConferences = {"Conference", "MPC", "Participant",
                                                            "StreamID"};

// Words of Event that report something beside the calls of a plan; those of conferences and
// multi-party calls are many and begin alike.
constexpr std::array<std::string_view, 9> kOtherEvents = {
    "MachineDetection", "RecordStop",   "StartStream",  "StopStream", "DroppedStream",
    "DegradedStream",   "PlayedStream", "ClearedAudio", "DialAction"};
constexpr std::array<std::string_view, 3> kOtherBeginnings = {"Conference", "MPC", "Participant"};

bool has_any(const RequestParameters& parameters, std::span<const std::string_view> names) {
  return std::ranges::any_of(
      names, [&](std::string_view name) { return parameters.find(name).has_value(); });
}

bool is_of_conference(const RequestParameters& parameters) {
  const auto is_named_so = [](const Parameter& pair) {
    return std::ranges::any_of(kOfConferences,
                               [&](std::string_view word) { return pair.name.starts_with(word); });
  };
  return std::ranges::any_of(parameters.body.parameters(), is_named_so) ||
         std::ranges::any_of(parameters.query.parameters(), is_named_so);
}

// An Event in any case; "" when there is none.
class EventWord {
 public:
  explicit EventWord(const RequestParameters& parameters)
      : word_(parameters.find("Event").value_or("")) {}

  bool is(std::string_view word) const { return equals_ignoring_case(word_, word); }
  bool begins_with(std::string_view word) const {
    return word_.size() >= word.size() && equals_ignoring_case(word_.substr(0, word.size()), word);
  }
  bool empty() const { return word_.empty(); }

 private:
  std::string_view word_;
};

bool is_transcription(const RequestParameters& parameters) {
  if (!parameters.find("recording_id") && !parameters.find("RecordingID")) return false;
  const auto has = [&](std::string_view name) { return parameters.find(name).has_value(); };
  // One that failed has only its reason.
  return has("transcription") || has("transcription_charge") || has("transcription_rate") ||
         (has("error") && !has("record_url") && !has("RecordUrl"));
}

Subject subject_of_event(const EventWord& event) {
  if (event.empty()) return Subject::kNothing;
  if (event.is("Redirect") || event.is("Transfer")) return Subject::kRedirect;
  const bool known =
      std::ranges::any_of(kOtherEvents, [&](std::string_view word) { return event.is(word); }) ||
      std::ranges::any_of(kOtherBeginnings,
                          [&](std::string_view word) { return event.begins_with(word); });
  return known ? Subject::kOther : Subject::kUnknown;
}

Subject subject_of(const RequestParameters& parameters) {
  const EventWord event(parameters);
  if (event.is("Hangup")) return Subject::kHangup;
  const bool of_leg =
      std::ranges::any_of(kDialEvents, [&](const DialEvent& row) { return event.is(row.event); });
  if (of_leg || parameters.find("DialAction")) return Subject::kCallback;
  if (parameters.find("DialStatus")) return Subject::kDialResult;
  if (event.is("Ring")) return Subject::kRing;
  if (event.empty() && has_any(parameters, kOfHangup)) return Subject::kHangup;
  if (is_transcription(parameters)) return Subject::kTranscription;
  if (has_any(parameters, kOfRecording)) return Subject::kRecording;
  if (has_any(parameters, kOfInput)) return Subject::kInput;
  if (event.is("StartApp")) return Subject::kBegin;
  if (is_of_conference(parameters)) return Subject::kOther;
  // IfMachine comes with the report of a machine, Machine also with an answer.
  if (event.empty() && parameters.find("IfMachine")) return Subject::kOther;
  return subject_of_event(event);
}

Classification callback(const RequestParameters& parameters) {
  const auto action = parameters.find("DialAction");
  const EventWord event(parameters);
  for (const DialEvent& row : kDialEvents) {
    if (action ? equals_ignoring_case(*action, row.action) : event.is(row.event)) {
      return {Endpoint::kCallback, row.kind, row.known};
    }
  }
  return {Endpoint::kCallback, EventKind::kOther, false};
}

Classification by_url(Endpoint endpoint, const RequestParameters& parameters) {
  switch (endpoint) {
    case Endpoint::kAnswer:
      return {endpoint, EventKind::kCallAnswer};
    case Endpoint::kAction:
      return {endpoint, EventKind::kDialResult};
    case Endpoint::kCallback:
      return callback(parameters);
    case Endpoint::kRing:
      return {endpoint, EventKind::kCallRing};
    case Endpoint::kHangup:
      return {endpoint, EventKind::kCallHangup};
    case Endpoint::kFallback:
      return {endpoint, EventKind::kCallFallback};
    case Endpoint::kConfirm:
      return {endpoint, EventKind::kDialConfirm};
    case Endpoint::kRecording:
      return {endpoint, EventKind::kRecording};
    case Endpoint::kEvent:
      break;
  }
  return {endpoint, parameters.find("DialStatus") ? EventKind::kDialResult : EventKind::kOther};
}

}  // namespace

Classification classify(Endpoint by_path, const RequestParameters& parameters) {
  if (by_path == Endpoint::kEvent) return by_url(by_path, parameters);
  const bool at_confirm = by_path == Endpoint::kConfirm;
  switch (subject_of(parameters)) {
    case Subject::kHangup:
      if (by_path == Endpoint::kAction && parameters.find("DialStatus")) break;
      return {Endpoint::kHangup, EventKind::kCallHangup};
    case Subject::kCallback:
      return callback(parameters);
    case Subject::kDialResult:
      return {Endpoint::kAction, EventKind::kDialResult};
    case Subject::kRing:
      return {Endpoint::kRing, EventKind::kCallRing};
    case Subject::kTranscription:
      return {Endpoint::kRecording, EventKind::kTranscription};
    case Subject::kRecording:
      return {Endpoint::kRecording, EventKind::kRecording};
    case Subject::kInput:
      if (at_confirm) break;
      return {by_path, EventKind::kOther};
    case Subject::kOther:
      return {by_path, EventKind::kOther};
    case Subject::kUnknown:
      return {by_path, EventKind::kOther, false};
    case Subject::kBegin:
      if (at_confirm || by_path == Endpoint::kFallback) break;
      return {Endpoint::kAnswer, EventKind::kCallAnswer};
    case Subject::kRedirect:
      if (wants_document(by_path) && by_path != Endpoint::kAnswer) break;
      return {Endpoint::kAnswer, EventKind::kCallRedirect};
    case Subject::kNothing:
      break;
  }
  return by_url(by_path, parameters);
}

}  // namespace plivo_dial
