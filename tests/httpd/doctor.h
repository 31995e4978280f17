// File: tests/httpd/doctor.h
//
// plivo-dialctl doctor, and a server for it to examine. Use it for tests that ask what the doctor
// says of a configuration.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/httpd/httpd_server.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {

inline constexpr const char* kServer = R"(
PlivoSpool "${ROOT}/spool"
PlivoDispatcher On "${DIALD}"
PlivoEventSink archive "file:${ROOT}/events/all.json"
)";

inline constexpr const char* kLocation = R"(
PlivoPublicURL http://127.0.0.1:${PORT}
PlivoAccount main MAXXXXXXXXXXXXXXXXXX "file:${ROOT}/conf/main.token"
<Location "/dialstatus">
    SetHandler plivo-dial
    PlivoDial +14155550100
</Location>
)";

struct Diagnosis {
  int exit_code = -1;
  std::string output;
  nlohmann::json report;

  // "problem: sentence" of each finding of `check`.
  std::vector<std::string> of(const std::string& check) const {
    std::vector<std::string> found;
    for (const nlohmann::json& finding : report.value("checks", nlohmann::json::array())) {
      if (finding["check"] != check) continue;
      found.push_back(finding["health"].get<std::string>() + ": " +
                      finding["sentence"].get<std::string>());
    }
    return found;
  }
};

class Doctor : public testing::Test {
 protected:
  explicit Doctor(const ServerOptions& options = {}) : httpd_(options) {
    httpd_.files().write_file("conf/main.token", std::string(kMainToken) + "\n", 0600);
    httpd_.files().write_file("apachectl", httpd_.files().control_program(), 0755);
  }

  std::string apachectl() const { return httpd_.root() + "/apachectl"; }

  bool start(const std::string& configuration) { return httpd_.start(kServer + configuration); }

  // Until the dispatcher holds the spool.
  void wait_for_dispatcher() const {
    EXPECT_TRUE(wait_for([&] { return httpd_.error_log().find("PD0601") != std::string::npos; }));
  }

  Diagnosis examine(std::vector<std::string> more = {}) const {
    const int port = httpd_.port() != 0 ? httpd_.port() : find_free_port();
    more.insert(more.begin(), {"--url", "http://127.0.0.1:" + std::to_string(port)});
    return examine_by(more);
  }

  // Without saying where httpd answers, unless `more` does.
  Diagnosis examine_by(const std::vector<std::string>& more) const {
    Command command;
    command.arguments = {httpd_.files().within_reach(PLIVO_DIALCTL_PROGRAM), "doctor", "--json",
                         "--httpd", apachectl()};
    command.arguments.insert(command.arguments.end(), more.begin(), more.end());
    command.user = user_;
    command.group = group_;
    const CommandResult result = run_command(command);
    EXPECT_THAT(result.output, testing::Not(testing::HasSubstr(kMainToken)));
    Diagnosis diagnosis{result.exit_code, result.output, {}};
    diagnosis.report = nlohmann::json::parse(result.output, nullptr, false);
    EXPECT_FALSE(diagnosis.report.is_discarded()) << result.output;
    return diagnosis;
  }

  HttpdServer httpd_;
  std::optional<uid_t> user_;  // who examines, when it isn't us
  std::optional<gid_t> group_;
};

}  // namespace plivo_dial::test
