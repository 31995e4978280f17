// SPDX-License-Identifier: Apache-2.0
//
// What a PHLO flow sends to the endpoint `event`, from Content-Type and body to the typed webhook.
#include "lib/form/event_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "lib/webhook/webhook.h"

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;
using Format = EventBodyType::Format;

TEST(ParseEventBodyType, KnowsThreeFormats) {
  const struct {
    const char* text;
    Format format;
    const char* boundary;
  } rows[] = {
      {"application/x-www-form-urlencoded", Format::kForm, ""},
      {"Application/X-WWW-Form-Urlencoded ; charset=UTF-8", Format::kForm, ""},
      {"application/x-www-form-urlencoded; charset=\"utf-8\"; x=y;", Format::kForm, ""},
      {"application/x-www-form-urlencoded; boundary=ignored", Format::kForm, ""},
      {"application/json", Format::kJson, ""},
      {"application/json;charset=us-ascii", Format::kJson, ""},
      {"multipart/form-data; boundary=b", Format::kMultipart, "b"},
      {"multipart/form-data; boundary=\"with space\"", Format::kMultipart, "with space"},
      {"multipart/form-data; BOUNDARY=----=_Part/1", Format::kMultipart, "----=_Part/1"},
      {"multipart/form-data; charset=utf-8; boundary=b", Format::kMultipart, "b"},
  };
  for (const auto& row : rows) {
    const auto type = parse_event_body_type(row.text);
    ASSERT_TRUE(type) << row.text;
    EXPECT_EQ(type->format, row.format) << row.text;
    EXPECT_EQ(type->boundary, row.boundary) << row.text;
  }
}

TEST(ParseEventBodyType, ServesNoOther) {
  for (const std::string& text : {
           std::string(),
           std::string("text/plain"),
           std::string("application/xml"),
           std::string("application/jsonx"),
           std::string("application/json; charset=utf-16"),
           std::string("application/json; charset=utf-8; charset=latin1"),
           std::string("application/json charset=utf-8"),
           std::string("application/x-www-form-urlencoded; charset=iso-8859-1"),
           std::string("application/x-www-form-urlencoded; charset"),
           std::string("application/x-www-form-urlencoded, application/json"),
           std::string("multipart/form-data"),
           std::string("multipart/form-data; boundary="),
           std::string("multipart/form-data; boundary=\"ends with space \""),
           std::string("multipart/form-data; boundary=b; boundary=b"),
           std::string("multipart/form-data; boundary=a*b"),
           std::string("multipart/form-data; boundary=\"b"),
           std::string("multipart/form-data; charset=utf-16; boundary=b"),
           std::string("multipart/mixed; boundary=b"),
           "multipart/form-data; boundary=" + std::string(71, 'b'),
       }) {
    EXPECT_FALSE(parse_event_body_type(text)) << text;
  }
}

// The request that a flow sends, at the endpoint `event`.
struct FlowRequest {
  const char* content_type;
  std::string body;
};

RequestParameters read(const FlowRequest& request) {
  const auto type = parse_event_body_type(request.content_type);
  EXPECT_TRUE(type) << request.content_type;
  EventBodyError error;
  auto form = decode_event_body(*type, request.body, error);
  EXPECT_TRUE(form) << error.message;
  RequestParameters parameters;
  if (form) parameters.body = *std::move(form);
  return parameters;
}

std::string part(const std::string& name, const std::string& value) {
  return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

TEST(DecodeEventBody, GivesTheSameWebhookInEveryFormat) {
  const FlowRequest requests[] = {
      {"application/x-www-form-urlencoded",
       "DialStatus=Busy%2FRejected&DialRingStatus=False&DialHangupCause=USER_BUSY&"
       "DialALegUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21&DialBLegUUID="},
      {"multipart/form-data; boundary=\"b\"",
       part("DialStatus", "Busy/Rejected") + part("DialRingStatus", "False") +
           part("DialHangupCause", "USER_BUSY") +
           part("DialALegUUID", "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21") + part("DialBLegUUID", "") +
           "--b--\r\n"},
      {"application/json",
       R"({"DialStatus":"Busy/Rejected","DialRingStatus":false,"DialHangupCause":"USER_BUSY",)"
       R"("DialALegUUID":"c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21","DialBLegUUID":""})"},
  };
  for (const FlowRequest& request : requests) {
    SCOPED_TRACE(request.content_type);
    const RequestParameters parameters = read(request);
    EXPECT_EQ(parameters.body.parameters().size(), 5U);
    const Webhook webhook = read_webhook(Endpoint::kEvent, parameters);
    EXPECT_EQ(webhook.endpoint, Endpoint::kEvent);
    EXPECT_EQ(webhook.kind, EventKind::kDialResult);
    EXPECT_EQ(to_string(webhook.dial_status), "busy");
    EXPECT_EQ(webhook.dial_status_text, "Busy/Rejected");
    EXPECT_EQ(webhook.dial_ring_status, false);
    EXPECT_EQ(webhook.dial_hangup_cause, "USER_BUSY");
    EXPECT_EQ(webhook.call(), "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21");
    EXPECT_EQ(webhook.b_leg, "");
  }
}

TEST(DecodeEventBody, KeepsTemplatesThatNobodyExpanded) {
  const FlowRequest requests[] = {
      {"application/x-www-form-urlencoded", "DialStatus=%7B%7BForward.status%7D%7D"},
      {"application/x-www-form-urlencoded", "DialStatus={{Forward.status}}"},
      {"multipart/form-data; boundary=b", part("DialStatus", "{{Forward.status}}") + "--b--"},
      {"application/json", R"({"DialStatus":"{{Forward.status}}"})"},
  };
  for (const FlowRequest& request : requests) {
    SCOPED_TRACE(request.body);
    const RequestParameters parameters = read(request);
    const Webhook webhook = read_webhook(Endpoint::kEvent, parameters);
    EXPECT_EQ(webhook.kind, EventKind::kDialResult);
    EXPECT_EQ(webhook.dial_status, DialStatus::kUnknown);
    EXPECT_EQ(webhook.dial_status_text, "{{Forward.status}}");
    EXPECT_EQ(webhook.dial_ring_status, std::nullopt);
    EXPECT_EQ(webhook.call(), std::nullopt);
  }
}

// As curl sends what is not said to be JSON.
TEST(DecodeEventBody, ReadsJsonThatCameAsAForm) {
  const char* form = "application/x-www-form-urlencoded";
  for (const char* body :
       {R"({"DialStatus":"busy","a":"b=c&d"})", " \n{ \"DialStatus\":\"busy\",\"a\":\"b=c&d\"}",
        "%7B%22DialStatus%22%3A%22busy%22%2C%22a%22%3A%22b%3Dc%26d%22%7D",
        "+%7b+%22DialStatus%22:%22busy%22%2C%22a%22%3A%22b%3dc%26d%22%7D"}) {
    const RequestParameters parameters = read({form, body});
    EXPECT_EQ(parameters.find("DialStatus"), "busy") << body;
    EXPECT_EQ(parameters.find("a"), "b=c&d") << body;
    EXPECT_EQ(parameters.body.parameters().size(), 2U) << body;
  }
  for (const char* body : {"{\"a\":", "[]", "[{\"a\":1}]", "\"a\"", "%5B1%5D", "{}x"}) {
    EventBodyError error;
    EXPECT_FALSE(decode_event_body(*parse_event_body_type(form), body, error)) << body;
    EXPECT_THAT(error.message, HasSubstr("under the Content-Type of a form")) << body;
  }
  for (const char* body :
       {"{{Start.status}}=1", "a={\"b\":1}", "%7B%7Bx%7D%7D=1", "{=1", "%", "+"}) {
    EXPECT_EQ(read({form, body}).body.parameters().size(), 1U) << body;
  }
}

TEST(DecodeEventBody, TakesAnySubsetOfKeys) {
  for (const char* body : {R"({"DialRingStatus":""})", "{}", R"({"DialStatusText":"busy"})", ""}) {
    const RequestParameters parameters = read({"application/json", body});
    const Webhook webhook = read_webhook(Endpoint::kEvent, parameters);
    EXPECT_EQ(webhook.kind, EventKind::kOther) << body;
    EXPECT_EQ(webhook.dial_ring_status, std::nullopt) << body;
    EXPECT_EQ(webhook.call(), std::nullopt) << body;
  }
  const RequestParameters parameters =
      read({"application/json", R"({"CallUUID":"c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21"})"});
  EXPECT_EQ(read_webhook(Endpoint::kEvent, parameters).call(),
            "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21");
}

TEST(DecodeEventBody, HoldsTheLimitsInForms) {
  EventBodyError error;
  EXPECT_FALSE(decode_event_body({}, "a=12345", error, {.value_bytes = 4}));
  EXPECT_EQ(error.kind, EventBodyError::Kind::kOverLimit);
  EXPECT_THAT(error.message, HasSubstr("4"));
  const auto form = decode_event_body({}, "a=%&b=%00", error);
  ASSERT_TRUE(form);
  EXPECT_TRUE(form->has_malformed_escape());
  EXPECT_TRUE(form->has_nul());
}

}  // namespace
}  // namespace plivo_dial
