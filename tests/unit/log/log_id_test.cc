// SPDX-License-Identifier: Apache-2.0
#include "lib/log/log_id.h"

#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

TEST(LogId, IsWhatALineBeginsWith) {
  EXPECT_TRUE(has_log_id("PD0104: warning: a twin", log_id::kConfigWarning));
  EXPECT_TRUE(has_log_id("PD0104: ", log_id::kConfigWarning));
  EXPECT_FALSE(has_log_id("PD0105: warning: a twin", log_id::kConfigWarning));
  EXPECT_FALSE(has_log_id("see PD0104: a warning", log_id::kConfigWarning));
  EXPECT_FALSE(has_log_id("PD0104 and others", log_id::kConfigWarning));
  EXPECT_FALSE(has_log_id("PD01044: ", log_id::kConfigWarning));
  EXPECT_FALSE(has_log_id("PD0104", log_id::kConfigWarning));
  EXPECT_FALSE(has_log_id("", log_id::kConfigWarning));
}

}  // namespace
}  // namespace plivo_dial
