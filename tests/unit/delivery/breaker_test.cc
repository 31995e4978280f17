// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/breaker.h"

#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

TEST(Breaker, OpensAfterFailuresOfDifferentEvents) {
  Breaker breaker;
  for (int i = 0; i < 100; ++i)
    EXPECT_FALSE(breaker.failed(breaker.begin(), 7, 0)) << "a poison event alone";
  for (const std::uint64_t seq : {1, 2, 3}) EXPECT_FALSE(breaker.failed(breaker.begin(), seq, 0));
  EXPECT_FALSE(breaker.is_open());
  EXPECT_TRUE(breaker.may_try(0));
  EXPECT_TRUE(breaker.failed(breaker.begin(), 4, 0));
  EXPECT_TRUE(breaker.is_open());
}

TEST(Breaker, SuccessInBetweenBeginsTheCountAnew) {
  Breaker breaker;
  for (const std::uint64_t seq : {1, 2, 3, 4}) breaker.failed(breaker.begin(), seq, 0);
  EXPECT_FALSE(breaker.succeeded());
  for (const std::uint64_t seq : {1, 2, 3, 4})
    EXPECT_FALSE(breaker.failed(breaker.begin(), seq, 0));
}

TEST(Breaker, TriesOneEventNowAndThenUntilItIsTaken) {
  Breaker breaker;
  const std::uint64_t old = breaker.begin();
  for (const std::uint64_t seq : {1, 2, 3, 4, 5}) breaker.failed(breaker.begin(), seq, 1000);
  std::int64_t now = 1000;
  for (const std::int64_t pause : {5'000, 10'000, 20'000, 40'000, 60'000, 60'000}) {
    EXPECT_EQ(breaker.next_try_ms(), now + pause);
    EXPECT_FALSE(breaker.may_try(now + pause - 1));
    now += pause;
    EXPECT_TRUE(breaker.may_try(now));
    const std::uint64_t probe = breaker.begin();
    EXPECT_FALSE(breaker.may_try(now)) << "one at a time";
    EXPECT_FALSE(breaker.failed(probe, 9, now));
  }
  EXPECT_FALSE(breaker.failed(old, 10, now)) << "one that began before it opened";
  EXPECT_EQ(breaker.next_try_ms(), now + 60'000);
  now += 60'000;
  breaker.abandoned(breaker.begin());
  EXPECT_TRUE(breaker.may_try(now)) << "that was no try";
  breaker.begin();
  EXPECT_TRUE(breaker.succeeded());
  EXPECT_FALSE(breaker.is_open());
  EXPECT_TRUE(breaker.may_try(now));
  for (const std::uint64_t seq : {1, 2, 3, 4, 5}) breaker.failed(breaker.begin(), seq, now);
  EXPECT_EQ(breaker.next_try_ms(), now + 5'000) << "the pauses begin anew, too";
}

// However an attempt ends that began before the sink got its rest.
TEST(Breaker, TakesNoOldAttemptForItsProbe) {
  Breaker breaker;
  const std::uint64_t failing = breaker.begin();
  const std::uint64_t abandoned = breaker.begin();
  for (const std::uint64_t seq : {1, 2, 3, 4, 5}) breaker.failed(breaker.begin(), seq, 0);
  const std::uint64_t probe = breaker.begin();
  EXPECT_FALSE(breaker.failed(failing, 6, 5'000));
  EXPECT_FALSE(breaker.may_try(1'000'000)) << "the probe is under way";
  breaker.abandoned(abandoned);
  EXPECT_FALSE(breaker.may_try(1'000'000));
  EXPECT_FALSE(breaker.failed(probe, 7, 5'000));
  EXPECT_EQ(breaker.next_try_ms(), 15'000) << "doubled once";
}

// A probe whose sink was found to work by another is an attempt as all are.
TEST(Breaker, CountsAProbeThatEndsLate) {
  Breaker breaker;
  for (const std::uint64_t seq : {1, 2, 3, 4, 5}) breaker.failed(breaker.begin(), seq, 0);
  const std::uint64_t probe = breaker.begin();
  EXPECT_TRUE(breaker.succeeded());
  for (const std::uint64_t seq : {1, 2, 3, 4}) breaker.failed(breaker.begin(), seq, 0);
  EXPECT_TRUE(breaker.failed(probe, 5, 0));
  breaker.begin();
  breaker.abandoned(probe);
  EXPECT_FALSE(breaker.may_try(1'000'000)) << "there is another probe now";
}

}  // namespace
}  // namespace plivo_dial
