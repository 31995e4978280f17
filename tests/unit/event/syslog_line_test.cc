// SPDX-License-Identifier: Apache-2.0
#include "lib/event/syslog_line.h"

#include <gmock/gmock.h>

#include <cstdint>
#include <map>

#include "tests/unit/event/event_samples.h"

namespace plivo_dial {
namespace {

using event_samples::event_of;
using event_samples::full_event;
using event_samples::hostile_values;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

using Pairs = std::vector<std::pair<std::string, std::string>>;

int hex_digit(char c) {
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

// Reads a line back, as a careful log parser would: this is the test's own reading of the format.
Pairs parse_line(std::string_view line) {
  Pairs pairs;
  std::size_t i = 0;
  while (i < line.size()) {
    const std::size_t equals = line.find('=', i);
    EXPECT_NE(equals, std::string_view::npos) << line;
    if (equals == std::string_view::npos) break;
    std::string key(line.substr(i, equals - i));
    std::string value;
    i = equals + 1;
    const bool in_quotes = i < line.size() && line[i] == '"';
    if (in_quotes) ++i;
    while (i < line.size() && line[i] != (in_quotes ? '"' : ' ')) {
      if (in_quotes && line[i] == '\\' && line[i + 1] == 'x') {
        value += static_cast<char>(hex_digit(line[i + 2]) * 16 + hex_digit(line[i + 3]));
        i += 4;
        continue;
      }
      if (in_quotes && line[i] == '\\') ++i;
      value += line[i++];
    }
    i += in_quotes ? 2 : 1;
    pairs.emplace_back(std::move(key), std::move(value));
  }
  return pairs;
}

std::vector<std::string> keys(const Pairs& pairs) {
  std::vector<std::string> names;
  for (const auto& [key, value] : pairs) names.push_back(key);
  return names;
}

void expect_plain(std::string_view line) {
  EXPECT_LE(line.size(), kMaxSyslogLine);
  for (const char c : line) ASSERT_TRUE(c >= 0x20 && c <= 0x7e) << static_cast<int>(c);
}

TEST(KeyValue, HasTheDocumentedForm) {
  Event event = full_event();
  event.call_status = "ringing";
  event.hangup_cause_code.reset();
  event.hangup_source.reset();
  event.duration.reset();
  event.b_leg_to.reset();
  event.digits.reset();
  event.digits_pressed_by.reset();
  EXPECT_EQ(to_key_value(event),
            "received=2025-11-20T09:15:02.184467Z "
            "event=dial.result call=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21 from=14155550100 "
            "to=+14155550199 call_status=ringing dial_status=no-answer "
            "next=voicemail ring=true cause=NO_ANSWER side=callee stage=2 "
            "a_leg=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21 b_leg= "
            "id=01k9x4mq2rabcdefghjkmnpqrs");
}

TEST(KeyValue, OrderOfKeysIsFixed) {
  EXPECT_THAT(keys(parse_line(to_key_value(full_event()))),
              ::testing::ElementsAre("received", "event", "call", "from", "to", "call_status",
                                     "dial_status", "next", "ring", "cause", "hangup_code",
                                     "source", "side", "duration", "stage", "a_leg", "b_leg",
                                     "b_leg_to", "digits", "pressed_by", "id"));
}

TEST(KeyValue, UnknownCallIsEmpty) {
  Event event;
  event.event = "other";
  event.id = event_samples::kId;
  EXPECT_EQ(to_key_value(event),
            "received=1970-01-01T00:00:00.000000Z event=other call= id=01k9x4mq2rabcdefghjkmnpqrs");
}

TEST(KeyValue, ShowsCauseOfTheLegThatEnded) {
  const Event event = event_of(Endpoint::kCallback, "",
                               "DialAction=hangup&DialBLegHangupCause=LOSE_RACE"
                               "&DialBLegHangupCauseCode=9000&DialBLegHangupSource=Plivo");
  EXPECT_THAT(to_key_value(event),
              HasSubstr("cause=LOSE_RACE hangup_code=9000 source=Plivo side=normal"));
}

TEST(KeyValue, HostileValuesForgeNothing) {
  for (const std::string& value : hostile_values()) {
    Event event = full_event();
    const std::vector<std::string> before = keys(parse_line(to_key_value(event)));
    event.from = value;
    event.b_leg_to = value;
    event.hangup_source = value;
    const std::string line = to_key_value(event);
    expect_plain(line);
    const Pairs pairs = parse_line(line);
    EXPECT_EQ(keys(pairs), before) << line;
    EXPECT_EQ(pairs[3].second, value) << line;
    EXPECT_EQ(pairs[17].second, value) << line;
  }
}

TEST(KeyValue, EachByteIsQuotedOrPlain) {
  for (int byte = 0; byte < 256; ++byte) {
    Event event = full_event();
    event.from = std::string(1, static_cast<char>(byte)) + "x";
    const std::string line = to_key_value(event);
    expect_plain(line);
    EXPECT_EQ(parse_line(line)[3].second, *event.from) << byte;
  }
}

// A reader of ours would read more spellings than there are.
TEST(KeyValue, EachValueHasOneSpelling) {
  for (const auto& [value, spelling] :
       std::map<std::string, std::string>{{"", ""},
                                          {"~!#$%&'()*+,-./", "~!#$%&'()*+,-./"},
                                          {"a b", "\"a b\""},
                                          {"a=b", "\"a=b\""},
                                          {"a\\b", "\"a\\\\b\""},
                                          {"a\"b", "\"a\\\"b\""},
                                          {" ~", "\" ~\""},
                                          {"\x1f\x7f\x80\xff", "\"\\x1f\\x7f\\x80\\xff\""}}) {
    Event event = full_event();
    event.from = value;
    EXPECT_THAT(to_key_value(event), HasSubstr(" from=" + spelling + " to="));
  }
}

TEST(KeyValue, ShowsWhichAttemptItIs) {
  Event event = full_event();
  event.attempt = 2;
  EXPECT_THAT(to_key_value(event), EndsWith(" attempt=2 id=01k9x4mq2rabcdefghjkmnpqrs"));
  event.from = std::string(8192, 'x');
  EXPECT_THAT(to_key_value(event), EndsWith(" truncated=true attempt=2 id=" + event.id));
}

// What can't be left out is cut to 256 bytes, behind a whole escape.
TEST(KeyValue, CutsCallAndIdAt256Bytes) {
  const auto shown = [](const std::string& call) {
    Event event;
    event.call = call;
    const std::string line = to_key_value(event);
    const std::size_t begin = line.find(" call=") + 6;
    const std::size_t end = line.find(line[begin] == '"' ? "\" " : " ", begin + 1);
    return line.substr(begin, end - begin + (line[begin] == '"' ? 1 : 0)) +
           (line.find("truncated=true") != std::string::npos ? " cut" : "");
  };
  const std::string x(256, 'x');
  EXPECT_EQ(shown(x), x);
  EXPECT_EQ(shown(x + "x"), x + " cut");
  const std::string signs(254, '=');
  EXPECT_EQ(shown(signs), "\"" + signs + "\"");
  EXPECT_EQ(shown(signs + "="), "\"" + signs + "\" cut");
  std::string escapes;
  for (int i = 0; i < 63; ++i) escapes += "\\x01";
  EXPECT_EQ(shown(std::string(300, '\x01')), "\"" + escapes + "\" cut");
}

// The most that goes in: to the byte. 256 bytes are not long.
TEST(KeyValue, LeavesOutNothingThatFits) {
  constexpr std::size_t kMost = kMaxKeyValue - 256 - 56 - 1;  // without the id's pair
  Event event = full_event();
  event.call = std::string(256, 'c');
  event.b_leg_to = std::string(256, '7');
  event.from = "";
  const std::size_t rest =
      to_key_value(event).size() - std::string(" id=").size() - event.id.size();
  event.from = std::string(kMost - rest, '1');
  const std::string line = to_key_value(event);
  EXPECT_EQ(line.size(), kMost + std::string(" id=").size() + event.id.size());
  EXPECT_THAT(line, Not(HasSubstr("truncated")));
  *event.from += '1';
  std::vector<std::string> left_out;
  EXPECT_THAT(to_key_value(event, &left_out), HasSubstr(" b_leg_to=" + *event.b_leg_to));
  EXPECT_THAT(left_out, ::testing::ElementsAre("from"));
}

// One value far too long must not cost the others.
TEST(KeyValue, DropsTheLongValueOnly) {
  Event event = full_event();
  event.from = std::string(8192, 'x');
  const std::string line = to_key_value(event);
  expect_plain(line);
  EXPECT_THAT(line, Not(HasSubstr("from=")));
  EXPECT_THAT(line, HasSubstr(" dial_status=no-answer "));
  EXPECT_THAT(line, HasSubstr(" digits=*9 pressed_by=aleg "));
  EXPECT_THAT(line, EndsWith(" truncated=true id=01k9x4mq2rabcdefghjkmnpqrs"));
}

// However late the line comes, and whatever the clock said.
TEST(KeyValue, HasTheTimeOfAnyClock) {
  Event event = full_event();
  for (const auto& [time, text] :
       std::map<std::int64_t, std::string>{{INT64_MIN, "1970-01-01T00:00:00.000000Z"},
                                           {-1, "1970-01-01T00:00:00.000000Z"},
                                           {1'795'000'000'000'001, "2026-11-18T11:06:40.000001Z"},
                                           {INT64_MAX, "9999-12-31T23:59:59.999999Z"}}) {
    event.received_us = time;
    EXPECT_THAT(to_key_value(event), StartsWith("received=" + text + " event=dial.result "));
  }
}

TEST(KeyValue, NamesWhatItLeavesOut) {
  Event event = full_event();
  std::vector<std::string> left_out = {"old"};
  to_key_value(event, &left_out);
  EXPECT_THAT(left_out, ::testing::IsEmpty());
  event.from = event.b_leg_to = std::string(8192, 'x');
  to_key_value(event, &left_out);
  EXPECT_THAT(left_out, ::testing::ElementsAre("b_leg_to", "from"));
  event.from = event.b_leg_to = "1";
  event.call = event.id = std::string(300, 'x');
  to_key_value(event, &left_out);
  EXPECT_THAT(left_out, ::testing::ElementsAre("call", "id"));
}

TEST(KeyValue, KeepsALongValueThatFits) {
  Event event = full_event();
  event.from = std::string(3000, 'x');
  const std::string line = to_key_value(event);
  EXPECT_THAT(line, HasSubstr("from=" + *event.from));
  EXPECT_THAT(line, Not(HasSubstr("truncated")));
}

TEST(KeyValue, DropsInFixedOrder) {
  Event event = full_event();
  for (Event::Text* text : {&event.from, &event.to, &event.hangup_source, &event.b_leg_to}) {
    *text = std::string(3000, 'x');
  }
  EXPECT_THAT(keys(parse_line(to_key_value(event))),
              ::testing::ElementsAre("received", "event", "call", "from", "to", "call_status",
                                     "dial_status", "next", "ring", "cause", "hangup_code", "side",
                                     "duration", "stage", "a_leg", "b_leg", "digits", "pressed_by",
                                     "truncated", "id"));
}

TEST(SyslogLine, NeverExceedsItsBound) {
  for (const char filler : {'x', '"', '\xff', '\n'}) {
    Event event;
    const std::string huge(8192, filler);
    event.id = event.event = event.endpoint = event.node = huge;
    for (Event::Text* text :
         {&event.call, &event.from, &event.to, &event.call_status, &event.dial_status,
          &event.dial_hangup_cause, &event.a_leg, &event.b_leg, &event.b_leg_to,
          &event.hangup_cause, &event.hangup_source}) {
      *text = huge;
    }
    event.hangup_cause_code = event.duration = event.stage = INT64_MIN;
    event.dial_ring_status = false;
    event.digits = event.digits_pressed_by = huge;
    SyslogHeader header;
    header.tag = huge;
    header.pid = -9'223'372'036'854'775'807L;
    const std::string line = to_syslog_line(event, header);
    expect_plain(line);
    EXPECT_THAT(line, HasSubstr("truncated=true"));
    EXPECT_EQ(parse_line(to_key_value(event)).back().first, "id");
  }
}

// The most that may stand without anything being left out, field by field.
TEST(SyslogLine, EveryLengthStaysWithinTheBound) {
  for (std::size_t length = 200; length < 9000; length += 97) {
    Event event = full_event();
    for (Event::Text* text : {&event.from, &event.to, &event.a_leg, &event.b_leg}) {
      *text = std::string(length, '=');
    }
    expect_plain(to_syslog_line(event, {}));
  }
}

TEST(SyslogLine, HeaderIsOfRfc3164) {
  SyslogHeader header;
  header.facility = 16;
  header.severity = 6;
  header.time.tm_mon = 10;
  header.time.tm_mday = 3;
  header.time.tm_hour = 9;
  header.time.tm_min = 5;
  header.time.tm_sec = 2;
  header.pid = 4711;
  EXPECT_EQ(to_syslog_line(full_event(), header),
            "<134>Nov  3 09:05:02 plivo-dial[4711]: " + to_key_value(full_event()));
}

TEST(SyslogLine, OddHeadersAreHeldToTheForm) {
  SyslogHeader header;
  header.facility = 99;
  header.severity = -1;
  header.time.tm_mon = 77;
  header.tag = "a b[c]:\n";
  EXPECT_THAT(to_syslog_line(full_event(), header),
              StartsWith("<184>Dec  1 00:00:00 a_b_c]__[0]: received="));
}

}  // namespace
}  // namespace plivo_dial
