// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor/doctor_verdict.h"

#include <algorithm>
#include <optional>

#include "lib/base/in_quotes.h"
#include "lib/log/log_id.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kAnswered = " is answered by mod_plivo_dial";

std::string name_of(const ProbedLocation& location, const ProbeAnswer& answer) {
  std::string url = location.url;
  if (!answer.suffix.empty() && url.ends_with('/')) url.pop_back();
  const std::string named = answer.named_by.empty() ? "" : " (of " + answer.named_by + "=)";
  return url + answer.suffix + location.place + named;
}

// Behind "this token's signature".
std::string of_account(const ProbedLocation& location) {
  return location.account.empty() ? "" : " (account " + in_quotes(location.account) + ")";
}

// What is wrong with a reply that the module has marked; "" for nothing.
std::string harm_of_marked(const ProbeReply& reply) {
  if (reply.status != 200) {
    return "answers with " + std::to_string(reply.status) +
           " where mod_plivo_dial has answered with 200: something behind it changes the status";
  }
  if (reply.body.empty() || is_document_type(reply.content_type)) return "";
  return "sends its document as " +
         (reply.content_type.empty() ? "nothing" : reply.content_type.substr(0, 80)) +
         " in place of application/xml, and Plivo takes no such document: look for a Header that "
         "sets Content-Type, or a proxy that does";
}

std::string changed_text() {
  return "sends another document than mod_plivo_dial has written: look for an output filter "
         "(SetOutputFilter, AddOutputFilterByType, Substitute) or a proxy that changes replies, "
         "and take the path out of it";
}

// The ways in which the module itself refuses; nothing where that is what a probe without proof
// gets.
std::optional<std::string> harm_of_refusal(const ProbedLocation& location,
                                           const ProbeAnswer& answer) {
  const ProbeReply& reply = answer.reply;
  if (reply.status == 503 && has_log_id(reply.body, log_id::kProcessCannotStore)) {
    return std::string(kAnswered.substr(1)) +
           ", whose process can't store events and refuses them with 503: " +
           reply.body.substr(0, reply.body.find('\n'));
  }
  switch (reply.status) {
    case 400:
      return std::nullopt;
    case 403:
      if (!answer.is_signed) return std::nullopt;
      return std::string(kAnswered.substr(1)) + ", which refuses this token's signature (403)" +
             of_account(location) + ": " + std::string(location.if_signature_is_refused);
    case 405:
      if (answer.method == "PATCH") return std::nullopt;
      break;
    case 413:
      return "refuses a request of usual size, " + std::to_string(answer.body_bytes) +
             " bytes, with 413: raise LimitRequestBody and PlivoMaxBody there";
    default:
      break;
  }
  return "is refused by mod_plivo_dial with " + std::to_string(reply.status) +
         ": the line in httpd's error log says why";
}

// What is wrong with what was said, behind the URL; nothing when all is well.
std::optional<std::string> harm_of(const ProbedLocation& location, const ProbeAnswer& answer) {
  const ProbeReply& reply = answer.reply;
  if (answer.mark.ours) {
    const std::string harm = harm_of_marked(reply);
    if (!harm.empty()) return harm;
    return answer.mark.whole ? std::nullopt : std::optional(changed_text());
  }
  if (is_of_module(answer)) return harm_of_refusal(location, answer);
  if (reply.status == 200 && !reply.mark.empty()) {
    return "is answered by mod_plivo_dial with another token than this one" + of_account(location) +
           ": reload httpd";
  }
  return stranger_text(reply);
}

std::string sentence_of(const ProbedLocation& location, const ProbeAnswer& answer,
                        const std::string& harm) {
  const std::string name = name_of(location, answer);
  return answer.reply.status == 0 ? name + ": " + answer.reply.error : name + " " + harm;
}

// Of a flow's Location, where a PATCH is all that can be sent.
Finding judge_flows(const ProbedLocation& location, const ProbeAnswer& answer) {
  const std::string name = name_of(location, answer);
  if (is_of_module(answer)) return {location.check, Health::kOk, name + std::string(kAnswered)};
  const long status = answer.reply.status;
  const bool of_methods = status == 403 || status == 405 || status == 501;
  if (of_methods) {
    return {location.check, Health::kNotChecked,
            name + " answers a PATCH, which makes no event, with " + std::to_string(status) +
                " before mod_plivo_dial sees it; whether a flow's request comes through, only one "
                "can show"};
  }
  return {location.check, Health::kProblem,
          sentence_of(location, answer, stranger_text(answer.reply))};
}

// Where all is well.
Finding praise(const ProbedLocation& location, const ProbeAnswer& answer) {
  const std::string name = name_of(location, answer) + std::string(kAnswered);
  const std::string unproven =
      "; not proven: that it believes Plivo's signature, and that its documents arrive unchanged";
  if (answer.mark.ours) {
    return {location.check, Health::kOk,
            name + ", which believes this token's signature" + of_account(location)};
  }
  if (location.signature == "Off") {
    return {location.check, Health::kOk, name + unproven + " (PlivoSignature Off)"};
  }
  if (!answer.is_signed) {
    return {location.check, Health::kOk, name + unproven + " (no token to sign with)"};
  }
  if (location.signature != "Warn") {
    return {location.check, Health::kWarning,
            name +
                " of another version, which knows no probes: restart httpd, which runs what it "
                "loaded at its start"};
  }
  return {location.check, Health::kWarning,
          name + ", which does not believe this token's signature" + of_account(location) +
              ", and serves such requests all the same (PlivoSignature Warn)"};
}

}  // namespace

Findings judge_location(const ProbedLocation& location, const std::vector<ProbeAnswer>& answers) {
  const ProbeAnswer& first = answers.front();
  if (first.method == "PATCH") return {judge_flows(location, first)};
  if (const std::optional<std::string> harm = harm_of(location, first)) {
    return {{location.check, Health::kProblem, sentence_of(location, first, *harm)}};
  }
  Findings findings;
  for (const ProbeAnswer& answer : answers) {
    const std::optional<std::string> harm = harm_of(location, answer);
    if (!harm) continue;
    const bool get = answer.method == "GET";
    add(findings, location.check, get ? Health::kWarning : Health::kProblem,
        (get ? "a GET: " : "") + sentence_of(location, answer, *harm) +
            (get ? "; it does no harm as long as each method at Plivo is POST" : ""));
  }
  const bool well = std::ranges::none_of(
      findings, [](const Finding& finding) { return finding.health == Health::kProblem; });
  if (well) findings.insert(findings.begin(), praise(location, first));
  return findings;
}

Findings judge_row(const ProbedLocation& location, const std::vector<ProbeAnswer>& answers) {
  if (answers.size() < 2 || is_of_module(answers.back())) return {};
  const ProbeAnswer& last = answers.back();
  const std::string what =
      last.reply.status == 0 ? "none" : "with " + std::to_string(last.reply.status);
  return {{location.check, Health::kProblem,
           name_of(location, last) + " answers request " + std::to_string(answers.size()) +
               " of a quick row " + what +
               ", and the callbacks of a call come as quickly: something counts requests; with "
               "mod_evasive raise DOSPageCount and DOSSiteCount"}};
}

}  // namespace plivo_dial::ctl
