// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/classify.h"

#include <algorithm>
#include <array>
#include <span>

#include "lib/base/text.h"

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

constexpr std::array<std::string_view, 3> kOfResult = {"DialStatus", "DialHangupCause",
                                                       "DialRingStatus"};
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

// Which parameters count: those with a value say more than empty ones, which a request may carry
// only because its kind always has them ("RecordUrl=" beside Event=StartApp).
enum class Mark { kWithValue, kPresent };

bool has(const RequestParameters& parameters, std::string_view name, Mark mark) {
  const auto value = parameters.find(name);
  return value && (mark == Mark::kPresent || !value->empty());
}

bool has_any(const RequestParameters& parameters, std::span<const std::string_view> names,
             Mark mark) {
  return std::ranges::any_of(names,
                             [&](std::string_view name) { return has(parameters, name, mark); });
}

bool is_of_conference(const RequestParameters& parameters) {
  const auto is_named_so = [](const Parameter& pair) {
    return !pair.value.empty() && std::ranges::any_of(kOfConferences, [&](std::string_view word) {
      return pair.name.starts_with(word);
    });
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
    return equals_ignoring_case(word_.substr(0, word.size()), word);
  }
  bool empty() const { return word_.empty(); }

 private:
  std::string_view word_;
};

bool is_transcription(const RequestParameters& parameters) {
  const auto came = [&](std::string_view name) { return has(parameters, name, Mark::kPresent); };
  const auto says = [&](std::string_view name) { return has(parameters, name, Mark::kWithValue); };
  if (says("transcription")) return true;
  if (!says("recording_id") && !says("RecordingID")) return false;
  // One that failed has only its reason; one of silence has an empty text.
  return came("transcription") || came("transcription_charge") || came("transcription_rate") ||
         (says("error") && !says("record_url") && !says("RecordUrl"));
}

Subject subject_of_event(const RequestParameters& parameters, const EventWord& event) {
  if (event.is("StartApp")) return Subject::kBegin;
  if (is_of_conference(parameters)) return Subject::kOther;
  // IfMachine comes with the report of a machine, Machine also with an answer.
  const bool machine = has(parameters, "IfMachine", Mark::kWithValue);
  if (event.empty()) return machine ? Subject::kOther : Subject::kNothing;
  if (event.is("Redirect") || event.is("Transfer")) return Subject::kRedirect;
  const bool known =
      std::ranges::any_of(kOtherEvents, [&](std::string_view word) { return event.is(word); }) ||
      std::ranges::any_of(kOtherBeginnings,
                          [&](std::string_view word) { return event.begins_with(word); });
  return known ? Subject::kOther : Subject::kUnknown;
}

// What the parameters that only some reports have make of the request.
Subject subject_of_marks(const RequestParameters& parameters, const EventWord& event, Mark mark) {
  if (has(parameters, "DialAction", mark)) return Subject::kCallback;
  if (has_any(parameters, kOfResult, mark)) return Subject::kDialResult;
  if (event.is("Ring")) return Subject::kRing;
  if (is_transcription(parameters)) return Subject::kTranscription;
  if (has_any(parameters, kOfRecording, mark)) return Subject::kRecording;
  if (has_any(parameters, kOfInput, mark)) return Subject::kInput;
  return event.empty() && has_any(parameters, kOfHangup, mark) ? Subject::kHangup
                                                               : Subject::kNothing;
}

// At the URLs that documents are fetched from, Plivo writes Event=Redirect on every request.
bool says_redirect_always(Endpoint by_path) {
  return wants_document(by_path) && by_path != Endpoint::kAnswer;
}

Subject subject_of(Endpoint by_path, const RequestParameters& parameters) {
  const EventWord event(parameters);
  if (event.is("Hangup")) return Subject::kHangup;
  const bool of_leg =
      std::ranges::any_of(kDialEvents, [&](const DialEvent& row) { return event.is(row.event); });
  if (of_leg) return Subject::kCallback;
  const Subject by_values = subject_of_marks(parameters, event, Mark::kWithValue);
  if (by_values != Subject::kNothing) return by_values;
  const Subject by_event = subject_of_event(parameters, event);
  const bool redirected = by_event == Subject::kRedirect && !says_redirect_always(by_path);
  if (by_event == Subject::kBegin || by_event == Subject::kOther || redirected) return by_event;
  const Subject by_names = subject_of_marks(parameters, event, Mark::kPresent);
  return by_names != Subject::kNothing ? by_names : by_event;
}

Classification callback(const RequestParameters& parameters) {
  const auto action = parameters.find("DialAction");
  const bool named = action && !action->empty();
  const EventWord event(parameters);
  for (const DialEvent& row : kDialEvents) {
    if (named ? equals_ignoring_case(*action, row.action) : event.is(row.event)) {
      return {Endpoint::kCallback, row.kind, row.known};
    }
  }
  return {Endpoint::kCallback, EventKind::kOther, false};
}

Classification by_url(Endpoint endpoint, const RequestParameters& parameters) {
  if (endpoint == Endpoint::kCallback) return callback(parameters);
  const bool is_result = endpoint == Endpoint::kEvent && parameters.find("DialStatus");
  return {endpoint, is_result ? EventKind::kDialResult : kind_by_url(endpoint)};
}

}  // namespace

Classification classify(Endpoint by_path, const RequestParameters& parameters) {
  if (by_path == Endpoint::kEvent) return by_url(by_path, parameters);
  // A sound is asked for in the middle of a call, whatever else is said of it.
  const bool at_sound = by_path == Endpoint::kConfirm || by_path == Endpoint::kMusic;
  switch (subject_of(by_path, parameters)) {
    case Subject::kHangup:
      if (by_path == Endpoint::kAction && has(parameters, "DialStatus", Mark::kWithValue)) break;
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
      if (at_sound) break;
      return {by_path, EventKind::kOther};
    case Subject::kOther:
      return {by_path, EventKind::kOther};
    case Subject::kUnknown:
      return {by_path, EventKind::kOther, false};
    case Subject::kBegin:
      if (at_sound || by_path == Endpoint::kFallback) break;
      return {Endpoint::kAnswer, EventKind::kCallAnswer};
    case Subject::kRedirect:
      if (says_redirect_always(by_path)) break;
      return {Endpoint::kAnswer, EventKind::kCallRedirect};
    case Subject::kNothing:
      break;
  }
  return by_url(by_path, parameters);
}

}  // namespace plivo_dial
