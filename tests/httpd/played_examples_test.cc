// Examples of conf/examples, each called by plivo-dialctl call: who is dialled when, and what the
// caller hears, to the word. tests/data/played/NAME.txt has the calls of NAME.conf: a line with a
// dollar sign, the path and the options, then the timeline.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/httpd/httpd_server.h"
#include "tests/httpd/process.h"
#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {
namespace {

constexpr const char* kCallUuid = "3c0f9d2e-1b7a-4c55-8f10-6a2d4e8b9c01";

struct PlayedCall {
  std::string example;  // "outcomes"
  std::string path;
  std::vector<std::string> options;
  std::string timeline;
};

void PrintTo(const PlayedCall& call, std::ostream* out) {
  *out << call.example << " " << call.path;
  for (const std::string& option : call.options) *out << " " << option;
}

std::vector<PlayedCall> played_calls() {
  std::vector<PlayedCall> calls;
  for (const auto& entry : std::filesystem::directory_iterator(PLAYED_CALLS_DIR)) {
    std::istringstream lines(read_file(entry.path()));
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("$ ")) {
        calls.back().timeline += line + "\n";
        continue;
      }
      PlayedCall& call = calls.emplace_back();
      call.example = entry.path().stem();
      std::istringstream words(line.substr(2));
      words >> call.path;
      for (std::string word; words >> word;) call.options.push_back(word);
    }
  }
  return calls;
}

class PlayedExample : public testing::TestWithParam<PlayedCall> {};

TEST_P(PlayedExample, GoesAsItIsWrittenDown) {
  const PlayedCall& call = GetParam();
  HttpdServer httpd;
  httpd.files().write_file("conf/main.token", std::string(kMainToken) + "\n", 0600);
  std::string text = read_file(CONF_EXAMPLES_DIR "/" + call.example + ".conf");
  const std::string there = "/etc/apache2/plivo";
  for (std::size_t at = text.find(there); at != std::string::npos; at = text.find(there)) {
    text.replace(at, there.size(), "${ROOT}/conf");
  }
  httpd.files().write_file("conf/own-document.xml",
                           read_file(CONF_EXAMPLES_DIR "/own-document.xml"), 0644);
  ASSERT_TRUE(httpd.start("PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher Off\n" + text));

  Command command;
  command.arguments = {PLIVO_DIALCTL_PROGRAM,
                       "call",
                       "--url",
                       "http://127.0.0.1:" + std::to_string(httpd.port()) + call.path,
                       "--public-url",
                       "https://pbx.example.com",
                       "--token-file",
                       httpd.root() + "/conf/main.token",
                       "--call-uuid",
                       kCallUuid};
  command.arguments.insert(command.arguments.end(), call.options.begin(), call.options.end());
  const CommandResult played = run_command(command);
  EXPECT_EQ(played.exit_code, 0);
  EXPECT_EQ(played.output, call.timeline);
}

INSTANTIATE_TEST_SUITE_P(, PlayedExample, testing::ValuesIn(played_calls()));

}  // namespace
}  // namespace plivo_dial::test
