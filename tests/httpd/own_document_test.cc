// SPDX-License-Identifier: Apache-2.0
// PlivoXML and xml= in a real httpd: a document of the administrator's own, filled from the
// request, taken again when it changes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "tests/httpd/configuration_mistake.h"
#include "tests/httpd/http_client.h"
#include "tests/httpd/httpd_server.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/process.h"

namespace plivo_dial::test {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

constexpr const char* kFrom =
    "CallUUID=3c0f9d2e-1b7a-4c55-8f10-6a2d4e8b9c01&Direction=inbound&"
    "CallStatus=ringing&From=%2B14155550111%26x&To=14155550199";

const std::string kBegin = "<?xml version=\"1.0\"?><Response>";

class OwnDocument : public testing::Test {
 protected:
  // As people save: beside, then renamed.
  void save(const std::string& inside) {
    server_.files().write_file("conf/new.xml", kBegin + inside + "</Response>", 0644);
    std::filesystem::rename(server_.root() + "/conf/new.xml", server_.root() + "/conf/own.xml");
  }

  bool start(const std::string& directives) {
    return server_.start("PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher Off\n" +
                         in_location(directives));
  }

  std::string answer(const std::string& path = "/dialstatus", const std::string& more = "") {
    const HttpReply reply = HttpClient(server_.port()).post(path, kFrom + more);
    EXPECT_EQ(reply.status, 200);
    return reply.body;
  }

  HttpdServer server_;
};

TEST_F(OwnDocument, IsFilledFromTheRequest) {
  save("<Speak>Hello {{From}}</Speak><Redirect>https://h.example/?c={{From}}</Redirect>");
  ASSERT_TRUE(start("PlivoXML \"${ROOT}/conf/own.xml\""));
  EXPECT_EQ(answer(),
            kBegin +
                "<Speak>Hello +14155550111&amp;x</Speak>"
                "<Redirect>https://h.example/?c=%2B14155550111%26x</Redirect></Response>");
}

TEST_F(OwnDocument, FollowsADial) {
  save("<Hangup reason=\"busy\"/>");
  ASSERT_TRUE(start("PlivoDial +14155550100\nPlivoOn busy \"xml=${ROOT}/conf/own.xml\""));
  EXPECT_THAT(answer(), HasSubstr("<Number>+14155550100</Number>"));
  EXPECT_THAT(answer("/dialstatus/action", "&DialStatus=busy"), HasSubstr("reason=\"busy\""));
}

TEST_F(OwnDocument, IsTakenAgainWhenItChangesAndAFaultChangesNothing) {
  server_.expect_log("PD0303: \"");
  save("<Speak>One</Speak>");
  ASSERT_TRUE(start("PlivoXML \"${ROOT}/conf/own.xml\""));
  EXPECT_THAT(answer(), HasSubstr("One"));
  save("<Speak>Two</Speak>");
  EXPECT_TRUE(wait_for([&] { return answer().find("Two") != std::string::npos; }));
  save("\n<Speek>Three</Speek>");
  EXPECT_TRUE(wait_for(
      [&] {
        // A process that was not asked meanwhile has not seen the second one.
        EXPECT_THAT(answer(), AnyOf(HasSubstr("Two"), HasSubstr("One")));
        return server_.error_log().find("line 2: ") != std::string::npos;
      },
      std::chrono::seconds(30)));
  save("<Speak>Four</Speak>");
  EXPECT_TRUE(wait_for([&] { return answer().find("Four") != std::string::npos; }));
}

TEST_F(OwnDocument, IsCheckedByConfigtest) {
  save("\n<Speek>{{From}}</Speek>");
  const auto told = [&](const std::string& directives) {
    const CommandResult result =
        server_.configtest("PlivoSpool \"${ROOT}/spool\"\n" + in_location(directives));
    EXPECT_NE(result.exit_code, 0);
    return result.output;
  };
  const std::string own = "PlivoXML \"${ROOT}/conf/own.xml\"";
  EXPECT_THAT(told(own), HasSubstr("line 2: Plivo's XML has no element \"Speek\""));
  EXPECT_THAT(told("PlivoXML \"${ROOT}/conf/gone.xml\""), HasSubstr("cannot read"));
  if (geteuid() == 0) {
    server_.files().write_file("conf/own.xml", kBegin + "<Hangup/></Response>", 0600);
    EXPECT_THAT(told(own), HasSubstr("may not read"));
  }
  EXPECT_THAT(told("PlivoXML own.xml"), HasSubstr("\"own.xml\" is no absolute path"));
  save("<Hangup/>");
  EXPECT_THAT(told("PlivoSpeak Hello\n" + own), HasSubstr("is all that the caller gets"));
}

}  // namespace
}  // namespace plivo_dial::test
