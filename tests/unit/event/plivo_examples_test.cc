// SPDX-License-Identifier: Apache-2.0
// Each example request of Plivo's, from bytes to event to JSON and back.
#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "lib/event/environment.h"
#include "lib/event/json.h"
#include "lib/event/syslog_line.h"
#include "tests/unit/event/event_samples.h"

namespace plivo_dial {
namespace {

struct Example {
  std::string id;
  std::string method;
  std::string form;
};

std::vector<Example> examples() {
  std::vector<Example> list;
  std::ifstream file(PLIVO_EXAMPLES);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    Example example;
    words >> example.id >> example.method >> example.form;
    // P3 is JSON, which a flow may send to the event endpoint; it is no form.
    if (example.form.starts_with('{')) continue;
    list.push_back(std::move(example));
  }
  return list;
}

Endpoint endpoint_of(const std::string& id) {
  switch (id.front()) {
    case 'F':
      return Endpoint::kFallback;
    case 'D':
      return Endpoint::kAction;
    case 'E':
      return Endpoint::kCallback;
    case 'R':
      return Endpoint::kRing;
    case 'H':
      return Endpoint::kHangup;
    case 'V':
      return Endpoint::kRecording;
    case 'P':
      return Endpoint::kEvent;
    default:
      return Endpoint::kAnswer;
  }
}

Event event_of_example(const Example& example) {
  const bool get = example.method == "GET";
  return event_samples::event_of(endpoint_of(example.id), get ? example.form : "",
                                 get ? "" : example.form);
}

TEST(PlivoExamples, AllGroupsAreThere) {
  std::map<char, int> count;
  for (const Example& example : examples()) ++count[example.id.front()];
  EXPECT_GE(count['A'], 6);
  EXPECT_GE(count['F'], 3);
  EXPECT_GE(count['D'], 8);
  EXPECT_GE(count['E'], 9);
  EXPECT_GE(count['R'], 3);
  EXPECT_GE(count['H'], 7);
}

TEST(PlivoExamples, EventsComeBackFromJson) {
  for (const Example& example : examples()) {
    SCOPED_TRACE(example.id);
    const Event event = event_of_example(example);
    const std::string line = to_json(event);
    ASSERT_TRUE(nlohmann::json::accept(line)) << line;
    const Result<Event> back = event_from_json(line);
    ASSERT_TRUE(back.ok()) << back.error().message;
    event_samples::expect_same(event, *back);
    EXPECT_TRUE(event.unparsable.empty());
    EXPECT_LE(to_syslog_line(event, {}).size(), kMaxSyslogLine);
    EXPECT_GE(event_environment(event).size(), 3U);
  }
}

// What the sinks are for: the right kind and status of each.
TEST(PlivoExamples, KindsAndStatuses) {
  struct Row {
    const char* id;
    const char* event;
    const char* dial_status;
    const char* cause;
  };
  constexpr Row kRows[] = {
      {"A1", "call.answer", nullptr, nullptr},
      {"F1", "call.fallback", nullptr, nullptr},
      {"D1", "dial.result", "completed", "NORMAL_CLEARING"},
      {"D2", "dial.result", "no-answer", "NO_ANSWER"},
      {"D3", "dial.result", "busy", "USER_BUSY"},
      {"D4", "dial.result", "cancel", "ORIGINATOR_CANCEL"},
      {"D5", "dial.result", "failed", "CALL_REJECTED"},
      {"D6", "dial.result", "timeout", "RECOVERY_ON_TIMER_EXPIRE"},
      {"D7", "dial.result", "completed", "NORMAL_CLEARING"},
      {"D8", "dial.result", "failed", "sip_auth_failed"},
      {"E1", "dial.answered", nullptr, nullptr},
      {"E2", "dial.connected", nullptr, nullptr},
      {"E3", "dial.digits", nullptr, nullptr},
      {"E5", "dial.ended", nullptr, nullptr},
      {"R1", "call.ring", nullptr, nullptr},
      {"H1", "call.hangup", nullptr, nullptr},
  };
  std::map<std::string, Event> events;
  for (const Example& example : examples()) events[example.id] = event_of_example(example);
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.id);
    ASSERT_TRUE(events.contains(row.id));
    const Event& event = events.at(row.id);
    EXPECT_EQ(event.event, row.event);
    EXPECT_EQ(event.dial_status, row.dial_status ? Event::Text(row.dial_status) : std::nullopt);
    EXPECT_EQ(event.dial_hangup_cause, row.cause ? Event::Text(row.cause) : std::nullopt);
    EXPECT_TRUE(event.call.has_value());
  }
  EXPECT_EQ(events.at("H1").duration, 54);
  EXPECT_EQ(events.at("H1").hangup_cause_code, 4000);
  EXPECT_EQ(events.at("E5").duration, 37);
  EXPECT_EQ(events.at("E5").hangup_source, "Callee");
  EXPECT_THAT(to_key_value(events.at("E3")), ::testing::HasSubstr(" digits=*9 pressed_by=aleg "));
}

}  // namespace
}  // namespace plivo_dial
