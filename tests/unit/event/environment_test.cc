// SPDX-License-Identifier: Apache-2.0
#include "lib/event/environment.h"

#include <gmock/gmock.h>

#include "tests/unit/event/event_samples.h"

namespace plivo_dial {
namespace {

using event_samples::full_event;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::StartsWith;

TEST(EventEnvironment, NamesWhatIsKnown) {
  Event event = full_event();
  event.attempt = 3;
  EXPECT_THAT(
      event_environment(event),
      ElementsAre("PLIVO_EVENT=dial.result", "PLIVO_EVENT_ID=01k9x4mq2rabcdefghjkmnpqrs",
                  "PLIVO_CALL=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21", "PLIVO_FROM=14155550100",
                  "PLIVO_TO=+14155550199", "PLIVO_DIRECTION=inbound",
                  "PLIVO_CALL_STATUS=in-progress", "PLIVO_DIAL_STATUS=no-answer",
                  "PLIVO_DIAL_RING_STATUS=true", "PLIVO_DIAL_HANGUP_CAUSE=NO_ANSWER",
                  "PLIVO_DIAL_A_LEG=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21",
                  "PLIVO_DIAL_B_LEG=", "PLIVO_CAUSE_SIDE=callee", "PLIVO_NEXT=voicemail",
                  "PLIVO_STAGE=2", "PLIVO_ATTEMPT=3"));
}

TEST(EventEnvironment, LeavesOutWhatIsUnknown) {
  Event event;
  event.event = "other";
  event.id = event_samples::kId;
  EXPECT_THAT(event_environment(event),
              ElementsAre("PLIVO_EVENT=other", "PLIVO_EVENT_ID=01k9x4mq2rabcdefghjkmnpqrs",
                          "PLIVO_ATTEMPT=1"));
}

TEST(EventEnvironment, LeavesOutHostileValues) {
  for (const std::string& value : event_samples::hostile_values()) {
    Event event = full_event();
    event.dial_status = value;
    EXPECT_THAT(event_environment(event), Not(Contains(StartsWith("PLIVO_DIAL_STATUS")))) << value;
  }
}

TEST(EventEnvironment, TakesAtMost128Bytes) {
  Event event = full_event();
  event.call_status = std::string(128, 'x');
  EXPECT_THAT(event_environment(event), Contains("PLIVO_CALL_STATUS=" + std::string(128, 'x')));
  event.call_status = std::string(129, 'x');
  EXPECT_THAT(event_environment(event), Not(Contains(StartsWith("PLIVO_CALL_STATUS"))));
}

}  // namespace
}  // namespace plivo_dial
