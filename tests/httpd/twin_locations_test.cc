// SPDX-License-Identifier: Apache-2.0
// Two virtual hosts that Plivo would ask by one URL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/httpd/httpd_server.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string told_of(const std::string& configuration) {
  HttpdServer server;
  const CommandResult result = server.configtest(
      "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher Off\nPlivoSignature Off\n" + configuration);
  EXPECT_EQ(result.exit_code, 0) << result.output;
  return result.output;
}

std::string host_with(const std::string& name, const std::string& url, const std::string& more) {
  return "<VirtualHost *:" + name.substr(name.find(':') + 1) + ">\nServerName " +
         name.substr(0, name.find(':')) + "\n" + (url.empty() ? "" : "PlivoPublicURL " + url) +
         "\n" + more + "</VirtualHost>\n";
}

TEST(TwinLocations, OfTwoVirtualHostsAreWarnedOf) {
  const std::string location =
      "<Location \"/d\">\nSetHandler plivo-dial\nPlivoDial +14155550100\n</Location>\n";
  const std::string prefixed =
      "<Location \"/x/d\">\nSetHandler plivo-dial\nPlivoDial +14155550100\n</Location>\n";
  const std::string warning = "PD0105: ";
  const auto said = AllOf(HasSubstr(warning), HasSubstr("has the URL https://h/x/d"),
                          HasSubstr("of the virtual host b.example.com ("),
                          HasSubstr("that of the virtual host a.example.com ("));
  EXPECT_THAT(told_of(host_with("a.example.com:81", "https://h", prefixed) +
                      host_with("b.example.com:81", "https://h", prefixed)),
              said);
  // By a line of the main server, and by a prefix that a proxy takes off.
  EXPECT_THAT(told_of("PlivoPublicURL https://h\n" + host_with("a.example.com:81", "", prefixed) +
                      host_with("b.example.com:82", "https://h/x", location)),
              said);
  for (const std::string& fine :
       {host_with("a.example.com:81", "https://a", location) +
            host_with("b.example.com:81", "https://b", location),
        host_with("a.example.com:81", "https://h", location) +
            host_with("b.example.com:81", "https://h", prefixed),
        "PlivoPublicURL https://h\n" + location + host_with("a.example.com:81", "", "") +
            host_with("b.example.com:82", "", "")}) {
    EXPECT_THAT(told_of(fine), Not(HasSubstr(warning))) << fine;
  }
}

}  // namespace
}  // namespace plivo_dial::test
