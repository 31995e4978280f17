// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/http/curl_http_client.h"

#include <exception>

#include "lib/base/absolute_url.h"
#include "mod_plivo_dial/ctl/http/curl_request.h"
#include "mod_plivo_dial/ctl/http/form_request.h"
#include "mod_plivo_dial/ctl/http/place.h"

namespace plivo_dial::ctl {
namespace {

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

std::size_t keep_head(char* bytes, std::size_t, std::size_t size, void* user) noexcept {
  try {
    read_head_line({bytes, size}, *static_cast<HttpResponse*>(user));
    return size;
  } catch (const std::exception&) {
    return 0;
  }
}

// The URL as the server is to understand it.
std::string named_url(const HttpRequest& request) {
  if (request.server_name.empty()) return request.url;
  const std::string_view authority = authority_of(request.url);
  const std::size_t rest = request.url.find("://") + 3 + authority.size();
  const std::string user(authority.substr(0, authority.rfind('@') + 1));
  std::string origin = origin_under_name(place_of(request.url), request.server_name);
  origin.insert(origin.find("://") + 3, user);
  return origin + request.url.substr(rest);
}

// What libcurl connects to in place of what the URL says; "" for that.
std::string connection_of(const HttpRequest& request) {
  if (!request.connect_to.empty()) return request.connect_to;
  return request.server_name.empty() ? "" : connection_to(place_of(request.url));
}

void set_failure(CURLcode code, const HttpRequest& request, HttpResponse& response) {
  const std::string origin = origin_of(request.url);
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
                  "the server's error log says why; " + silence_advice(request.proxy_protocol));
    case CURLE_PEER_FAILED_VERIFICATION:
      return fail("the certificate of " + origin + " is not trusted",
                  "serve the full chain of a public authority for this name; to try one of your "
                  "own, give its certificate with --cacert FILE");
    case CURLE_SSL_CACERT_BADFILE:
      return fail("the file of --cacert holds no certificate that can be used",
                  "name a PEM file with the certificate of the authority");
    case CURLE_SSL_CONNECT_ERROR:
      return fail("no TLS with " + origin, "does this port speak https?");
    case CURLE_UNSUPPORTED_PROTOCOL:
      return fail("what answers at " + origin + " is no HTTP", "does this port speak https?");
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

Result<std::unique_ptr<CurlHttpClient>> CurlHttpClient::create(std::string user_agent,
                                                               std::string authority_file,
                                                               HttpPatience patience) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return Error{"libcurl does not start"};
  CURL* curl = curl_easy_init();
  if (!curl) return Error{"libcurl does not start"};
  return std::unique_ptr<CurlHttpClient>(
      new CurlHttpClient(curl, std::move(user_agent), std::move(authority_file), patience));
}

CurlHttpClient::~CurlHttpClient() {
  curl_easy_cleanup(handle_);
  curl_global_cleanup();
}

HttpResponse CurlHttpClient::send(const HttpRequest& request) {
  HttpResponse response;
  CURL* curl = handle_;
  curl_easy_reset(curl);
  set_up_request(curl, named_url(request), user_agent_, patience_.total);
  CurlList connect_to;
  if (const std::string connection = connection_of(request); !connection.empty()) {
    append_line("::" + connection, connect_to);
    curl_easy_setopt(curl, CURLOPT_CONNECT_TO, connect_to.get());
  }
  if (!authority_file_.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, authority_file_.c_str());
  }
  if (request.proxy_protocol) curl_easy_setopt(curl, CURLOPT_HAPROXYPROTOCOL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, patience_.connect);
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
  const CurlList headers = header_lines(request.headers);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &keep_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &response);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &keep_head);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &response);
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
  response.proxy_protocol = request.proxy_protocol;
  if (code != CURLE_OK && !response.truncated) {
    set_failure(code, request, response);
    return response;
  }
  response.content_type = text_info(curl, CURLINFO_CONTENT_TYPE);
  response.location = text_info(curl, CURLINFO_REDIRECT_URL);
  return response;
}

}  // namespace plivo_dial::ctl
