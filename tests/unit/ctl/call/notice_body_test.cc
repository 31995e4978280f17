// What a played call says of replies that Plivo does not read.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ctl/fake_server.h"

namespace plivo_dial::ctl {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kDial =
    "<Dial callbackUrl=\"http://plivo.test/leg\"><Number>+14155550100</Number></Dial>";

HttpResponse text_reply(std::string_view body) {
  HttpResponse response = xml_reply(body);
  response.content_type = "text/plain; charset=utf-8";
  return response;
}

std::vector<std::string> warnings_of(FakeServer& server, const CallScript& script = test_script()) {
  const CallRecord record = play_call(script, server);
  EXPECT_TRUE(is_good(record));
  return notices(record, Severity::kWarning);
}

TEST(NoticeBody, OfACallbackIsWarnedOfOnce) {
  for (const HttpResponse& reply :
       {xml_reply("<Response><Speak>Hello</Speak></Response>"), text_reply("OK")}) {
    FakeServer server;
    server.document("/answer", kDial);
    server.reply("/leg", reply);
    EXPECT_THAT(warnings_of(server),
                ElementsAre(AllOf(HasSubstr("the reply to a callback has a body ("),
                                  HasSubstr("Plivo does not look at"), HasSubstr("empty 200"))));
  }
}

TEST(NoticeBody, OfNothingIsNotWarnedOf) {
  FakeServer server;
  server.document("/answer", kDial);
  EXPECT_THAT(warnings_of(server), IsEmpty());
}

TEST(NoticeBody, OfARefusalIsNotWarnedOfToo) {
  FakeServer server;
  server.document("/answer", kDial);
  HttpResponse refused = text_reply("no");
  refused.status = 500;
  server.reply("/leg", refused);
  EXPECT_THAT(notices(play_call(test_script(), server), Severity::kWarning), IsEmpty());
}

// The usual mistake: one handler that answers all with the same document.
TEST(NoticeBody, OfTheHangupIsWarnedOfWhenItIsADocument) {
  FakeServer server;
  server.document("/answer", "<Hangup/>");
  CallScript script = test_script();
  script.hangup_url = script.answer_url;
  EXPECT_THAT(warnings_of(server, script),
              ElementsAre(AllOf(HasSubstr("report of the hangup"), HasSubstr("Event=Hangup"))));
  FakeServer polite;
  polite.document("/answer", "<Hangup/>");
  polite.reply("/hangup", text_reply("OK"));
  EXPECT_THAT(warnings_of(polite), IsEmpty());
}

TEST(NoticeBody, OfARecordingIsWarnedOfUnlessItsUrlIsTheActions) {
  FakeServer server;
  server.document("/answer",
                  "<Record redirect=\"false\" action=\"http://plivo.test/done\" "
                  "callbackUrl=\"http://plivo.test/file\"/>");
  server.document("/file", "<Hangup/>");
  EXPECT_THAT(warnings_of(server), ElementsAre(HasSubstr("the report of a recording")));
  FakeServer one;
  one.document("/answer",
               "<Record action=\"http://plivo.test/done\" transcriptionType=\"auto\" "
               "transcriptionUrl=\"http://plivo.test/done\" "
               "callbackUrl=\"http://plivo.test/done#rc=5\"/>");
  one.document("/done", "<Hangup/>");
  EXPECT_THAT(warnings_of(one), IsEmpty());
}

}  // namespace
}  // namespace plivo_dial::ctl
