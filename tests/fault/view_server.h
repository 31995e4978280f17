// File: tests/fault/view_server.h
//
// A server with a signed site, and the tools that judge it from outside: configtest, doctor,
// `events status` and `events verify`.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/httpd/httpd_server.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {

// 33 and the like, whoever is there beside the server's user.
inline constexpr const char* kOtherUser = "games";

inline constexpr const char* kViewServer = R"(
PlivoDispatcher On "${DIALD}"
PlivoEventSink archive "file:${ROOT}/events/all.json"
)";

inline constexpr const char* kViewSite = R"(
PlivoPublicURL http://127.0.0.1:${PORT}
PlivoAccount main MAXXXXXXXXXXXXXXXXXX "file:${ROOT}/conf/main.token"
<Location "/dialstatus">
    SetHandler plivo-dial
    PlivoDial +14155550100
</Location>
)";

struct Told {
  int exit_code = -1;
  std::string text;
};

// A server with a signed site, and the tools that judge it.
class View : public testing::Test {
 protected:
  explicit View(const ServerOptions& options = {}) : httpd_(options) {
    httpd_.files().write_file("conf/main.token", std::string(kMainToken) + "\n", 0600);
    httpd_.files().write_file("apachectl", httpd_.files().control_program(), 0755);
    httpd_.allow_log("PD0408");
    httpd_.allow_log("PD0104");
  }

  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "only root can give httpd another identity or view";
  }

  // The events that a test makes httpd refuse.
  void expect_refusals() {
    httpd_.expect_log("PD0511: the event can't be stored");
    httpd_.allow_log("PD0511");
    httpd_.allow_log("PD0512");
    httpd_.allow_log("PD0513");
  }

  virtual std::string spool() const { return httpd_.root() + "/spool"; }

  std::string configuration(const std::string& more = "") const {
    return "PlivoSpool \"" + spool() + "\" minFree=0\n" + kViewServer + more + kViewSite;
  }

  // A signed callback, unless it is another request.
  long send(const std::string& path = "/dialstatus/callback", const std::string& id = "E9") const {
    const std::string origin = "http://127.0.0.1:" + std::to_string(httpd_.port());
    return HttpClient(httpd_.port())
        .send(sign_request(fresh_webhook(path, id), {kMainToken, origin, new_nonce()}))
        .status;
  }

  Told run(std::vector<std::string> arguments) const {
    Command command;
    command.arguments = std::move(arguments);
    const CommandResult result = run_command(command);
    return {result.exit_code, result.output};
  }
  Told doctor() const {
    return run({PLIVO_DIALCTL_PROGRAM, "doctor", "--offline", "--httpd",
                httpd_.root() + "/apachectl", "--url",
                "http://127.0.0.1:" + std::to_string(httpd_.port())});
  }
  Told events(const std::string& what) const {
    return run({PLIVO_DIALCTL_PROGRAM, "events", what, "--spool", spool()});
  }
  Told configtest() const { return run({httpd_.root() + "/apachectl", "-t"}); }

  bool is_delivered() const {
    return wait_for([&] { return read_file(httpd_.root() + "/events/all.json") != ""; });
  }

  bool log_has(const std::string& text) const {
    return wait_for([&] { return httpd_.error_log().find(text) != std::string::npos; });
  }

  HttpdServer httpd_;
};

}  // namespace plivo_dial::test
