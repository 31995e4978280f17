// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/event/event_samples.h"

#include <gtest/gtest.h>

namespace plivo_dial::event_samples {

Event event_of(Endpoint endpoint, std::string_view query, std::string_view body) {
  auto query_form = Form::decode(query);
  auto body_form = Form::decode(body);
  EXPECT_TRUE(query_form.ok() && body_form.ok());
  const RequestParameters parameters{std::move(query_form).value(), std::move(body_form).value()};
  const Webhook webhook = read_webhook(endpoint, parameters);
  const EventStamp stamp{kId,       kReceived,          "main",       true, "V3",
                         "current", "pbx1.example.com", "/dialstatus"};
  return make_event(webhook, parameters, stamp);
}

Event full_event() {
  Event event;
  event.id = kId;
  event.seq = 18'446'744'073'709'551'615U;
  event.received_us = kReceived;
  event.event = "dial.result";
  event.endpoint = "action";
  event.call = "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21";
  event.account = "main";
  event.verified = true;
  event.node = "pbx1.example.com";
  event.verified_by = "Ma-V3";
  event.token = "previous";
  event.from = "14155550100";
  event.to = "+14155550199";
  event.direction = "inbound";
  event.call_status = "in-progress";
  event.dial_status = "no-answer";
  event.dial_ring_status = true;
  event.dial_hangup_cause = "NO_ANSWER";
  event.a_leg = "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21";
  event.b_leg = "";
  event.b_leg_to = "14155550123";
  event.b_leg_from = "+14155550199";
  event.digits = "*9";
  event.digits_pressed_by = "aleg";
  event.hangup_cause = "NORMAL_CLEARING";
  event.hangup_cause_code = 4000;
  event.hangup_cause_name = "Normal Hangup";
  event.hangup_source = "Answer XML";
  event.duration = -1;
  event.bill_duration = 60;
  event.stage = 2;
  event.plan = "/dialstatus";
  event.next = "voicemail";
  event.cause_side = "callee";
  event.cause_remedy = "If it happens often, put another stage behind it.";
  event.params = {{"DialStatus", "no-answer"}, {"DialDigitsMatch", "*9"}, {"empty", ""}};
  return event;
}

std::vector<std::string> hostile_values() {
  using std::string_literals::operator""s;
  return {
      "\"><Dial><Number>+1900",
      "x\nevent=forged id=0",
      "x\r\nNov 20 09:15:02 root: owned",
      "a=b",
      "\"",
      "\\",
      "\\\" event=forged",
      " ",
      "\t\x01\x1b[31m\x7f",
      "nul\0inside"s,
      "\xff\xfe",
      "caf\xc3",
      "\xed\xa0\x80",
      "Jos\xc3\xa9 M\xc3\xbcller",
      "\xf0\x9f\x93\x9e",
      "\xef\xbf\xbd",
      "\xe2\x80\xa8 line separator",
      "${jndi:ldap://x}",
      "`id`; $(id)",
      "%s%n%x",
  };
}

void expect_same(const Event& left, const Event& right) {
  EXPECT_EQ(left.id, right.id);
  EXPECT_EQ(left.seq, right.seq);
  EXPECT_EQ(left.received_us, right.received_us);
  EXPECT_EQ(left.event, right.event);
  EXPECT_EQ(left.endpoint, right.endpoint);
  EXPECT_EQ(left.call, right.call);
  EXPECT_EQ(left.account, right.account);
  EXPECT_EQ(left.verified, right.verified);
  EXPECT_EQ(left.node, right.node);
  EXPECT_EQ(left.late, right.late);
  EXPECT_EQ(left.verified_by, right.verified_by);
  EXPECT_EQ(left.token, right.token);
  EXPECT_EQ(left.from, right.from);
  EXPECT_EQ(left.to, right.to);
  EXPECT_EQ(left.direction, right.direction);
  EXPECT_EQ(left.call_status, right.call_status);
  EXPECT_EQ(left.dial_status, right.dial_status);
  EXPECT_EQ(left.dial_ring_status, right.dial_ring_status);
  EXPECT_EQ(left.dial_hangup_cause, right.dial_hangup_cause);
  EXPECT_EQ(left.a_leg, right.a_leg);
  EXPECT_EQ(left.b_leg, right.b_leg);
  EXPECT_EQ(left.b_leg_to, right.b_leg_to);
  EXPECT_EQ(left.b_leg_from, right.b_leg_from);
  EXPECT_EQ(left.digits, right.digits);
  EXPECT_EQ(left.digits_pressed_by, right.digits_pressed_by);
  EXPECT_EQ(left.hangup_cause, right.hangup_cause);
  EXPECT_EQ(left.hangup_cause_code, right.hangup_cause_code);
  EXPECT_EQ(left.hangup_cause_name, right.hangup_cause_name);
  EXPECT_EQ(left.hangup_source, right.hangup_source);
  EXPECT_EQ(left.duration, right.duration);
  EXPECT_EQ(left.bill_duration, right.bill_duration);
  EXPECT_EQ(left.stage, right.stage);
  EXPECT_EQ(left.plan, right.plan);
  EXPECT_EQ(left.next, right.next);
  EXPECT_EQ(left.cause_side, right.cause_side);
  EXPECT_EQ(left.cause_remedy, right.cause_remedy);
  EXPECT_EQ(left.unparsable, right.unparsable);
  EXPECT_EQ(left.params, right.params);
}

}  // namespace plivo_dial::event_samples
