// File: tests/httpd/plivo_server.h
//
// A server with the module, its three sinks and a client: what most tests need.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/httpd/events.h"
#include "tests/httpd/examples.h"
#include "tests/httpd/http_client.h"
#include "tests/httpd/httpd_server.h"

namespace plivo_dial::test {

struct PlivoServer {
  explicit PlivoServer(const ServerOptions& options = {}) : httpd(options), sinks(httpd.files()) {}
  // The sinks must outlive the dispatcher.
  ~PlivoServer() {
    if (httpd.pid() != 0) httpd.stop();
  }

  // Starts with `configuration` behind the directives of the sinks.
  bool start(const std::string& configuration) {
    return httpd.start(EventSinks::directives() + configuration);
  }

  HttpClient client() const { return HttpClient(httpd.port()); }

  // A fresh call of the example called `id`, sent to `path`.
  HttpReply send(const std::string& path, const std::string& id) const {
    return send_example(client(), path, fresh_call(example(id)));
  }

  HttpdServer httpd;
  EventSinks sinks;
};

// The shortest useful configuration of all, without trust.
inline constexpr const char* kShortConfiguration = R"(
PlivoPublicURL https://pbx.example.com
PlivoSignature Off
<Location "/dialstatus">
    SetHandler plivo-dial
    PlivoSpeak "Connecting your call.."
    PlivoDial +14155550100
</Location>
)";

}  // namespace plivo_dial::test
