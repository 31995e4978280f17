// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/file_store.h"

#include <gmock/gmock.h>

#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kSegment[] = "0123abcd-1-2-3.seg";

class FileStoreTest : public DeliveryTest {
 protected:
  void SetUp() override {
    DeliveryTest::SetUp();
    std::filesystem::create_directory(spool_ + "/in");
    std::ofstream(spool_ + "/in/" + kSegment) << "x";
    open();
  }

  // As after a restart.
  void open() {
    store_.reset();
    Result<std::unique_ptr<FileStore>> store = FileStore::open(spool_, log_);
    ASSERT_TRUE(store.ok()) << store.error().message;
    store_ = std::move(*store);
  }

  std::uint64_t import(std::size_t offset, std::uint64_t count) {
    std::uint64_t first = 0;
    EXPECT_TRUE(store_->record_import(kSegment, offset, count, &first).ok());
    return first;
  }

  std::unique_ptr<FileStore> store_;
};

TEST_F(FileStoreTest, NumbersRiseOverRestarts) {
  EXPECT_EQ(import(16, 3), 1u);
  EXPECT_EQ(import(400, 1), 4u);
  open();
  EXPECT_THAT(store_->runs(kSegment), ElementsAre(ImportedRun{16, 3, 1}, ImportedRun{400, 1, 4}));
  EXPECT_EQ(import(500, 1), 5u);
}

TEST_F(FileStoreTest, NumbersRiseWhenAllSegmentsAreGone) {
  import(16, 9);
  ASSERT_TRUE(store_->prepare_removal().ok());
  store_->forget(kSegment);
  open();
  EXPECT_THAT(store_->runs(kSegment), IsEmpty());
  EXPECT_EQ(import(16, 1), 10u);
}

TEST_F(FileStoreTest, PositionsOutliveRestarts) {
  EXPECT_EQ(store_->delivered("crm"), 0u);
  ASSERT_TRUE(store_->record_delivered("crm", 7).ok());
  ASSERT_TRUE(store_->record_delivered("log", 9).ok());
  open();
  EXPECT_EQ(store_->delivered("crm"), 7u);
  EXPECT_EQ(store_->delivered("log"), 9u);
  EXPECT_EQ(import(16, 1), 10u) << "no number at or below a position";
}

TEST_F(FileStoreTest, LineThatACrashCutShortIsNoRun) {
  import(16, 3);
  std::ofstream(spool_ + "/dispatch/" + kSegment + ".runs", std::ios::app) << "400 1 4 12";
  open();
  EXPECT_THAT(store_->runs(kSegment), ElementsAre(ImportedRun{16, 3, 1}));
  EXPECT_EQ(import(400, 1), 4u);
  open();
  EXPECT_THAT(store_->runs(kSegment), ElementsAre(ImportedRun{16, 3, 1}, ImportedRun{400, 1, 4}));
}

TEST_F(FileStoreTest, HarmedProgressIsSetAside) {
  ASSERT_TRUE(store_->record_delivered("crm", 7).ok());
  for (const char* const text :
       {"{", "[]", R"({"next_seq":-1,"sinks":{}})", R"({"next_seq":1,"sinks":{"crm":"7"}})"}) {
    std::ofstream(spool_ + "/dispatch/progress.json") << text;
    open();
    EXPECT_EQ(store_->delivered("crm"), 0u) << text;
    EXPECT_EQ(read_text(spool_ + "/dispatch/progress.json.bad"), text);
  }
  EXPECT_EQ(count_of(log_.lines(), "PD0507"), 4u);
}

TEST_F(FileStoreTest, TellsWhenItCannotSaveAndGoesOn) {
  std::filesystem::create_directory(spool_ + "/dispatch/progress.json.tmp");
  EXPECT_THAT(store_->record_delivered("crm", 7).error().message,
              HasSubstr("progress.json.tmp': Is a directory"));
  EXPECT_EQ(store_->delivered("crm"), 7u);
}

TEST_F(FileStoreTest, ThreadsSaveTogether) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t] {
      for (std::uint64_t i = 1; i <= 25; ++i) {
        EXPECT_TRUE(store_->record_delivered("sink" + std::to_string(t), i).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  open();
  for (int t = 0; t < 4; ++t) EXPECT_EQ(store_->delivered("sink" + std::to_string(t)), 25u);
}

}  // namespace
}  // namespace plivo_dial
