// SPDX-License-Identifier: Apache-2.0
#include "lib/store/key_index.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "lib/store/byte_order.h"
#include "lib/store/store_tables.h"

namespace plivo_dial {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using testing::ElementsAre;
using testing::IsEmpty;

class KeyIndexTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "plivo-keys-" + std::to_string(getpid());
    std::filesystem::remove(path_);
    std::ofstream(path_).close();
    database_ = std::move(Database::open(path_, Database::Access::kChange)).value();
    ASSERT_TRUE(database_->change([this] { make_store_tables(*database_); }).ok());
    index_.load(*database_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  void save(std::int64_t age_us) {
    ASSERT_TRUE(database_->change([&] { index_.save(*database_, age_us); }).ok());
    index_.publish();
  }
  bool forget(std::int64_t age_us, std::uint64_t first_kept) {
    bool more = false;
    EXPECT_TRUE(
        database_
            ->change([&] { more = index_.forget_some(*database_, age_us, hours(1), first_kept); })
            .ok());
    index_.publish();
    return more;
  }
  std::vector<std::uint64_t> find(std::uint64_t hash, KeyKind kind = KeyKind::kId) {
    std::vector<std::uint64_t> found = index_.find(*database_, kind, hash);
    EXPECT_EQ(KeyIndex::find_in_store(*database_, kind, hash), found);
    return found;
  }

  std::string path_;
  std::unique_ptr<Database> database_;
  KeyIndex index_;
};

TEST_F(KeyIndexTest, KindsAreApartAndNumbersRise) {
  index_.add(KeyKind::kCall, 7, 3);
  index_.add(KeyKind::kCall, 7, 1);
  index_.add(KeyKind::kDuplicate, 7, 2);
  save(1);
  EXPECT_THAT(find(7, KeyKind::kCall), ElementsAre(1, 3));
  EXPECT_THAT(find(7, KeyKind::kDuplicate), ElementsAre(2));
  EXPECT_THAT(find(7, KeyKind::kId), IsEmpty());
  EXPECT_THAT(find(8, KeyKind::kCall), IsEmpty());
  index_.load(*database_);
  EXPECT_THAT(find(7, KeyKind::kCall), ElementsAre(1, 3)) << "from the store";
}

// Such as of a flow that gives the same id for each call.
TEST_F(KeyIndexTest, OneKeyMayHaveManyEvents) {
  for (std::uint64_t seq = 1; seq <= 60'000; ++seq) {
    index_.add(KeyKind::kCall, 7, seq);
    index_.add(KeyKind::kId, seq, seq);
    if (seq % 1000 == 0) save(static_cast<std::int64_t>(seq));
  }
  EXPECT_EQ(find(7, KeyKind::kCall).size(), 60'000u);
  EXPECT_THAT(find(59'999), ElementsAre(59'999));
}

TEST_F(KeyIndexTest, RunsHaveAllThatWasRecent) {
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t seq = 1; seq <= 150'000; ++seq) {
    hashes.push_back(random());
    index_.add(KeyKind::kId, hashes.back(), seq);
    if (seq % 1000 == 0) save(static_cast<std::int64_t>(seq));
  }
  EXPECT_EQ(database_->number("SELECT count(*) FROM key_run"), 3);
  const auto all_are_found = [&] {
    for (std::uint64_t seq = 1; seq <= hashes.size(); seq += 997) {
      ASSERT_THAT(find(hashes[seq - 1]), ElementsAre(seq));
    }
  };
  all_are_found();
  index_.load(*database_);
  all_are_found();
  int foreign = 0;
  for (int i = 0; i < 1000; ++i)
    foreign += static_cast<int>(index_.find(*database_, KeyKind::kId, random()).size());
  EXPECT_EQ(foreign, 0);
}

TEST_F(KeyIndexTest, ARunIsForgottenAsAWhole) {
  const std::int64_t day_us = microseconds(hours(24)).count();
  index_.add(KeyKind::kId, 11, 1);
  save(0);
  EXPECT_FALSE(forget(day_us - 1, 99));
  EXPECT_EQ(database_->number("SELECT count(*) FROM key_run"), 0) << "the day is not over";
  index_.add(KeyKind::kId, 12, 2);
  save(day_us - 1);
  EXPECT_FALSE(forget(day_us, 99)) << "the youngest is not old enough";
  EXPECT_EQ(database_->number("SELECT count(*) FROM key_run"), 1);
  EXPECT_EQ(database_->number("SELECT count(*) FROM recent"), 0);
  EXPECT_FALSE(forget(2 * day_us, 2)) << "the event is kept";
  EXPECT_THAT(find(11), ElementsAre(1));
  EXPECT_TRUE(forget(2 * day_us, 3));
  EXPECT_THAT(find(11), IsEmpty());
  EXPECT_EQ(database_->number("SELECT count(*) FROM key_page"), 0);
}

TEST_F(KeyIndexTest, WhatATransactionLostIsNotFoundAfterwards) {
  index_.add(KeyKind::kId, 5, 1);
  const Result<void> changed = database_->change([&] {
    index_.save(*database_, 1);
    database_->run_script("no such statement");
  });
  ASSERT_FALSE(changed.ok());
  index_.load(*database_);
  EXPECT_THAT(find(5), IsEmpty());
}

TEST(KeyFilter, HasAllItsKeysAndFewOthers) {
  std::mt19937_64 random(2);
  KeyFilter filter(10'000);
  std::vector<std::uint64_t> keys(10'000);
  for (std::uint64_t& key : keys) filter.add(key = random());
  const std::string bytes = filter.encode();
  const KeyFilter copy = KeyFilter::decode(bytes_of(bytes));
  for (const std::uint64_t key : keys) ASSERT_TRUE(copy.may_have(key));
  int passed = 0;
  for (int i = 0; i < 100'000; ++i) passed += copy.may_have(random()) ? 1 : 0;
  EXPECT_LT(passed, 500);
  EXPECT_TRUE(KeyFilter::decode({}).may_have(1)) << "who knows nothing has to look";
}

}  // namespace
}  // namespace plivo_dial
