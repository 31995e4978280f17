// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ctl/fake_server.h"

namespace plivo_dial::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(GetDigits, SendsWhatTheCallerTypes) {
  FakeServer server;
  server.document("/answer",
                  "<GetDigits action=\"http://plivo.test/menu\"><Speak>press one</Speak>"
                  "</GetDigits><Speak>sorry</Speak>");
  server.document("/menu", "<Hangup/>");
  CallScript script = test_script();
  script.digits = {"12#34"};
  const CallRecord record = play_call(script, server);
  EXPECT_TRUE(is_good(record));
  EXPECT_THAT(server.summary(),
              ElementsAre("POST /answer StartApp", "POST /menu", "POST /hangup Hangup"));
  EXPECT_EQ(server.parameter(1, "Digits"), "12");
}

TEST(GetDigits, WithoutDigitsGoesOn) {
  for (const std::string digits : {"", "9"}) {
    FakeServer server;
    server.document("/answer",
                    "<GetDigits action=\"http://plivo.test/menu\" timeout=\"7\" retries=\"2\" "
                    "validDigits=\"12\"/>");
    CallScript script = test_script();
    if (!digits.empty()) script.digits = {digits};
    const CallRecord record = play_call(script, server);
    EXPECT_THAT(server.summary(), ElementsAre("POST /answer StartApp", "POST /hangup Hangup"));
    EXPECT_EQ(record.ended, 14'000);
  }
}

TEST(GetDigits, EachTakesItsOwnDigits) {
  FakeServer server;
  server.document("/answer", "<GetDigits numDigits=\"1\" action=\"http://plivo.test/a\"/>");
  server.document("/a", "<GetDigits action=\"http://plivo.test/b\" redirect=\"false\"/>");
  CallScript script = test_script();
  script.digits = {"15", "2"};
  play_call(script, server);
  EXPECT_EQ(server.parameter(1, "Digits"), "1");
  EXPECT_EQ(server.parameter(2, "Digits"), "2");
}

TEST(GetInput, SendsItsOwnParameters) {
  FakeServer server;
  server.document("/answer",
                  "<GetInput action=\"http://plivo.test/a\" inputType=\"dtmf speech\"/>");
  CallScript script = test_script();
  script.digits = {"3"};
  play_call(script, server);
  EXPECT_EQ(server.parameter(1, "InputType"), "dtmf");
  EXPECT_EQ(server.parameter(1, "Speech"), "");
}

TEST(Record, ReportsTheMessage) {
  FakeServer server;
  server.document(
      "/answer",
      "<Record action=\"http://plivo.test/done\" callbackUrl=\"http://plivo.test/file\" "
      "maxLength=\"120\" fileFormat=\"wav\"/>");
  server.document("/done", "<Hangup/>");
  CallScript script = test_script();
  script.talk_seconds = 17;
  const CallRecord record = play_call(script, server);
  EXPECT_TRUE(is_good(record));
  EXPECT_THAT(server.summary(), ElementsAre("POST /answer StartApp", "POST /done", "POST /file",
                                            "POST /hangup Hangup"));
  EXPECT_EQ(server.parameter(1, "RecordingDuration"), "17");
  EXPECT_EQ(server.parameter(1, "Digits"), "#");
  EXPECT_THAT(server.parameter(1, "RecordUrl"), HasSubstr(".wav"));
  EXPECT_EQ(server.parameter(2, "RecordingID"), server.parameter(1, "RecordingID"));
  EXPECT_EQ(server.parameter(2, "Digits"), "(absent)");
}

TEST(Record, StopsAtItsLongest) {
  FakeServer server;
  server.document("/answer", "<Record action=\"http://plivo.test/done\" maxLength=\"10\"/>");
  server.document("/done", "");
  play_call(test_script(), server);
  EXPECT_EQ(server.parameter(1, "RecordingDurationMs"), "10000");
  EXPECT_EQ(server.parameter(1, "Digits"), "");
}

TEST(Record, OfTheSessionRunsToTheEnd) {
  FakeServer server;
  server.document("/answer",
                  "<Record recordSession=\"true\" redirect=\"false\" "
                  "action=\"http://plivo.test/begin\" callbackUrl=\"http://plivo.test/file\"/>"
                  "<Wait length=\"12\"/>");
  play_call(test_script(), server);
  EXPECT_THAT(server.summary(), ElementsAre("POST /answer StartApp", "POST /begin", "POST /file",
                                            "POST /hangup Hangup"));
  EXPECT_EQ(server.parameter(1, "RecordingDuration"), "-1");
  EXPECT_EQ(server.parameter(2, "RecordingDuration"), "12");
}

}  // namespace
}  // namespace plivo_dial::ctl
