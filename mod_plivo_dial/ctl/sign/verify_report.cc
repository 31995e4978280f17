// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/sign/verify_report.h"

#include <limits>
#include <optional>
#include <utility>

#include "lib/form/form.h"
#include "lib/signature/proxy_hints.h"
#include "lib/signature/signature.h"
#include "lib/signature/signature_diagnosis.h"
#include "lib/signature/signature_search.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/sign/signature_difference.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::size_t kLabelWidth = 13;

Form decode(std::string_view encoded) {
  constexpr auto kUnlimited = std::numeric_limits<std::size_t>::max();
  // Without limits decoding can't fail.
  return Form::decode(encoded, {kUnlimited, kUnlimited, kUnlimited}).value();
}

class ReportWriter {
 public:
  explicit ReportWriter(const VerifyInput& input)
      : input_(input),
        body_(decode(input.request.method == "POST" ? input.request.body : "")),
        query_(decode(raw_query(input.target))),
        v3_(read_headers(kV3HeaderNames)),
        v2_(read_headers(kV2HeaderNames)),
        hints_(proxy_hints([&](const char* name) { return input.request.header(name); },
                           input.target)) {
    refused_.url = {input.origin, input.target};
    refused_.body = body_.parameters();
    refused_.v3 = v3_.views();
    refused_.v2 = v2_.views();
    refused_.has_v1 = input.request.header("X-Plivo-Signature").has_value();
    refused_.accept_v2 = input.accept_v2;
    refused_.accounts = input.accounts;
    refused_.parent_auth_id = body_.find("ParentAuthID");
    if (!refused_.parent_auth_id) refused_.parent_auth_id = query_.find("ParentAuthID");
    add_hosts();
  }

  VerifyReport write() {
    describe_request();
    describe_signatures();
    const SignatureVerdict verdict = judge();
    if (verdict.verified()) {
      describe_match(*verdict.match);
    } else {
      describe_refusal(verdict.refusal);
    }
    return {verdict.verified(), std::move(text_)};
  }

 private:
  // The values of one version's headers; SignatureHeaders has views of them.
  struct HeaderValues {
    std::optional<std::string> account, main_account, nonce;
    SignatureHeaders views() const { return {account, main_account, nonce}; }
  };

  HeaderValues read_headers(const SignatureHeaderNames& names) const {
    return {input_.request.header(names.account), input_.request.header(names.main_account),
            input_.request.header(names.nonce)};
  }

  void add_hosts() {
    for (const std::string& host : input_.hosts) hosts_.push_back({host, false});
    for (const std::string& host : hints_.hosts) hosts_.push_back({host, true});
    refused_.hosts = hosts_;
    refused_.ports = hints_.ports;
    refused_.paths = hints_.paths;
  }

  bool by_v2() const { return decided_by_v2(refused_); }
  const SignatureHeaderNames& names() const { return by_v2() ? kV2HeaderNames : kV3HeaderNames; }
  const SignatureHeaders& headers() const { return by_v2() ? refused_.v2 : refused_.v3; }

  std::string string_of(const SignedUrl& url, std::span<const Parameter> body,
                        std::string_view nonce) const {
    return by_v2() ? v2_string_to_sign(url, nonce) : v3_string_to_sign(url, body, nonce);
  }

  SignatureVerdict judge() const {
    return by_v2() ? verify_v2(refused_.url, refused_.v2, refused_.accounts)
                   : verify_v3(refused_.url, refused_.body, refused_.v3, refused_.accounts);
  }

  void line(std::string_view label, std::string_view value) {
    text_.append(label).append(kLabelWidth - label.size(), ' ');
    text_.append(printable(value)).append("\n");
  }

  void describe_request() {
    const std::size_t pairs = body_.parameters().size();
    line("Request", input_.request.method + " " + input_.origin + input_.target + ", " +
                        std::to_string(pairs) + (pairs == 1 ? " pair" : " pairs") + " in the body");
    for (const std::string& note : input_.request.notes) line("Note", note);
    if (input_.request.method == "GET" && !input_.request.body.empty()) {
      line("Note", "the body of a GET is not signed and was left out");
    }
  }

  void describe_signatures() {
    const bool has_nonce = headers().nonce && !headers().nonce->empty();
    const std::string text = string_of(refused_.url, refused_.body, headers().nonce.value_or(""));
    line("String", text + (has_nonce ? "" : " (and a nonce, which the request lacks)"));
    if (has_nonce) {
      line("Fingerprint", "sha256:" + string_fingerprint(text));
      for (const SigningAccount& account : input_.accounts) {
        line("Expected", sign(text, account.current_token) + " by " + std::string(account.name));
      }
    }
    for (const SignatureHeaderNames& names : {kV3HeaderNames, kV2HeaderNames}) {
      for (const std::string_view name : {names.account, names.main_account, names.nonce}) {
        const std::optional<std::string> value = input_.request.header(name);
        if (value) line("Received", std::string(name) + ": " + *value);
      }
    }
  }

  void describe_match(const SignatureMatch& match) {
    const bool main_account = match.header == SignatureHeader::kMainAccount;
    std::string verdict = "verified: ";
    verdict += main_account ? names().main_account : names().account;
    verdict += " was made with " + std::string(input_.accounts[match.account].name);
    if (match.without_slash) verdict += ", for the URL without the slash of its path";
    line("Verdict", verdict);
    if (by_v2()) {
      line("Note",
           "V2 covers neither query nor body; a server accepts it only with PlivoSignature V2");
    }
  }

  void describe_refusal(SignatureRefusal refusal) {
    line("Verdict", "NOT verified: " + std::string(to_string(refusal)));
    if (refusal == SignatureRefusal::kMismatch) describe_fit();
    std::string sentence = diagnose_refusal(refusal, refused_).sentence;
    // This is that next step.
    if (sentence.ends_with(kVerifyHint)) sentence.resize(sentence.size() - kVerifyHint.size());
    line("Cause", sentence);
  }

  void describe_fit() {
    const SearchResult result = search_reading(refused_);
    if (!result.fit) return;
    const Fit& fit = *result.fit;
    const std::string_view nonce = *headers().nonce;
    line("Signed", string_of(fit.url(), fit.body.parameters(), nonce) + " by " +
                       std::string(input_.accounts[fit.match.account].name));
    line("Differs", first_difference({fit.url(), fit.body.parameters(), nonce},
                                     {refused_.url, refused_.body, nonce}));
  }

  const VerifyInput& input_;
  const Form body_, query_;
  const HeaderValues v3_, v2_;
  const ProxyHints hints_;
  std::vector<HostCandidate> hosts_;
  RefusedRequest refused_;
  std::string text_;
};

}  // namespace

VerifyReport verify_capture(const VerifyInput& input) {
  return ReportWriter(input).write();
}

}  // namespace plivo_dial::ctl
