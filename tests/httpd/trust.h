// File: tests/httpd/trust.h
//
// A server that believes nobody without signature or secret, and what became of a request there.
// Use TrustServer where a test asks whether a request was accepted and what the log says of it: it
// has no dispatcher and looks its events up in the spool.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {

// What the flows of the tests know, in conf/event.secret.
inline constexpr const char* kEventSecret = "ZGU3OTFiNDItZjM4Yy00YTA1LTk2ZTEtMGI1ZmM3";

// The Auth ID in kAccounts, and the ParentAuthID of the examples.
inline constexpr const char* kMainAuthId = "MAXXXXXXXXXXXXXXXXXX";

// Writes conf/event.secret as PlivoEventSecret wants it.
void write_event_secret(const ServerRoot& files);

// `form` in the body of a POST.
HttpRequest form_post(const std::string& path, const std::string& form);

// The request with the headers of V2, which covers neither body nor query.
HttpRequest sign_v2(HttpRequest request, const Signing& signing = {});

// The request signed as if it went to `target` (path and query) instead of where it goes.
HttpRequest sign_as_if_to(const std::string& target, HttpRequest request,
                          const Signing& signing = {});

// `request` in HTTP/1.1 for HttpClient::exchange, asking for the connection to be closed. Host and
// Content-Length are left to the headers of the request where those have Host, Content-Length or
// Transfer-Encoding; a header without value is left out.
std::string wire(const HttpRequest& request);

// `text` with each `from` replaced by `to`.
std::string replaced(std::string text, const std::string& from, const std::string& to);

// Status of the first reply in what exchange() returned; 0 when there is none.
int status_of(const std::string& reply);

// A server with the module and the files that kAccounts names, and conf/event.secret.
class TrustServer {
 public:
  explicit TrustServer(const ServerOptions& options = {});

  // Starts, or writes for the next restart, `configuration` behind the directive of the spool.
  bool start(const std::string& configuration);
  void reconfigure(const std::string& configuration);

  HttpClient client() const { return HttpClient(httpd.port()); }

  // Sends a signed callback of a new call, which must be accepted. Returns its CallUUID. Since its
  // event is durable before the reply, events() tells what was accepted until now.
  std::string expect_good_request(const Signing& signing = {});

  // All events in the spool. The event of an answer comes behind its reply: whoever has asked for
  // documents of answers says how many events have to come, which are waited for.
  std::vector<nlohmann::json> events() const;
  std::vector<nlohmann::json> events_once_there(std::size_t expected) const;

  // The lines of refused requests, at any level.
  std::vector<std::string> refusals() const;

  HttpdServer httpd;
};

// Checks that nothing of `request` is in `text`: no token or secret, no signature, no nonce, no
// value of a pair in its query or its form, except those in `known`, which the configuration shows
// anyway. Values of less than six bytes, which any sentence may have, are not looked for.
void expect_discreet(const std::string& text, const HttpRequest& request,
                     const std::vector<std::string>& known = {});

}  // namespace plivo_dial::test
