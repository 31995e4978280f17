// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/report_forms.h"

#include <algorithm>
#include <array>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "lib/json/json_writer.h"
#include "mod_plivo_dial/ctl/call/call_record.h"
#include "mod_plivo_dial/ctl/http/form_request.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::array<ReportRule, 18> kReportRules = {{
    {ReportKind::kBegin, "begin", true, "the call begins"},
    {ReportKind::kRedirect, "redirect", true, "a document's Redirect leads here"},
    {ReportKind::kRing, "ring", false, "an outbound call rings"},
    {ReportKind::kHangup, "hangup", false, "the call is over"},
    {ReportKind::kResult, "result", true, "a Dial is over: nobody answered"},
    {ReportKind::kLeg, "leg", false, "a dialled leg has ended"},
    {ReportKind::kRemoteSounds, "remote-sounds", false, "sounds of a dialled leg"},
    {ReportKind::kDigits, "digits", true, "the caller typed a key"},
    {ReportKind::kSpeech, "speech", true, "the caller said something"},
    {ReportKind::kRecord, "record", true, "the caller has left a message"},
    {ReportKind::kRecording, "recording", false, "the file of a recording is ready"},
    {ReportKind::kApiRecording, "api-recording", false, "that of one which the API began"},
    {ReportKind::kTranscription, "transcription", false, "the text of a recording is ready"},
    {ReportKind::kMachine, "machine", false, "a machine was detected"},
    {ReportKind::kStream, "stream", false, "an audio stream has begun"},
    {ReportKind::kConference, "conference", false, "somebody entered a conference"},
    {ReportKind::kMultiParty, "multi-party", false, "somebody joined a multi-party call"},
    {ReportKind::kFlow, "flow", false, "a flow's HTTP Request node tells how it ended"},
}};

// Of things that the call itself does not have, ids that look like theirs.
constexpr const char* kRecordingId = "9b1c2d3e-4f50-4a61-8b72-93c4d5e6f708";
constexpr const char* kOtherId = "5b3e7c1a-0d42-4f8e-9a6b-2c7d1e8f9a05";

Recording message() {
  Recording recording;
  recording.id = kRecordingId;
  recording.length = 17'000;
  return recording;
}

LegRecord leg_of(const CallScript& script) {
  LegRecord leg;
  leg.position = 1;
  leg.target = "+14155550100";
  leg.from = script.from;
  leg.uuid = kOtherId;
  leg.end = kRingTimeout;
  return leg;
}

FormPairs of_api_recording(const CallScript& script) {
  return {{"api_id", kOtherId},
          {"call_uuid", script.call_uuid},
          {"record_url", "https://media.plivo.com/v1/Account/" + script.auth_id + "/Recording/" +
                             kRecordingId + ".mp3"},
          {"recording_duration", "17"},
          {"recording_duration_ms", "17000"},
          {"recording_id", kRecordingId}};
}

FormPairs of_machine(const CallScript& script) {
  return {{"ALegRequestUUID", script.call_uuid},
          {"CallUUID", script.call_uuid},
          {"Direction", "outbound"},
          {"Event", "MachineDetection"},
          {"From", script.from},
          {"IfMachine", "continue"},
          {"Machine", "true"},
          {"RequestUUID", script.call_uuid},
          {"To", script.to}};
}

FormPairs of_flow(const CallScript& script) {
  return {{"DialALegUUID", script.call_uuid},
          {"DialBLegUUID", ""},
          {"DialHangupCause", ""},
          {"DialRingStatus", "true"},
          {"DialStatus", "No Answer"}};
}

FormPairs of_result(const CallScript& script) {
  DialResult result;
  result.status = kRingTimeout.dial_status;
  result.cause = kRingTimeout.cause;
  result.rang = true;
  return joined(call_parameters(script, "ringing", "Redirect"), dial_parameters(script, result));
}

FormPairs of_leg(const CallScript& script, bool remote_sounds) {
  FormPairs pairs = dial_callback_parameters(script, leg_of(script), DialAction::kHangup);
  if (!remote_sounds) return pairs;
  for (auto& [name, value] : pairs) {
    if (name == "DialAction") value = "remotesounds";
    if (name == "Event") value = "DialRemoteSounds";
  }
  return pairs;
}

FormPairs of_hangup(const CallScript& script) {
  CallRecord record;
  record.end = {"completed", "NORMAL_CLEARING", 4000, "Caller"};
  return hangup_parameters(script, record);
}

FormPairs talking(const CallScript& script, std::string_view event, const FormPairs& more) {
  return joined(call_parameters(script, "in-progress", event), more);
}

FormPairs of_recording(const CallScript& script, ReportKind kind) {
  const Recording recording = message();
  const FormPairs pairs = recording_parameters(script, recording);
  switch (kind) {
    case ReportKind::kRecord:
      return talking(script, "Redirect", joined(pairs, {{"Digits", "#"}}));
    case ReportKind::kApiRecording:
      return of_api_recording(script);
    case ReportKind::kTranscription:
      return transcription_parameters(script, recording);
    default:
      return joined({{"CallUUID", script.call_uuid}}, pairs);
  }
}

// What is typed or said, and reports of things that no plan has.
FormPairs beside_the_plan(const CallScript& script, ReportKind kind) {
  switch (kind) {
    case ReportKind::kDigits:
      return talking(script, "", {{"Digits", "1"}});
    case ReportKind::kSpeech:
      return talking(script, "",
                     {{"BilledAmount", "0.02000"},
                      {"Digits", ""},
                      {"InputType", "speech"},
                      {"Speech", "call me back please"},
                      {"SpeechConfidenceScore", "0.91"}});
    case ReportKind::kStream:
      return talking(script, "StartStream",
                     {{"ServiceURL", "wss://stream.example.com/"}, {"StreamID", kOtherId}});
    case ReportKind::kConference:
      return talking(script, "ConferenceEnter",
                     {{"ConferenceAction", "enter"},
                      {"ConferenceMemberID", "1"},
                      {"ConferenceName", "room"},
                      {"ConferenceUUID", kOtherId}});
    case ReportKind::kMultiParty:
      return {{"EventName", "ParticipantJoined"},
              {"MPCName", "room"},
              {"MPCUUID", kOtherId},
              {"ParticipantCallUUID", script.call_uuid}};
    default:
      return of_machine(script);
  }
}

FormPairs usual_parameters(const CallScript& script, ReportKind kind) {
  switch (kind) {
    case ReportKind::kBegin:
      return call_parameters(script, "ringing", "StartApp");
    case ReportKind::kRedirect:
      return talking(script, "Redirect", {});
    case ReportKind::kRing:
      return ring_parameters(script);
    case ReportKind::kHangup:
      return of_hangup(script);
    case ReportKind::kResult:
      return of_result(script);
    case ReportKind::kLeg:
      return of_leg(script, false);
    case ReportKind::kRemoteSounds:
      return of_leg(script, true);
    case ReportKind::kRecord:
    case ReportKind::kRecording:
    case ReportKind::kApiRecording:
    case ReportKind::kTranscription:
      return of_recording(script, kind);
    case ReportKind::kFlow:
      return of_flow(script);
    default:
      return beside_the_plan(script, kind);
  }
}

}  // namespace

std::span<const ReportRule> report_rules() {
  return kReportRules;
}

const ReportRule& report_rule(ReportKind kind) {
  return *std::ranges::find(kReportRules, kind, &ReportRule::kind);
}

Result<Report> parse_report(std::string_view text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const auto rule = std::ranges::find(kReportRules, text.substr(0, equals), &ReportRule::word);
  if (rule == kReportRules.end()) {
    std::vector<std::string_view> words;
    for (const ReportRule& known : kReportRules) words.push_back(known.word);
    return Error{in_quotes(text.substr(0, equals)) + " is no report" +
                 proposal_or_list(text.substr(0, equals), words)};
  }
  return Report{rule->word, std::string(text.substr(std::min(equals + 1, text.size())))};
}

FormPairs report_parameters(const CallScript& script, ReportKind kind) {
  FormPairs pairs = usual_parameters(script, kind);
  for (const auto& own : script.extra) {
    std::erase_if(pairs, [&](const auto& pair) { return pair.first == own.first; });
  }
  return joined(std::move(pairs), script.extra);
}

HttpRequest flow_request(const CallScript& script, std::string_view url, const FormPairs& pairs) {
  HttpRequest request = make_request(script.flow_method, url, pairs);
  if (script.flow_body == "form" || request.body.empty()) return request;
  JsonWriter json;
  json.begin_object();
  for (const auto& [name, value] : pairs) {
    json.member(name, value == "null" ? std::nullopt : std::optional(value));
  }
  request.body = json.end_object().take();
  if (script.flow_body == "json") request.headers.push_back({"Content-Type", "application/json"});
  return request;
}

}  // namespace plivo_dial::ctl
