// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/request_forms.h"

#include <cstdio>
#include <ctime>

#include "lib/base/without_plus.h"
#include "mod_plivo_dial/ctl/http/form_request.h"

namespace plivo_dial::ctl {
namespace {

// Captured and documented examples show such values; only their form matters to a server.
constexpr std::string_view kLegRate = "0.01781";
constexpr double kInboundRate = 0.0085;
constexpr double kOutboundRate = 0.005;
constexpr double kLegRateValue = 0.01781;
constexpr std::int64_t kBillingSeconds = 60;

std::string_view call_rate(const CallScript& script) {
  return script.direction == Direction::kInbound ? "0.0085" : "0.005";
}

bool is_sip(std::string_view target) {
  return target.starts_with("sip:") || target.starts_with("sips:");
}

std::string with_plus(std::string_view number) {
  const bool digits =
      !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
  return (digits ? "+" : "") + std::string(number);
}

// As if the call had begun with a second: how long it lasts does not depend on when it is played.
std::int64_t unix_seconds(const CallScript& script, std::int64_t at) {
  return script.start_microseconds / 1'000'000 + at / 1000;
}

// Plivo writes these in the time zone of the account; a played account lives in UTC.
std::string account_time(const CallScript& script, std::int64_t at) {
  const std::time_t seconds = static_cast<std::time_t>(unix_seconds(script, at));
  std::tm parts = {};
  gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  return std::string(text, size);
}

std::string session_start(const CallScript& script) {
  char fraction[16];
  std::snprintf(fraction, sizeof fraction, ".%06d",
                static_cast<int>(script.start_microseconds % 1'000'000));
  return account_time(script, 0) + fraction;
}

std::int64_t billed_seconds(std::int64_t seconds) {
  return (seconds + kBillingSeconds - 1) / kBillingSeconds * kBillingSeconds;
}

std::string cost(std::int64_t seconds, double rate) {
  char text[32];
  std::snprintf(text, sizeof text, "%.5f",
                rate * static_cast<double>(billed_seconds(seconds) / kBillingSeconds));
  return text;
}

std::int64_t whole_seconds(const CallScript& script, std::optional<std::int64_t> from,
                           std::int64_t to) {
  return from ? unix_seconds(script, to) - unix_seconds(script, *from) : 0;
}

std::int64_t unix_milliseconds(const CallScript& script, std::int64_t at) {
  return script.start_microseconds / 1000 + at;
}

FormPairs leg_parameters(const CallScript& script, const LegRecord& leg, std::string_view action,
                         std::string_view event) {
  return {{"CallUUID", script.call_uuid},
          {"DialALegUUID", script.call_uuid},
          {"DialAction", std::string(action)},
          {"DialBLegBillRate", std::string(kLegRate)},
          {"DialBLegFrom", with_plus(leg.from)},
          {"DialBLegPosition", std::to_string(leg.position)},
          {"DialBLegTo", std::string(without_plus(leg.target))},
          {"DialBLegUUID", leg.uuid},
          {"Event", std::string(event)}};
}

FormPairs leg_hangup_parameters(const CallScript& script, const LegRecord& leg) {
  const std::int64_t seconds = whole_seconds(script, leg.answered, leg.ended);
  FormPairs pairs = {{"DialBLegBillDuration", std::to_string(billed_seconds(seconds))},
                     {"DialBLegDuration", std::to_string(seconds)},
                     {"DialBLegHangupCause", std::string(leg.end.cause)},
                     {"DialBLegHangupCauseCode", std::to_string(leg.end.code)},
                     {"DialBLegHangupCauseName", std::string(cause_name(leg.end.code))},
                     {"DialBLegHangupSource", std::string(leg.end.source)},
                     {"DialBLegTotalCost", cost(seconds, kLegRateValue)},
                     {"EndTime", account_time(script, leg.ended)},
                     {"StartTime", account_time(script, leg.started)}};
  if (leg.answered) pairs.emplace_back("AnswerTime", account_time(script, *leg.answered));
  return pairs;
}

}  // namespace

FormPairs call_parameters(const CallScript& script, std::string_view call_status,
                          std::string_view event) {
  FormPairs pairs = {{"BillRate", std::string(call_rate(script))},
                     {"CallStatus", std::string(call_status)},
                     {"CallUUID", script.call_uuid},
                     {"From", std::string(without_plus(script.from))},
                     {"ParentAuthID", script.auth_id},
                     {"STIRAttestation", "Not Applicable"},
                     {"SessionStart", session_start(script)},
                     {"To", std::string(without_plus(script.to))}};
  if (!event.empty()) pairs.emplace_back("Event", event);
  if (script.direction == Direction::kInbound) {
    pairs.emplace_back("CallerName", script.caller_name.empty() ? script.from : script.caller_name);
    pairs.emplace_back("Direction", "inbound");
    pairs.emplace_back("STIRVerification", is_sip(script.from) ? "Not Applicable" : "Verified");
  } else {
    pairs.emplace_back("ALegRequestUUID", script.call_uuid);
    pairs.emplace_back("ALegUUID", script.call_uuid);
    pairs.emplace_back("Direction", "outbound");
    pairs.emplace_back("RequestUUID", script.call_uuid);
    pairs.emplace_back("STIRVerification", "Not Applicable");
    if (is_sip(script.to)) pairs.emplace_back("SIP-H-To", "<" + script.to + ">;tag=dialctl");
  }
  return joined(std::move(pairs), script.extra);
}

FormPairs ring_parameters(const CallScript& script) {
  return joined({{"ALegRequestUUID", script.call_uuid},
                 {"CallStatus", "ringing"},
                 {"CallUUID", script.call_uuid},
                 {"Direction", "outbound"},
                 {"Event", "Ring"},
                 {"From", std::string(without_plus(script.from))},
                 {"ParentAuthID", script.auth_id},
                 {"RequestUUID", script.call_uuid},
                 {"STIRAttestation", "Not Applicable"},
                 {"SessionStart", session_start(script)},
                 {"To", std::string(without_plus(script.to))}},
                script.extra);
}

FormPairs dial_parameters(const CallScript& script, const DialResult& result) {
  return {{"DialALegUUID", script.call_uuid},
          {"DialBLegUUID", result.b_leg_uuid},
          {"DialHangupCause", result.cause},
          {"DialRingStatus", result.rang ? "true" : "false"},
          {"DialStatus", result.status}};
}

FormPairs ended_call_parameters(const CallScript& script, const CallRecord& record) {
  const std::int64_t seconds = whole_seconds(script, record.answered, record.ended);
  const double rate = script.direction == Direction::kInbound ? kInboundRate : kOutboundRate;
  return {{"BillDuration", std::to_string(billed_seconds(seconds))},
          {"Duration", std::to_string(seconds)},
          {"HangupCause", std::string(record.end.cause)},
          {"TotalCost", cost(seconds, rate)}};
}

FormPairs dial_callback_parameters(const CallScript& script, const LegRecord& leg,
                                   DialAction action) {
  switch (action) {
    case DialAction::kAnswer:
      return joined(leg_parameters(script, leg, "answer", "DialAnswer"),
                    {{"DialBLegStatus", "answer"}});
    case DialAction::kConnected:
      return joined(leg_parameters(script, leg, "connected", "DialConnected"),
                    {{"DialBLegStatus", "connected"}});
    case DialAction::kDigits:
      return leg_parameters(script, leg, "digits", "DialDigitsMatch");
    case DialAction::kHangup:
      break;
  }
  return joined(
      joined(leg_parameters(script, leg, "hangup", "DialHangup"), {{"DialBLegStatus", "hangup"}}),
      leg_hangup_parameters(script, leg));
}

FormPairs digits_match_parameters(const CallScript& script, const LegRecord& leg,
                                  std::string_view digits, std::string_view pressed_by) {
  return joined(
      dial_callback_parameters(script, leg, DialAction::kDigits),
      {{"DialDigitsMatch", std::string(digits)}, {"DialDigitsPressedBy", std::string(pressed_by)}});
}

FormPairs hangup_parameters(const CallScript& script, const CallRecord& record) {
  FormPairs pairs = joined(call_parameters(script, record.end.status, "Hangup"),
                           ended_call_parameters(script, record));
  pairs.emplace_back("EndTime", account_time(script, record.ended));
  pairs.emplace_back("HangupCauseCode", std::to_string(record.end.code));
  pairs.emplace_back("HangupCauseName", cause_name(record.end.code));
  pairs.emplace_back("HangupSource", record.end.source);
  pairs.emplace_back("StartTime", account_time(script, 0));
  if (record.answered) pairs.emplace_back("AnswerTime", account_time(script, *record.answered));
  return pairs;
}

FormPairs recording_parameters(const CallScript& script, const Recording& recording) {
  const bool runs = recording.length < 0;
  const std::int64_t end = recording.started + recording.length;
  const auto number = [&](std::int64_t value) { return runs ? "-1" : std::to_string(value); };
  return {{"RecordUrl", "https://media.plivo.com/v1/Account/" + script.auth_id + "/Recording/" +
                            recording.id + "." + recording.extension},
          {"RecordingDuration", number(recording.length / 1000)},
          {"RecordingDurationMs", number(recording.length)},
          {"RecordingEndMs", number(unix_milliseconds(script, end))},
          {"RecordingID", recording.id},
          {"RecordingStartMs", number(unix_milliseconds(script, recording.started))}};
}

FormPairs transcription_parameters(const CallScript& script, const Recording& recording) {
  return {{"call_uuid", script.call_uuid},
          {"duration", std::to_string(recording.length / 1000)},
          {"error", ""},
          {"recording_id", recording.id},
          {"transcription", "This is a message, please call me back."},
          {"transcription_charge", "0.05000"},
          {"transcription_rate", "0.05000"}};
}

}  // namespace plivo_dial::ctl
