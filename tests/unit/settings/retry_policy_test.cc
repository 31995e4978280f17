// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/settings/retry_policy.h"

namespace plivo_dial {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(RetryPolicy, DefaultGoesUpToOnceAnHourForThreeDays) {
  const RetryPolicy policy;
  const std::vector<milliseconds> waits = {seconds(1),  seconds(5),  seconds(30), minutes(2),
                                           minutes(10), minutes(30), hours(1),    hours(1)};
  for (unsigned failures = 1; failures <= waits.size(); ++failures) {
    EXPECT_EQ(wait_after(policy, failures, 0.5), waits[failures - 1]) << failures;
  }
  EXPECT_EQ(wait_after(policy, 4'000'000'000u, 0.5), hours(1));
  EXPECT_EQ(policy.limit, hours(72));
}

TEST(RetryPolicy, VariesByAFifth) {
  const RetryPolicy policy;
  EXPECT_EQ(wait_after(policy, 1, 0), milliseconds(800));
  EXPECT_EQ(wait_after(policy, 1, 0.25), milliseconds(900));
  EXPECT_EQ(wait_after(policy, 1, 1), milliseconds(1200));
}

TEST(RetryPolicy, GivesNothingUpBeforeEachWaitThatFits) {
  EXPECT_EQ(fewest_attempts(RetryPolicy()), 8u);
  EXPECT_EQ(fewest_attempts(*parse_retry_policy("30/50")), 2u);
  EXPECT_EQ(fewest_attempts(*parse_retry_policy("1,5,30/3")), 3u) << "the last one at 3 s";
  EXPECT_EQ(fewest_attempts(*parse_retry_policy("1,5,30/6")), 3u) << "those at 1 s and at 6 s";
  EXPECT_EQ(fewest_attempts(*parse_retry_policy("1/0")), 1u);
}

TEST(RetryPolicy, IsReadAndWritten) {
  const Result<RetryPolicy> policy = parse_retry_policy("1,5,30/86400");
  ASSERT_TRUE(policy.ok());
  EXPECT_THAT(policy->waits, ElementsAre(seconds(1), seconds(5), seconds(30)));
  EXPECT_EQ(policy->limit, hours(24));
  EXPECT_EQ(to_string(*policy), "1,5,30/86400");
  EXPECT_EQ(*parse_retry_policy(to_string(RetryPolicy())), RetryPolicy());
  EXPECT_EQ(parse_retry_policy("7")->limit, hours(72));
  EXPECT_EQ(parse_retry_policy("1/0")->limit, seconds(0));
  EXPECT_EQ(parse_retry_policy("86400/2592000")->waits.front(), hours(24));
  EXPECT_EQ(parse_retry_policy("86400/2592000")->limit, hours(24 * 30));
  EXPECT_EQ(parse_retry_policy("1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7")->waits.size(), 16u);
}

TEST(RetryPolicy, RefusalsNameValueAndRemedy) {
  for (const char* const text :
       {"", "0", "-1", "1s", "1,", ",1", "1,,2", "86401", "1/", "1/-1", "1/2592001", "1/2/3", " 1",
        "99999999999999999999", "1/99999999999999999999", "1/x",
        "1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7,8"}) {
    const Result<RetryPolicy> policy = parse_retry_policy(text);
    ASSERT_FALSE(policy.ok()) << text;
    EXPECT_THAT(policy.error().message, HasSubstr("retry='" + std::string(text) + "' is not"));
    EXPECT_THAT(policy.error().message, HasSubstr("retry=1,5,30/86400"));
  }
}

}  // namespace
}  // namespace plivo_dial
