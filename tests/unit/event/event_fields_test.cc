// SPDX-License-Identifier: Apache-2.0
#include "lib/event/event_fields.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace plivo_dial {
namespace {

TEST(EventFields, AreOneThingEach) {
  std::set<std::string_view> names;
  std::set<std::string_view> variables;
  for (const EventField& field : event_fields()) {
    const int members =
        (field.text != nullptr) + (field.number != nullptr) + (field.flag != nullptr);
    EXPECT_EQ(members, 1) << field.name;
    EXPECT_TRUE(names.insert(field.name).second) << field.name;
    const bool is_new = field.variable.empty() || variables.insert(field.variable).second;
    EXPECT_TRUE(is_new) << field.variable;
    EXPECT_EQ(field.line_key.empty(), field.line_place == 0) << field.name;
    EXPECT_TRUE(field.b_leg_parameter.empty() || !field.parameter.empty()) << field.name;
    EXPECT_EQ(field.sample.empty(), field.of_samples == 0) << field.name;
  }
  EXPECT_GT(names.size(), 20u);
}

// Else two values would stand under one key, or a line would have no order.
TEST(EventFields, OfOnePlaceHaveOneKey) {
  std::map<int, std::string_view> keys;
  std::map<int, std::string_view> first_left_out;
  for (const EventField& field : event_fields()) {
    if (field.line_place > 0) {
      EXPECT_EQ(keys.emplace(field.line_place, field.line_key).first->second, field.line_key);
    }
    if (field.left_out_of_json > 0) {
      EXPECT_TRUE(first_left_out.emplace(field.left_out_of_json, field.name).second) << field.name;
    }
  }
}

TEST(EventFields, AreShownAsText) {
  Event event;
  event.from = "14155550111";
  event.dial_ring_status = false;
  event.duration = -3;
  std::map<std::string_view, std::string> shown;
  for (const EventField& field : event_fields()) {
    if (const Event::Text text = as_text(field, event)) shown[field.name] = *text;
  }
  const std::map<std::string_view, std::string> expected = {
      {"from", "14155550111"}, {"dial_ring_status", "false"}, {"duration", "-3"}};
  EXPECT_EQ(shown, expected);
}

}  // namespace
}  // namespace plivo_dial
