// SPDX-License-Identifier: Apache-2.0
#include "lib/event/json_line.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "lib/event/json.h"
#include "tests/unit/event/event_samples.h"

namespace plivo_dial {
namespace {

using event_samples::full_event;
using event_samples::hostile_values;
using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kLimit = 7400;

// The line, read back; checks its form.
json line_of(const Event& event, std::vector<std::string>* left_out = nullptr,
             std::size_t limit = kLimit) {
  const std::string line = to_json_line(event, limit, left_out);
  EXPECT_LE(line.size(), limit);
  for (const char c : line) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << line;
  const json object = json::parse(line, nullptr, false);
  EXPECT_TRUE(object.is_object()) << line;
  return object;
}

TEST(JsonLine, IsTheWholeEventWhereThereIsRoom) {
  std::vector<std::string> left_out = {"old"};
  const Event event = full_event();
  EXPECT_EQ(line_of(event, &left_out), json::parse(to_json(event)));
  EXPECT_THAT(left_out, IsEmpty());
}

TEST(JsonLine, LeavesParamsOutFirstAndSaysSo) {
  Event event = full_event();
  event.params.emplace_back("Long", std::string(9000, 'x'));
  std::vector<std::string> left_out;
  json line = line_of(event, &left_out);
  EXPECT_THAT(left_out, ElementsAre("params"));
  EXPECT_EQ(line["truncated"], true);
  EXPECT_EQ(line["left_out"], json({"params"}));
  json whole = json::parse(to_json(event));
  whole.erase("params");
  line.erase("truncated");
  line.erase("left_out");
  EXPECT_EQ(line, whole) << "all else is as it was";
}

// It never turns into another form.
TEST(JsonLine, LeavesLongValuesOutNext) {
  Event event = full_event();
  event.from = std::string(8000, '7');
  std::vector<std::string> left_out;
  json line = line_of(event, &left_out);
  EXPECT_THAT(left_out, ElementsAre("params", "from"));
  EXPECT_EQ(line["dial_status"], "no-answer");
  EXPECT_FALSE(line.contains("from"));
  // As many bytes, and six times as many in JSON.
  event.from = std::string(8000, '\x01');
  event.b_leg_to = std::string(8000, '7');
  line = line_of(event, &left_out);
  EXPECT_THAT(left_out, ElementsAre("params", "b_leg_to", "from"));
}

TEST(JsonLine, ReadersOfEventsReadWhatHasItsParams) {
  Event event = full_event();
  event.params.clear();
  EXPECT_TRUE(event_from_json(to_json_line(event, kLimit)).ok());
}

TEST(JsonLine, NeverExceedsItsBound) {
  std::vector<std::string> fillers = hostile_values();
  for (const char* one : {"x", "\"", "\xff", "\n", "\xc3\xa9", "\xf0\x9f\x93\x9e"}) {
    fillers.emplace_back(one);
  }
  for (const std::string& filler : fillers) {
    if (filler.empty()) continue;
    std::string huge;
    while (huge.size() < 9000) huge += filler;
    Event event;
    event.id = event.event = event.endpoint = event.node = event.account = huge;
    for (Event::Text* text :
         {&event.call, &event.verified_by, &event.token, &event.from, &event.to, &event.direction,
          &event.call_status, &event.dial_status, &event.dial_hangup_cause, &event.a_leg,
          &event.b_leg, &event.b_leg_to, &event.b_leg_from, &event.hangup_cause,
          &event.hangup_cause_name, &event.hangup_source, &event.plan}) {
      *text = huge;
    }
    event.hangup_cause_code = event.duration = event.bill_duration = event.stage = INT64_MIN;
    event.dial_ring_status = false;
    event.received_us = INT64_MAX;
    event.seq = UINT64_MAX;
    event.late = true;
    event.attempt = UINT32_MAX;
    event.params = {{huge, huge}};
    std::vector<std::string> left_out;
    const json line = line_of(event, &left_out, kMinJsonLine);
    EXPECT_EQ(line["truncated"], true);
    EXPECT_EQ(line["left_out"], json(left_out));
    EXPECT_EQ(line["duration"], INT64_MIN);
    EXPECT_NE(line["id"], "") << "something of it is left";
  }
}

TEST(JsonLine, MayBeAsLongAsTheLimit) {
  const Event event = full_event();
  const std::size_t length = to_json(event).size();
  std::vector<std::string> left_out;
  line_of(event, &left_out, length);
  EXPECT_THAT(left_out, IsEmpty());
  line_of(event, &left_out, length - 1);
  EXPECT_THAT(left_out, ElementsAre("params"));
}

// 200 bytes are not long, one more is; with the quotes.
TEST(JsonLine, LeavesOutAndCutsWhatHasMoreThan200Bytes) {
  Event event = full_event();
  event.params.clear();
  event.from = std::string(8000, '7');
  event.to = std::string(198, '7');
  event.direction = std::string(199, '7');
  event.node = std::string(198, 'n');
  event.account = std::string(199, 'a');
  event.endpoint = std::string(9000, 'e');
  event.id = std::string(9000, 'i');
  std::vector<std::string> left_out;
  const json line = json::parse(to_json_line(event, 0, &left_out));
  EXPECT_THAT(left_out, testing::Contains("from"));
  EXPECT_THAT(left_out, testing::Contains("direction"));
  EXPECT_THAT(left_out, testing::Not(testing::Contains("to")));
  EXPECT_THAT(left_out, testing::Contains("account"));
  EXPECT_THAT(left_out, testing::Not(testing::Contains("node")));
  EXPECT_EQ(line["to"], *event.to);
  EXPECT_EQ(line["node"], event.node);
  EXPECT_EQ(line["account"], std::string(198, 'a'));
  EXPECT_EQ(line["id"], std::string(198, 'i'));
}

TEST(JsonLine, CutsBehindWholeCharacters) {
  for (const auto& [one, count] : std::vector<std::pair<std::string, std::size_t>>{
           {"x", 198}, {"\"", 99}, {"\xc3\xa9", 33}, {"\xf0\x9f\x93\x9e", 16}}) {
    Event event = full_event();
    event.node = "";
    for (int i = 0; i < 9000; ++i) event.node += one;
    std::string expected;
    for (std::size_t i = 0; i < count; ++i) expected += one;
    EXPECT_EQ(line_of(event)["node"], expected);
  }
}

// The longest values that are never left out.
TEST(JsonLine, EveryLengthStaysWithinTheBound) {
  for (std::size_t length = 150; length < 4000; length += 37) {
    Event event = full_event();
    event.params.clear();
    for (Event::Text* text :
         {&event.verified_by, &event.token, &event.from, &event.to, &event.direction,
          &event.call_status, &event.dial_status, &event.dial_hangup_cause, &event.a_leg,
          &event.b_leg, &event.b_leg_to, &event.b_leg_from, &event.hangup_cause,
          &event.hangup_cause_name, &event.hangup_source, &event.plan, &event.call}) {
      *text = std::string(length, '=');
    }
    line_of(event, nullptr, kMinJsonLine);
  }
}

}  // namespace
}  // namespace plivo_dial
