// SPDX-License-Identifier: Apache-2.0
#include "lib/store/event_log.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "lib/store/store_tables.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;

class EventLogTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "plivo-log-" + std::to_string(getpid());
    std::filesystem::remove(path_);
    std::ofstream(path_).close();
    database_ = std::move(Database::open(path_, Database::Access::kChange)).value();
    ASSERT_TRUE(database_->change([this] { make_store_tables(*database_); }).ok());
    log_ = std::make_unique<EventLog>(*database_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  static LogEntry entry_of(std::uint64_t seq, std::int64_t accepted_us = 0) {
    LogEntry entry;
    entry.seq = seq;
    entry.accepted_us = accepted_us == 0 ? static_cast<std::int64_t>(seq) * 10 : accepted_us;
    entry.even_us = entry.accepted_us + 1;
    entry.begun_ms = 77;
    entry.lane = -5;
    entry.segment = 3;
    entry.offset = 1'000'000;
    entry.name = 200;
    entry.late = seq % 2 == 0;
    entry.presumed = seq % 3 == 0;
    entry.set_id("01hq8w3v9k2m4n6p8r0s000001");
    return entry;
  }
  void append(std::uint64_t first, std::uint64_t last) {
    std::vector<LogEntry> entries;
    for (std::uint64_t seq = first; seq <= last; ++seq) entries.push_back(entry_of(seq));
    log_->append(entries);
  }
  static std::vector<std::uint64_t> numbers(const std::vector<LogEntry>& entries) {
    std::vector<std::uint64_t> all;
    for (const LogEntry& entry : entries) all.push_back(entry.seq);
    return all;
  }

  std::string path_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<EventLog> log_;
};

TEST_F(EventLogTest, GivesBackWhatWasAppended) {
  append(1, 6);
  const LogEntry expected = entry_of(6);
  const std::optional<LogEntry> found = log_->find(6);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->accepted_us, expected.accepted_us);
  EXPECT_EQ(found->even_us, expected.even_us);
  EXPECT_EQ(found->begun_ms, expected.begun_ms);
  EXPECT_EQ(found->lane, expected.lane);
  EXPECT_EQ(found->segment, expected.segment);
  EXPECT_EQ(found->offset, expected.offset);
  EXPECT_EQ(found->name, expected.name);
  EXPECT_TRUE(found->late && found->presumed);
  EXPECT_EQ(found->id(), expected.id());
  EXPECT_FALSE(log_->find(7).has_value());
  EXPECT_FALSE(log_->find(0).has_value());
}

TEST_F(EventLogTest, GoesOverGapsBothWays) {
  append(1, 2);
  append(5, 6);
  EXPECT_THAT(numbers(log_->from(2)), ElementsAre(2));
  EXPECT_THAT(numbers(log_->from(3)), ElementsAre(5, 6));
  EXPECT_THAT(numbers(log_->from(7)), ElementsAre());
  EXPECT_THAT(numbers(log_->before(6)), ElementsAre(5));
  EXPECT_THAT(numbers(log_->before(5)), ElementsAre(1, 2));
  EXPECT_THAT(numbers(log_->before(1)), ElementsAre());
}

TEST_F(EventLogTest, ManyMakeSeveralBlocks) {
  append(1, 1000);
  EXPECT_EQ(database_->number("SELECT count(*) FROM block"), 8);
  std::uint64_t next = 1;
  for (auto entries = log_->from(1); !entries.empty(); entries = log_->from(next)) {
    for (const LogEntry& entry : entries) ASSERT_EQ(entry.seq, next++);
  }
  EXPECT_EQ(next, 1001u);
  log_->remove_block_of(130);
  EXPECT_FALSE(log_->find(129).has_value());
  EXPECT_TRUE(log_->find(128).has_value());
  EXPECT_TRUE(log_->find(257).has_value());
}

// By times that may go back, as wall clocks do.
TEST_F(EventLogTest, IsFoundByTime) {
  log_->append(std::vector{entry_of(1, 100)});
  log_->append(std::vector{entry_of(2, 500)});
  log_->append(std::vector{entry_of(3, 200)});
  EXPECT_EQ(log_->first_since(150), 2u);
  EXPECT_EQ(log_->first_since(501), std::nullopt);
  EXPECT_TRUE(log_->is_all_before(2, 101));
  EXPECT_FALSE(log_->is_all_before(4, 300)) << "the second is among them";
}

TEST_F(EventLogTest, AFrameMayMove) {
  append(1, 3);
  log_->move(2, 9, 16);
  EXPECT_EQ(log_->find(2)->segment, 9u);
  EXPECT_EQ(log_->find(2)->offset, 16u);
  EXPECT_EQ(log_->find(3)->segment, 3u);
  EXPECT_EQ(log_->find(3)->id(), entry_of(3).id());
}

}  // namespace
}  // namespace plivo_dial
