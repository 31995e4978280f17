// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/curl_http_client.h"

#include <exception>

#include "mod_plivo_dial/ctl/curl_request.h"
#include "mod_plivo_dial/ctl/request_forms.h"

namespace plivo_dial::ctl {
namespace {

constexpr long kConnectMilliseconds = 2000;
constexpr long kTotalMilliseconds = 40'000;
// More than Plivo reads of a document, so that one too long is seen as such.
constexpr std::size_t kMaxBodyBytes = 200'000;

// libcurl calls this from C: nothing may be thrown through it.
std::size_t keep_body(char* bytes, std::size_t, std::size_t size, void* user) noexcept {
  try {
    HttpResponse& response = *static_cast<HttpResponse*>(user);
    if (response.body.size() + size > kMaxBodyBytes) {
      response.truncated = true;
      return 0;
    }
    response.body.append(bytes, size);
    return size;
  } catch (const std::exception&) {
    return 0;
  }
}

void set_failure(CURLcode code, const std::string& url, HttpResponse& response) {
  const std::string origin = origin_of(url);
  const auto fail = [&](std::string error, std::string remedy) {
    response.error = std::move(error);
    response.remedy = std::move(remedy);
  };
  switch (code) {
    case CURLE_COULDNT_CONNECT:
      return fail("no server answers at " + origin, "is httpd running, and is this its port?");
    case CURLE_COULDNT_RESOLVE_HOST:
      return fail("the host name of " + origin + " is not known here",
                  "check the name; if a document holds it and the server under test stands behind "
                  "it, add --public-url " +
                      origin);
    case CURLE_OPERATION_TIMEDOUT:
      return fail("no reply from " + origin + " in time",
                  "Plivo waits 2 s for the connection and 40 s in all");
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
      return fail(origin + " closed the connection without a reply",
                  "the server's error log says why");
    case CURLE_PEER_FAILED_VERIFICATION:
      return fail("the certificate of " + origin + " is not trusted",
                  "serve the full chain of a public authority");
    case CURLE_SSL_CONNECT_ERROR:
      return fail("no TLS with " + origin, "does this port speak https?");
    default:
      return fail("the request to " + origin + " failed: " + curl_easy_strerror(code), "");
  }
}

std::string text_info(CURL* curl, CURLINFO info) {
  const char* text = nullptr;
  curl_easy_getinfo(curl, info, &text);
  return text ? text : "";
}

}  // namespace

Result<std::unique_ptr<CurlHttpClient>> CurlHttpClient::create(std::string user_agent) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return Error{"libcurl does not start"};
  CURL* curl = curl_easy_init();
  if (!curl) return Error{"libcurl does not start"};
  return std::unique_ptr<CurlHttpClient>(new CurlHttpClient(curl, std::move(user_agent)));
}

CurlHttpClient::~CurlHttpClient() {
  curl_easy_cleanup(handle_);
  curl_global_cleanup();
}

HttpResponse CurlHttpClient::send(const HttpRequest& request) {
  HttpResponse response;
  CURL* curl = handle_;
  curl_easy_reset(curl);
  set_up_request(curl, request.url, user_agent_, kTotalMilliseconds);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, kConnectMilliseconds);
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
  const CurlList headers = header_lines(request.headers);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &keep_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &response);
  if (request.method == "POST" || request.method == "PUT") {
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
  }
  if (request.method == "PUT" || request.method == "DELETE") {
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &response.status);
  if (code != CURLE_OK && !response.truncated) {
    set_failure(code, request.url, response);
    return response;
  }
  response.content_type = text_info(curl, CURLINFO_CONTENT_TYPE);
  response.location = text_info(curl, CURLINFO_REDIRECT_URL);
  return response;
}

}  // namespace plivo_dial::ctl
