// SPDX-License-Identifier: Apache-2.0
#include "lib/event/event_outline.h"

#include <gmock/gmock.h>

#include "lib/event/json.h"
#include "lib/event/make_event.h"
#include "tests/unit/event/event_samples.h"

namespace plivo_dial {
namespace {

using event_samples::event_of;
using event_samples::full_event;
using event_samples::hostile_values;

void expect_outlined(const Event& event) {
  const std::string line = to_json(event);
  const Result<EventOutline> outline = outline_of(line);
  ASSERT_TRUE(outline.ok()) << outline.error().message;
  EXPECT_EQ(*outline, outline_of(event_from_json(line).value())) << line;
}

TEST(EventOutline, SaysWhatTheEventSays) {
  const Result<EventOutline> outline = outline_of(to_json(full_event()));
  ASSERT_TRUE(outline.ok()) << outline.error().message;
  EXPECT_EQ(outline->id, event_samples::kId);
  EXPECT_EQ(outline->received_us, event_samples::kReceived);
  EXPECT_EQ(outline->name, "dial.result");
  EXPECT_FALSE(outline->of_flow);
  EXPECT_EQ(outline->call, "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21");
  EXPECT_EQ(outline->b_leg, "");
  EXPECT_EQ(outline->duration, -1);
  EXPECT_EQ(outline->stage, 2);
  EXPECT_EQ(*outline, outline_of(full_event()));
}

TEST(EventOutline, KnowsFlows) {
  const Event event = event_of(Endpoint::kEvent, "", "Event=x");
  EXPECT_TRUE(outline_of(event).of_flow);
  expect_outlined(event);
}

TEST(EventOutline, HasTheVeryBytesOfTexts) {
  for (const std::string& value : hostile_values()) {
    Event event = full_event();
    event.event = event.endpoint = value;
    event.call = event.b_leg = value;
    event.params = {{value, value}, {"a", value}, {"a", ""}, {R"(","seq":0,"stage":7)", "1"}};
    expect_outlined(event);
  }
}

TEST(EventOutline, RefusesWhatIsNoEvent) {
  const std::string line = to_json(full_event());
  for (std::size_t length = 0; length < line.size(); ++length) {
    EXPECT_FALSE(outline_of(line.substr(0, length)).ok()) << length;
  }
}

}  // namespace
}  // namespace plivo_dial
