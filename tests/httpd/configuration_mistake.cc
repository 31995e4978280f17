// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/configuration_mistake.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "tests/httpd/httpd_server.h"

namespace plivo_dial::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kMistakenServer = R"(
PlivoSpool "${ROOT}/spool"
PlivoDispatcher Off
)";

}  // namespace

void PrintTo(const Mistake& mistake, std::ostream* out) {
  *out << mistake.name;
}

std::string mistake_name(const testing::TestParamInfo<Mistake>& mistake) {
  return mistake.param.name;
}

std::string in_location(const std::string& directives) {
  return std::string(kOpenServer) + "<Location \"/dialstatus\">\nSetHandler plivo-dial\n" +
         directives + "\n</Location>\n";
}

std::string in_server(const std::string& directives) {
  return directives + in_location("PlivoDial +14155550100");
}

std::string in_section(const std::string& section, const std::string& directive) {
  return std::string(kOpenServer) + "<" + section + ">\n" + directive + "\n</" +
         section.substr(0, section.find(' ')) + ">\n";
}

void expect_refused(const Mistake& mistake) {
  HttpdServer server;
  server.files().write_file("hook/not-executable", "#!/bin/sh\n", 0644);
  server.files().write_file("conf/broken.xml", "<?xml version=\"1.0\"?><Response><Say/></Response>",
                            0644);
  server.files().write_file("conf/syntax.xml", "<Response>\n<Speak loop=2>x</Speak>\n</Response>",
                            0644);
  server.files().write_file("hook/empty", "", 0755);
  server.files().write_file("hook/from-windows", "#!/bin/sh\r\nexit 0\r\n", 0755);
  server.files().write_file("hook/no-interpreter", "#!/usr/bin/pyhton3\n", 0755);
  server.files().write_file("htdocs/a-file", "", 0644);
  std::filesystem::create_directory(server.root() + "/open");
  std::filesystem::permissions(server.root() + "/open", std::filesystem::perms::all);
  server.files().write_file("open/program", "#!/bin/sh\n", 0755);
  const CommandResult result =
      server.configtest(std::string(kMistakenServer) + mistake.configuration);
  EXPECT_NE(result.exit_code, 0);
  for (const std::string& word : mistake.words) EXPECT_THAT(result.output, HasSubstr(word));
  EXPECT_THAT(result.output, Not(HasSubstr("Syntax OK")));
}

}  // namespace plivo_dial::test
