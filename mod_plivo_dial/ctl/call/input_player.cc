// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/input_player.h"

#include <algorithm>

#include "mod_plivo_dial/ctl/call/speech.h"
#include "mod_plivo_dial/ctl/http/form_request.h"

namespace plivo_dial::ctl {
namespace {

bool is_true(const Element& element, std::string_view name, bool fallback) {
  return attribute_or(element, name, fallback ? "true" : "false") == "true";
}

// What Plivo takes of the keys that were pressed: up to the finish key or the number of digits.
// Nothing when no key counts or one of them is not allowed.
std::optional<std::string> accepted_digits(const Element& element, std::string digits) {
  const std::string finish = attribute_or(element, "finishOnKey", "#");
  if (finish != "none") digits.resize(std::min(digits.find_first_of(finish), digits.size()));
  const bool speech = element.name == "GetInput";
  const auto most = static_cast<std::size_t>(integer_or(element, "numDigits", speech ? 32 : 99));
  digits.resize(std::min(digits.size(), most));
  const std::string valid = attribute_or(element, "validDigits", "1234567890*#");
  if (digits.empty() || digits.find_first_not_of(valid) != std::string::npos) return std::nullopt;
  return digits;
}

std::int64_t patience(const Element& element) {
  if (element.name == "GetInput") return integer_or(element, "executionTimeout", 15) * kSecondMs;
  const std::int64_t tries = std::max<std::int64_t>(1, integer_or(element, "retries", 1));
  return integer_or(element, "timeout", 5) * tries * kSecondMs;
}

FormPairs input_parameters(const Element& element, const std::string& digits) {
  if (element.name == "GetDigits") return {{"Digits", digits}};
  return {{"Digits", digits},
          {"InputType", "dtmf"},
          {"Speech", ""},
          {"SpeechConfidenceScore", "0.0"},
          {"BilledAmount", "0.00000"}};
}

// Plivo writes down nothing shorter.
constexpr std::int64_t kShortestText = 500;

void report_transcription(CallSession& session, const Element& element,
                          const Recording& recording) {
  const std::string url = attribute_or(element, "transcriptionUrl", "");
  if (url.empty() || attribute_or(element, "transcriptionType", "").empty()) return;
  if (recording.length < kShortestText) return;
  session.notify(Purpose::kTranscription, attribute_or(element, "transcriptionMethod", "POST"), url,
                 transcription_parameters(session.script(), recording));
}

void report_recording(CallSession& session, const Element& element, const Recording& recording) {
  const std::string url = attribute_or(element, "callbackUrl", "");
  if (!url.empty()) {
    session.notify(Purpose::kRecording, attribute_or(element, "callbackMethod", "POST"), url,
                   joined({{"CallUUID", session.script().call_uuid}},
                          recording_parameters(session.script(), recording)));
  }
  report_transcription(session, element, recording);
}

// Event of a Record's action, as it was captured where the reply is executed.
std::string_view record_event(const Element& element) {
  return is_true(element, "redirect", true) ? "Redirect" : "";
}

// A recording that goes on beside the elements that follow.
Replacement play_background_record(CallSession& session, const Element& element,
                                   const Recording& recording,
                                   std::vector<RunningRecording>& running) {
  const bool waits = is_true(element, "startOnDialAnswer", false);
  session.add_element(
      element, waits ? "starts when somebody who is dialled answers" : "runs until the call ends");
  running.push_back({element, recording, waits});
  const bool leaves = is_true(element, "redirect", true);
  if (waits && !leaves) return std::nullopt;
  if (waits && !attribute_or(element, "action", "").empty()) {
    session.warn(
        "Record leads to its action before anybody is dialled: what follows it here is lost, "
        "unless the action's reply dials; write redirect=\"false\"");
  }
  return run_action(session, element,
                    joined(session.parameters(record_event(element)),
                           recording_parameters(session.script(), recording)));
}

}  // namespace

Replacement run_action(CallSession& session, const Element& element, const FormPairs& pairs) {
  const std::string url = attribute_or(element, "action", "");
  if (url.empty()) return std::nullopt;
  const std::string method = attribute_or(element, "method", "POST");
  // A call that is over runs no document, so the reply counts only as a receipt.
  if (session.ended() || !is_true(element, "redirect", true)) {
    session.notify(Purpose::kAction, method, url, pairs);
    if (session.ended()) session.note("the reply is not executed: the call is over");
    return std::nullopt;
  }
  return session.follow(Purpose::kAction, method, url, pairs);
}

void play_prompt(CallSession& session, const Element& element, int depth) {
  if (loops_forever(element)) {
    session.add_element(element, "repeats until the caller hangs up", depth);
    session.advance(session.script().talk_seconds * kSecondMs);
    session.end({"completed", "NORMAL_CLEARING", 4000, "Caller"});
    return;
  }
  const std::int64_t length = prompt_milliseconds(element).value_or(0);
  const bool assumed = element.name == "Play" || element.name == "Speak";
  session.add_element(element, (assumed ? "about " : "") + seconds_text(length), depth);
  session.advance(length);
}

Replacement play_input(CallSession& session, const Element& element) {
  session.add_element(element, "");
  for (const Element& prompt : element.children) {
    if (session.ended()) return std::nullopt;
    play_prompt(session, prompt, 1);
  }
  if (session.ended()) return std::nullopt;
  const auto typed = session.take_digits();
  const auto digits = typed ? accepted_digits(element, *typed) : std::nullopt;
  if (!digits) {
    session.note(typed ? "the caller types " + *typed + ", which is not accepted"
                       : "the caller types nothing (see --digits)");
    session.advance(patience(element));
    return std::nullopt;
  }
  session.advance(static_cast<std::int64_t>(digits->size()) * kSecondMs / 2);
  session.note("the caller types " + *digits);
  return run_action(session, element,
                    joined(session.parameters(""), input_parameters(element, *digits)));
}

Replacement play_record(CallSession& session, const Element& element,
                        std::vector<RunningRecording>& running) {
  Recording recording;
  recording.id = session.script().new_uuid();
  recording.extension = attribute_or(element, "fileFormat", "mp3");
  recording.started = session.now();
  if (is_true(element, "recordSession", false) || is_true(element, "startOnDialAnswer", false)) {
    return play_background_record(session, element, recording, running);
  }
  const std::int64_t most = integer_or(element, "maxLength", 60) * kSecondMs;
  const std::int64_t speech = session.script().talk_seconds * kSecondMs;
  const std::string finish = attribute_or(element, "finishOnKey", "#");
  const bool pressed = speech < most && finish != "none" && !finish.empty();
  session.add_element(element, "the caller speaks for " + seconds_text(std::min(speech, most)));
  session.advance(std::min(speech, most));
  recording.length = session.now() - recording.started;
  // Plivo says which key ended the recording, and nothing when silence or the limit did.
  FormPairs pairs = joined(session.parameters(record_event(element)),
                           recording_parameters(session.script(), recording));
  pairs.emplace_back("Digits", pressed ? finish.substr(0, 1) : "");
  Replacement replacement = run_action(session, element, pairs);
  report_recording(session, element, recording);
  return replacement;
}

void start_recordings(CallSession& session, std::vector<RunningRecording>& running) {
  for (RunningRecording& entry : running) {
    if (!entry.waits) continue;
    entry.waits = false;
    entry.recording.started = session.now();
    session.note("the recording starts");
    if (is_true(entry.element, "redirect", true)) continue;  // its action was asked before
    run_action(session, entry.element,
               joined(session.parameters(record_event(entry.element)),
                      recording_parameters(session.script(), entry.recording)));
  }
}

void finish_recordings(CallSession& session, std::vector<RunningRecording>& running) {
  for (RunningRecording& entry : running) {
    if (entry.waits) {
      session.note("nothing was recorded: nobody who was dialled answered");
      continue;
    }
    entry.recording.length = session.now() - entry.recording.started;
    report_recording(session, entry.element, entry.recording);
  }
  running.clear();
}

}  // namespace plivo_dial::ctl
