// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor/doctor_probe.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "mod_plivo_dial/ctl/http/curl_request.h"
#include "mod_plivo_dial/ctl/http/form_request.h"

namespace plivo_dial::ctl {
namespace {

constexpr long kProbeMilliseconds = 10'000;

// libcurl calls these from C.
std::size_t keep_probe_body(char* bytes, std::size_t, std::size_t size, void* user) noexcept {
  constexpr std::size_t kMost = 200'000;
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
      return where + " closed the connection without a reply: see httpd's error log; " +
             (target.connect_to.empty()
                  ? "where httpd expects the PROXY protocol there (RemoteIPProxyProtocol), the URL "
                    "leads past its proxy, and Plivo does not speak that: let it lead to the proxy"
                  : silence_advice(target.proxy_protocol));
    case CURLE_UNSUPPORTED_PROTOCOL:
      return "what answers at " + where + " is no HTTP: does this port speak https?";
    default:
      return "the request to " + where + " failed: " + curl_easy_strerror(code);
  }
}

void set_target(CURL* curl, const ProbeTarget& target, CurlList& connect_to) {
  if (!target.connect_to.empty()) {
    append_line("::" + target.connect_to, connect_to);
    curl_easy_setopt(curl, CURLOPT_CONNECT_TO, connect_to.get());
  }
  if (target.any_certificate) {
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (target.proxy_protocol) curl_easy_setopt(curl, CURLOPT_HAPROXYPROTOCOL, 1L);
}

// What the server gets to see. `request` must outlive the transfer.
void set_request(CURL* curl, const HttpRequest& request) {
  set_up_request(curl, request.url, "plivo-dialctl/" PLIVO_DIAL_VERSION " doctor",
                 kProbeMilliseconds);
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
  if (request.method == "GET") return;
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void set_receiver(CURL* curl, ProbeReply& reply) {
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &keep_probe_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &keep_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &reply);
}

}  // namespace

struct Prober::Curl {
  CURL* handle = curl_easy_init();
  ~Curl() { curl_easy_cleanup(handle); }
};

Prober::Prober(ProbeTarget target) : target_(std::move(target)), curl_(std::make_unique<Curl>()) {}

Prober::~Prober() = default;

ProbeReply Prober::send(const HttpRequest& request) {
  ProbeReply reply;
  CURL* curl = curl_->handle;
  if (!curl) {
    reply.error = "libcurl does not start";
    return reply;
  }
  curl_easy_reset(curl);
  const CurlList lines = header_lines(request.headers);
  CurlList connect_to;
  set_request(curl, request);
  set_target(curl, target_, connect_to);
  set_receiver(curl, reply);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines.get());
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply.status);
  reply.proxy_protocol = target_.proxy_protocol;
  // Of a reply that began, the head is all that counts.
  if (code != CURLE_OK && reply.status == 0) {
    reply.error = error_text(code, target_);
    reply.refused = code == CURLE_COULDNT_CONNECT;
  }
  return reply;
}

}  // namespace plivo_dial::ctl
