// SPDX-License-Identifier: Apache-2.0
#include "lib/event/delivered_line.h"

#include <gmock/gmock.h>

#include <limits>

#include "lib/event/json.h"
#include "tests/unit/event/event_samples.h"

namespace plivo_dial {
namespace {

using event_samples::full_event;
using event_samples::hostile_values;

// However it is delivered, the line is that of to_json.
void expect_spliced(Event event) {
  event.seq = 0;
  event.late = false;
  event.attempt = 1;
  const std::string kept = to_json(event);
  for (const std::uint64_t seq :
       {std::uint64_t{0}, std::uint64_t{7}, std::numeric_limits<std::uint64_t>::max()}) {
    event.seq = seq;
    event.late = false;
    event.attempt = 1;
    EXPECT_EQ(spooled_line(kept, seq), to_json(event));
    for (const bool late : {false, true}) {
      for (const unsigned attempt : {1U, 2U, std::numeric_limits<unsigned>::max()}) {
        event.seq = seq;
        event.late = late;
        event.attempt = attempt;
        EXPECT_EQ(delivered_line(kept, seq, late, attempt), to_json(event));
        EXPECT_EQ(delivered_line(to_json(event), 0, false, 1), kept);
      }
    }
  }
}

TEST(DeliveredLine, IsThatOfToJson) {
  expect_spliced(full_event());
  Event bare;
  bare.id = event_samples::kId;
  expect_spliced(bare);
  bare.unparsable = {"stage", "duration"};
  expect_spliced(bare);
}

TEST(DeliveredLine, IsThatOfToJsonWhateverTheBytes) {
  for (const std::string& value : hostile_values()) {
    Event event = full_event();
    event.params = {{value, value}, {"a", value}, {"a", ""}, {R"("seq":0,"late":true)", value}};
    expect_spliced(event);
    event.node = event.account = value;
    event.call = event.from = value;
    expect_spliced(event);
  }
}

TEST(DeliveredLine, IsEmptyForWhatIsNoEvent) {
  for (const char* json : {"", "{}", "null", "{\"v\":1,\"id\":\"", "\xff"}) {
    EXPECT_EQ(delivered_line(json, 7, true, 2), "");
    std::string out = "before";
    EXPECT_FALSE(append_delivered_line(json, 7, true, 2, out));
    EXPECT_EQ(out, "before");
  }
}

TEST(DeliveredLine, IsAppended) {
  std::string out = "before ";
  ASSERT_TRUE(append_delivered_line(to_json(full_event()), 7, true, 2, out));
  EXPECT_EQ(out, "before " + delivered_line(to_json(full_event()), 7, true, 2));
}

}  // namespace
}  // namespace plivo_dial
