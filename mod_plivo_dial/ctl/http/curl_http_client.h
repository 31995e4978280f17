// File: mod_plivo_dial/ctl/http/curl_http_client.h
//
// HttpClient by libcurl, by itself with the time limits of Plivo's client: 2 s to connect, 40 s in
// all.
// It talks to http and https only, goes through no proxy and follows no redirect.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "lib/base/result.h"
#include "mod_plivo_dial/ctl/http/http_client.h"

namespace plivo_dial::ctl {

// How long a request may take, in milliseconds.
struct HttpPatience {
  long connect = 2000;
  long total = 40'000;
};

// With Plivo's API, which may be far away.
inline constexpr HttpPatience kPlivoPatience = {10'000, 15'000};

// Not for use by several threads at once. Keeps its connection open between requests.
class CurlHttpClient : public HttpClient {
 public:
  // Fails when libcurl cannot start. `user_agent` names this program to the server. Certificates
  // must be of an authority in `authority_file`, or, when that is "", of one that the system
  // trusts.
  static Result<std::unique_ptr<CurlHttpClient>> create(std::string user_agent,
                                                        std::string authority_file = "",
                                                        HttpPatience patience = {});
  ~CurlHttpClient() override;
  CurlHttpClient(const CurlHttpClient&) = delete;
  CurlHttpClient& operator=(const CurlHttpClient&) = delete;

  HttpResponse send(const HttpRequest& request) override;

 private:
  CurlHttpClient(void* handle, std::string user_agent, std::string authority_file,
                 HttpPatience patience)
      : handle_(handle),
        user_agent_(std::move(user_agent)),
        authority_file_(std::move(authority_file)),
        patience_(patience) {}

  void* handle_;  // CURL*, owned
  std::string user_agent_;
  std::string authority_file_;
  HttpPatience patience_;
};

}  // namespace plivo_dial::ctl
