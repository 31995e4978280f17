// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/doubt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;

// The sentence about the doubt that a request leaves; "" for none.
std::string doubt_about(Endpoint endpoint, std::string_view body, std::string_view query = "") {
  const RequestParameters parameters{Form::decode(query).value(), Form::decode(body).value()};
  const Webhook webhook = read_webhook(endpoint, parameters);
  const std::optional<Doubt> doubt = doubt_of(webhook, parameters);
  return doubt ? doubt_text(*doubt, webhook, parameters) : "";
}

TEST(DoubtOf, NoWordOfPlivos) {
  EXPECT_EQ(doubt_about(Endpoint::kAction, "DialStatus=gone&DialBLegUUID="),
            "DialStatus \"gone\" is no word of Plivo's; it is taken for a stage that nobody "
            "answered");
  EXPECT_EQ(doubt_about(Endpoint::kAction, "DialStatus=gone&DialBLegUUID=b"),
            "DialStatus \"gone\" is no word of Plivo's; it is taken for completed");
  EXPECT_THAT(doubt_about(Endpoint::kAction, "DialStatus=" + std::string(99, 'x')),
              HasSubstr("DialStatus \"" + std::string(40, 'x') + "\" is"));
  EXPECT_THAT(doubt_about(Endpoint::kAction, "DialHangupCause=NORMAL_CLEARING"),
              HasSubstr("DialStatus \"\" is no word"));
}

TEST(DoubtOf, CompletedWithoutALegWhileTheCallerHearsItRing) {
  const std::string completed = "DialStatus=Completed&CallStatus=";
  EXPECT_THAT(doubt_about(Endpoint::kAction, completed + "ringing"),
              HasSubstr("while CallStatus is ringing and no B leg is named"));
  EXPECT_THAT(doubt_about(Endpoint::kAction, completed + "ringing&DialBLegUUID="),
              HasSubstr("and no B leg is named"));
  EXPECT_EQ(doubt_about(Endpoint::kAction, completed + "ringing&DialBLegUUID=b"), "");
  EXPECT_EQ(doubt_about(Endpoint::kAction, completed + "in-progress"), "");
}

TEST(DoubtOf, UnknownEventWhereCallsBegin) {
  EXPECT_EQ(doubt_about(Endpoint::kAnswer, "CallUUID=1&Event=Unheard"),
            "Event \"Unheard\" where calls begin is not known; it is taken for no new call, and "
            "nobody is dialled");
  EXPECT_EQ(doubt_about(Endpoint::kHangup, "CallUUID=1&Event=Unheard"), "");
}

TEST(DoubtOf, NamesOfAFlowThatAreSpeltOtherwise) {
  for (const char* name : {"dial_status", "Dial-Status", "DIALSTATUS", "Dial+Status"}) {
    const std::string pair = std::string(name) + "=busy";
    EXPECT_THAT(doubt_about(Endpoint::kEvent, pair), HasSubstr(" is not DialStatus, which Plivo"))
        << name;
    EXPECT_THAT(doubt_about(Endpoint::kEvent, "", pair), HasSubstr(" is not DialStatus")) << name;
    EXPECT_EQ(doubt_about(Endpoint::kEvent, pair + "&DialStatus=busy"), "") << "it is there, too";
  }
  EXPECT_THAT(doubt_about(Endpoint::kEvent, "DialStatus=busy&dial_ring_status=true"),
              HasSubstr("\"dial_ring_status\" is not DialRingStatus"));
  for (const char* body :
       {"", "DialStatus=busy", "call_uuid=1", "status=busy", "DialStatuss=busy"}) {
    EXPECT_EQ(doubt_about(Endpoint::kEvent, body), "") << body;
  }
}

TEST(DoubtOf, NearlyAllWebhooksLeaveNone) {
  EXPECT_EQ(doubt_about(Endpoint::kAnswer, "CallUUID=1&Event=StartApp&CallStatus=ringing"), "");
  for (const char* status : {"busy", "no-answer", "No+Answer", "completed", "cancel"}) {
    EXPECT_EQ(doubt_about(Endpoint::kAction, "CallUUID=1&DialStatus=" + std::string(status)), "")
        << status;
  }
  EXPECT_EQ(doubt_about(Endpoint::kAction, "RecordUrl=u&CallStatus=ringing"), "")
      << "no result of a dial";
  EXPECT_EQ(doubt_about(Endpoint::kCallback, "DialAction=unheard"), "");
}

}  // namespace
}  // namespace plivo_dial
