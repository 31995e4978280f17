// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor_probe.h"

#include <algorithm>
#include <memory>

#include "mod_plivo_dial/ctl/curl_request.h"
#include "mod_plivo_dial/ctl/request_forms.h"
#include "mod_plivo_dial/ctl/signed_webhook.h"

namespace plivo_dial::ctl {
namespace {

constexpr long kTotalMilliseconds = 10'000;

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

// libcurl calls these from C.
std::size_t keep_body(char* bytes, std::size_t, std::size_t size, void* user) noexcept {
  constexpr std::size_t kMost = 2000;
  try {
    std::string& body = static_cast<ProbeReply*>(user)->body;
    body.append(bytes, std::min(size, kMost - std::min(kMost, body.size())));
    return size;
  } catch (const std::exception&) {
    return 0;
  }
}

std::size_t keep_header(char* bytes, std::size_t, std::size_t size, void* user) noexcept {
  try {
    read_head_line({bytes, size}, *static_cast<ProbeReply*>(user));
    return size;
  } catch (const std::exception&) {
    return 0;
  }
}

std::string error_text(CURLcode code, const ProbeTarget& target) {
  const std::string where = target.connect_to.empty() ? origin_of(target.url) : target.connect_to;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "the host name of " + where +
             " is not known here: enter it into the DNS, or correct "
             "PlivoPublicURL";
    case CURLE_COULDNT_CONNECT:
      return "nobody answers at " + where +
             " (is httpd running, and does a firewall let this port through?)";
    case CURLE_OPERATION_TIMEDOUT:
      return "no reply from " + where +
             " in 10 s: look for a firewall; a router may also keep this "
             "machine from its own public address, then use --offline";
    case CURLE_PEER_FAILED_VERIFICATION:
      return "the certificate of " + where +
             " is not trusted, so Plivo would not trust it either: "
             "serve one for this name with its full chain, not expired, of a public authority";
    case CURLE_SSL_CONNECT_ERROR:
      return "no TLS with " + where + ": does this port speak https?";
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
      return where + " closed the connection without a reply: see httpd's error log";
    default:
      return "the request to " + where + " failed: " + curl_easy_strerror(code);
  }
}

void set_target(CURL* curl, const ProbeTarget& target, CurlList& connect_to) {
  set_up_request(curl, target.url, "plivo-dialctl/" PLIVO_DIAL_VERSION " doctor",
                 kTotalMilliseconds);
  if (!target.connect_to.empty()) {
    append_line("::" + target.connect_to, connect_to);
    curl_easy_setopt(curl, CURLOPT_CONNECT_TO, connect_to.get());
  }
  if (target.any_certificate) {
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  }
}

}  // namespace

ProbeReply probe(const ProbeTarget& target, const std::string& method,
                 const std::vector<HttpHeader>& headers) {
  ProbeReply reply;
  const std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
  CURL* curl = handle.get();
  if (!curl) {
    reply.error = "libcurl does not start";
    return reply;
  }
  const CurlList lines = header_lines(headers);
  CurlList connect_to;
  set_target(curl, target, connect_to);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines.get());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &keep_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &keep_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &reply);
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply.status);
  // Of a reply that began, the head is all that counts.
  if (code != CURLE_OK && reply.status == 0) {
    reply.error = error_text(code, target);
    reply.refused = code == CURLE_COULDNT_CONNECT;
  }
  return reply;
}

Finding judge_location(const std::string& check, const std::string& url,
                       const LocationReplies& replies, std::string_view if_signature_is_refused) {
  const ProbeReply& first = replies.unknown_method;
  if (first.status == 0) return {check, Health::kProblem, url + ": " + first.error};
  if (!is_ours(first)) return {check, Health::kProblem, url + " " + stranger_text(first)};
  if (!replies.signed_was_sent) {
    return {check, Health::kOk, url + " is answered by mod_plivo_dial"};
  }
  const ProbeReply& second = replies.signed_webhook;
  if (second.status == 503 && second.body.starts_with("PD0513: ")) {
    return {check, Health::kProblem,
            url +
                " is answered by mod_plivo_dial, whose process can't store events and refuses "
                "them with 503: " +
                second.body.substr(0, second.body.find('\n'))};
  }
  // By whom: a firewall module may take a POST and let a PATCH through.
  const bool ours = is_our_refusal(second, second.body);
  switch (ours || second.status == 0 ? second.status : 200) {
    case 0:
      return {check, Health::kProblem, url + ": " + second.error};
    case 400:
      return {check, Health::kOk,
              url + " is answered by mod_plivo_dial, which believes this token's signature"};
    case 403:
      return {check, Health::kProblem,
              url + " is answered by mod_plivo_dial, which refuses this token's signature (403): " +
                  std::string(if_signature_is_refused)};
    default:
      return {check, Health::kProblem,
              url + " answers a signed request with " + std::to_string(second.status) +
                  " in place of mod_plivo_dial's 400: something in front of it takes POST"};
  }
}

Result<LocationReplies> ask_location(const ProbeTarget& target, const std::string& dialled,
                                     std::string_view token) {
  LocationReplies replies;
  replies.unknown_method = probe(target, "PATCH", {});
  if (token.empty() || !is_ours(replies.unknown_method)) return replies;
  const Result<SignedWebhook> webhook = sign_webhook({"POST", dialled, "", ""}, {}, token);
  if (!webhook) return webhook.error();
  replies.signed_was_sent = true;
  std::vector<HttpHeader> headers = webhook->request.headers;
  headers.push_back({"X-Plivo-Dial-Probe", "spool"});
  replies.signed_webhook = probe(target, "POST", headers);
  return replies;
}

}  // namespace plivo_dial::ctl
