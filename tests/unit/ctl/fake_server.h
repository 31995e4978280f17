// File: tests/unit/ctl/fake_server.h
//
// A scripted server for played calls: replies by URL, and keeps every request.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mod_plivo_dial/ctl/call/call_player.h"
#include "mod_plivo_dial/ctl/http/http_client.h"

namespace plivo_dial::ctl {

class FakeServer : public HttpClient {
 public:
  // The replies to requests for `path` ("/answer", with its query for POST), in turn; the last one
  // stays. A path without a reply gets 200 with an empty body.
  void reply(const std::string& path, HttpResponse response);

  // As reply(), with a 200 whose document is <Response>`content`</Response>.
  void document(const std::string& path, const std::string& content);

  HttpResponse send(const HttpRequest& request) override;

  const std::vector<HttpRequest>& requests() const { return requests_; }

  // "POST /answer StartApp", one entry for each request: method, path, Event.
  std::vector<std::string> summary() const;

  // The value of a parameter of request `index`, body or query; "(absent)" when it is not there.
  std::string parameter(std::size_t index, std::string_view name) const;

  // The index of the first request whose `name` is `value`; fails the test when there is none.
  std::size_t find(std::string_view name, std::string_view value) const;

 private:
  std::map<std::string, std::deque<HttpResponse>> replies_;
  std::vector<HttpRequest> requests_;
};

inline constexpr std::string_view kOrigin = "http://plivo.test";

// A call to kOrigin/answer with fixed names and times: CallUUID and B legs count up.
CallScript test_script();

HttpResponse xml_reply(std::string_view body);

// All notices of `severity`, in order.
std::vector<std::string> notices(const CallRecord& record, Severity severity);

}  // namespace plivo_dial::ctl
