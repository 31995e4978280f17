// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor/doctor_questions.h"

#include <chrono>
#include <utility>

#include "lib/webhook/endpoint.h"
#include "mod_plivo_dial/ctl/call/call_signature.h"
#include "mod_plivo_dial/ctl/call/report_forms.h"
#include "mod_plivo_dial/ctl/http/form_request.h"
#include "mod_plivo_dial/ctl/uuid.h"

namespace plivo_dial::ctl {
namespace {

constexpr int kInARow = 6;  // of a call to three lines that ring at once, one of which answers

struct Question {
  Endpoint endpoint;
  ReportKind kind;  // what Plivo sends there
};

constexpr Question kQuestions[] = {
    {Endpoint::kAnswer, ReportKind::kBegin},     {Endpoint::kAction, ReportKind::kResult},
    {Endpoint::kCallback, ReportKind::kLeg},     {Endpoint::kHangup, ReportKind::kHangup},
    {Endpoint::kRecording, ReportKind::kRecord}, {Endpoint::kFallback, ReportKind::kBegin},
    {Endpoint::kRing, ReportKind::kRing},        {Endpoint::kConfirm, ReportKind::kBegin},
    {Endpoint::kMusic, ReportKind::kBegin},
};

ReportKind kind_for(std::string_view endpoint) {
  for (const Question& question : kQuestions) {
    if (to_string(question.endpoint) == endpoint) return question.kind;
  }
  return ReportKind::kBegin;
}

FormPairs probe_parameters(ReportKind kind, const std::string& challenge) {
  CallScript script;
  script.call_uuid = random_uuid();
  script.new_uuid = random_uuid;
  script.start_microseconds = std::chrono::duration_cast<std::chrono::microseconds>(
                                  std::chrono::system_clock::now().time_since_epoch())
                                  .count();
  FormPairs pairs = report_parameters(script, kind);
  // Any of these would do for an event, where a signature does not count.
  std::erase_if(pairs, [](const auto& pair) {
    return pair.first == "CallUUID" || pair.first == "RecordingID" || pair.first == "recording_id";
  });
  pairs.emplace_back(kProbeParameter, challenge);
  sort_pairs(pairs);
  return pairs;
}

std::string url_below(std::string url, std::string_view suffix) {
  if (!suffix.empty() && url.ends_with('/')) url.pop_back();
  return url.append(suffix);
}

// What is asked, and how.
struct Asking {
  std::string suffix;
  std::string method;
  ReportKind kind = ReportKind::kBegin;
  bool of_spool = false;
};

ProbeAnswer ask(Prober& prober, const ProbeSigner& signer, const Asking& asking) {
  const std::string challenge = random_nonce();
  const FormPairs pairs = probe_parameters(asking.kind, challenge);
  const std::string dialled = url_below(signer.dialled, asking.suffix);
  HttpRequest request = make_request(asking.method, dialled, pairs);
  ProbeAnswer answer{
      asking.suffix, asking.method, request.body.size(), !signer.token.empty(), {}, {}};
  if (answer.is_signed) {
    request.headers = signature_headers(request, pairs, random_nonce(), signer.token);
  }
  if (asking.of_spool) request.headers.push_back({"X-Plivo-Dial-Probe", "spool"});
  request.url = url_below(prober.target().url, asking.suffix) + request.url.substr(dialled.size());
  answer.reply = prober.send(request);
  if (answer.is_signed && !answer.reply.mark.empty()) {
    answer.mark = check_mark(answer.reply.mark, challenge, answer.reply.body, signer.token);
  }
  return answer;
}

// No flow sends it, and whatever a flow sends makes an event.
ProbeAnswer ask_for_flows(Prober& prober) {
  return {"", "PATCH", 0, false, prober.send({"PATCH", prober.target().url, ""}), {}};
}

}  // namespace

std::vector<ProbeAnswer> ask_location(Prober& prober, const ProbeSigner& signer,
                                      std::string_view endpoint,
                                      const std::vector<NamedUrl>& named) {
  if (endpoint == to_string(Endpoint::kEvent)) return {ask_for_flows(prober)};
  const ReportKind own = kind_for(endpoint);
  std::vector<ProbeAnswer> answers = {ask(prober, signer, {"", "POST", own, true})};
  if (!is_of_module(answers[0])) return answers;
  answers.push_back(ask(prober, signer, {"", "GET", own}));
  for (const NamedUrl& url : named) {
    answers.push_back(ask(prober, signer, {url.suffix, "POST", kind_for(url.endpoint)}));
    answers.back().named_by = url.attribute;
  }
  if (endpoint != to_string(Endpoint::kAnswer)) return answers;
  for (const Question& question : kQuestions) {
    if (to_string(question.endpoint) == endpoint) continue;
    answers.push_back(
        ask(prober, signer, {url_of_endpoint("", question.endpoint), "POST", question.kind}));
  }
  return answers;
}

std::vector<ProbeAnswer> ask_in_a_row(Prober& prober, const ProbeSigner& signer,
                                      std::string_view endpoint) {
  const Asking callback = {url_of_endpoint("", Endpoint::kCallback), "POST", ReportKind::kLeg};
  const Asking asking =
      endpoint == to_string(Endpoint::kAnswer) ? callback : Asking{"", "POST", kind_for(endpoint)};
  std::vector<ProbeAnswer> answers;
  while (answers.size() < kInARow && (answers.empty() || is_of_module(answers.back()))) {
    answers.push_back(ask(prober, signer, asking));
  }
  return answers;
}

}  // namespace plivo_dial::ctl
