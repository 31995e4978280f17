// SPDX-License-Identifier: Apache-2.0
#include "lib/store/call_records.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <random>

#include "lib/store/store_tables.h"
#include "tests/long_form.h"

namespace plivo_dial {
namespace {

class CallRecordsTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "plivo-records-" + std::to_string(getpid());
    std::filesystem::remove(path_);
    std::ofstream(path_).close();
    database_ = std::move(Database::open(path_, Database::Access::kChange)).value();
    change([this] { make_store_tables(*database_); });
    records_ = std::make_unique<CallRecords>(*database_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  void change(const std::function<void()>& work) {
    const Result<void> changed = database_->change(work);
    ASSERT_TRUE(changed.ok()) << changed.error().message;
  }
  std::int64_t count() { return database_->number("SELECT count(*) FROM record"); }

  // As Plivo names calls: in no order.
  std::string call_of_chance() {
    char text[37];
    const std::uint64_t low = random_();
    std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx",
                  static_cast<unsigned>(random_()), static_cast<unsigned>(low & 0xffff),
                  static_cast<unsigned>(low >> 16 & 0xffff),
                  static_cast<unsigned>(low >> 32 & 0xffff),
                  static_cast<unsigned long long>(random_() & 0xffffffffffff));
    return text;
  }
  // Closed at 1, 2, ... behind `first_us`.
  void put_many(int count, std::size_t body, std::int64_t first_us = 0) {
    change([&] {
      for (int i = 1; i <= count; ++i) {
        records_->put({call_of_chance(), first_us + i, std::string(body, 'x')});
      }
    });
  }

  std::string path_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<CallRecords> records_;
  std::mt19937_64 random_{7};
};

TEST_F(CallRecordsTest, AreFoundByTheirCalls) {
  const CallRecord first{"a", 10, R"({"to":"+14155550199"})"};
  const CallRecord second{"b", 20, std::string("caf\xc3\xa9 \0 end", 11)};
  change([&] {
    records_->put(first);
    records_->put(second);
  });
  EXPECT_EQ(records_->find("a"), first);
  EXPECT_EQ(records_->find("b"), second);
  EXPECT_EQ(records_->find("c"), std::nullopt);
  EXPECT_EQ(records_->find(""), std::nullopt);
}

TEST_F(CallRecordsTest, ALaterOneStandsInPlaceOfTheFormer) {
  change([&] {
    records_->put({"a", 10, "first"});
    records_->put({"b", 11, "other"});
    records_->put({"a", 30, "second"});
  });
  EXPECT_EQ(records_->find("a"), (CallRecord{"a", 30, "second"}));
  EXPECT_EQ(count(), 2);
  change([&] { EXPECT_FALSE(records_->forget_some(30, 10)); });
  EXPECT_TRUE(records_->find("a").has_value()) << "its time began anew";
  EXPECT_FALSE(records_->find("b").has_value());
}

TEST_F(CallRecordsTest, OldOnesAreForgottenTheOldestFirst) {
  change([&] {
    for (const int us : {50, 10, 40, 20, 30}) records_->put({std::to_string(us), us, ""});
  });
  EXPECT_FALSE(records_->any_before(10));
  EXPECT_TRUE(records_->any_before(11));
  change([&] { EXPECT_TRUE(records_->forget_some(40, 2)) << "there is one more"; });
  EXPECT_FALSE(records_->find("20").has_value());
  EXPECT_TRUE(records_->find("30").has_value());
  change([&] { EXPECT_FALSE(records_->forget_some(40, 2)); });
  EXPECT_FALSE(records_->find("30").has_value());
  EXPECT_TRUE(records_->find("40").has_value()) << "not before that time";
  change([&] { EXPECT_FALSE(records_->forget_some(40, 2)); });
  EXPECT_EQ(count(), 2);
}

TEST_F(CallRecordsTest, AFailureLeavesNothingToDo) {
  put_many(3, 5);
  const Result<void> changed = database_->change([&] {
    database_->run_script("no SQL");
    EXPECT_FALSE(records_->forget_some(100, 2));
    EXPECT_EQ(records_->find("a"), std::nullopt);
    EXPECT_FALSE(records_->any_before(100));
  });
  EXPECT_FALSE(changed.ok());
  EXPECT_EQ(count(), 3);
}

// With its share of both indexes; calls come in no order.
TEST_F(CallRecordsTest, OneTakesLittleSpace) {
  constexpr int kRecords = 20'000;
  constexpr std::size_t kBody = 450;
  const auto before = static_cast<double>(std::filesystem::file_size(path_));
  for (int i = 0; i < 20; ++i)
    put_many(kRecords / 20, kBody, 1'795'000'000'000'000 + i * 1'000'000);
  const double bytes = (static_cast<double>(std::filesystem::file_size(path_)) - before) / kRecords;
  RecordProperty("bytes_of_a_record", std::to_string(bytes));
  EXPECT_LT(bytes, 600);
  // What is forgotten makes room for what comes: pages of the index of calls are half empty then.
  for (int i = 20; i < 80; ++i) {
    put_many(kRecords / 20, kBody, 1'795'000'000'000'000 + i * 1'000'000);
    change([&] {
      EXPECT_TRUE(
          records_->forget_some(1'795'000'000'000'000 + (i - 19) * 1'000'000, kRecords / 20));
    });
  }
  EXPECT_EQ(count(), kRecords);
  const double later = (static_cast<double>(std::filesystem::file_size(path_)) - before) / kRecords;
  RecordProperty("bytes_of_a_record_later", std::to_string(later));
  EXPECT_LT(later, 660);
}

TEST_F(CallRecordsTest, ManyAreForgottenInPieces) {
  const int many = test::by_form(20'000, 1'000'000);
  constexpr int kPiece = 200;
  for (int i = 0; i < many; i += 10'000) put_many(10'000, 450, i);
  int pieces = 0;
  for (bool more = true; more; ++pieces) {
    const std::int64_t before = count();
    change([&] { more = records_->forget_some(many + 1, kPiece); });
    ASSERT_LE(before - count(), kPiece);
    ASSERT_LE(pieces, many / kPiece);
  }
  EXPECT_EQ(pieces, many / kPiece + 1) << "the last finds nothing more";
  EXPECT_EQ(count(), 0);
}

}  // namespace
}  // namespace plivo_dial
