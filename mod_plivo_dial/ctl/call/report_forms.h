// File: mod_plivo_dial/ctl/call/report_forms.h
//
// What --report plays: requests beside those that follow from a document. Each kind is a row with
// its word and its parameters. Pure.
// Sources: Plivo docs voice/xml/request, voice/xml/record, voice/xml/conference,
// voice/xml/multiparty-call, voice/api/call, voice/api/recording, voice/concepts/audio-streaming,
// phlo/components-library/http-request.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "mod_plivo_dial/ctl/call/call_script.h"
#include "mod_plivo_dial/ctl/call/request_forms.h"

namespace plivo_dial::ctl {

enum class ReportKind {
  kBegin,
  kRedirect,
  kRing,
  kHangup,
  kResult,
  kLeg,
  kRemoteSounds,
  kDigits,
  kSpeech,
  kRecord,
  kRecording,
  kApiRecording,
  kTranscription,
  kMachine,
  kStream,
  kConference,
  kMultiParty,
  kFlow,
};

struct ReportRule {
  ReportKind kind;
  std::string_view word;     // as written behind --report
  bool wants_document;       // a caller is on the line, who gets what the reply says
  std::string_view meaning;  // for people
};

std::span<const ReportRule> report_rules();
const ReportRule& report_rule(ReportKind kind);

// Reads KIND[=URL]. The error names the text and proposes a kind or lists them.
Result<Report> parse_report(std::string_view text);

// What it says about the call of `script`. --param has the last word about each parameter.
FormPairs report_parameters(const CallScript& script, ReportKind kind);

// The request of a flow's node to `url`, as the script's flow_method and flow_body have it. In JSON
// all values are strings, but for `null`.
HttpRequest flow_request(const CallScript& script, std::string_view url, const FormPairs& pairs);

}  // namespace plivo_dial::ctl
