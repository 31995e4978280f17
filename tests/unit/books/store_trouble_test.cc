// SPDX-License-Identifier: Apache-2.0
// What befalls the store's file: harm, loss, locks, a full disk; and what is kept for that.
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <unistd.h>

#include <future>

#include "lib/base/crc32c.h"
#include "lib/books/prior_progress.h"
#include "lib/store/dead_letter.h"
#include "lib/store/store_file.h"
#include "tests/unit/books/store_fixture.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class StoreTroubleTest : public StoreTest {
 public:
  using StoreTest::TestFrame;
};

// All of one size.
std::vector<StoreTroubleTest::TestFrame> others(int first, int count) {
  std::vector<StoreTroubleTest::TestFrame> frames;
  for (int i = first; i < first + count; ++i) {
    Event event;
    event.id = "01hq8w3v9k2m4n6p8r0s" + std::to_string(100000 + i);
    event.received_us = 1'795'000'000'000'000;
    event.event = "other";
    StoreTroubleTest::TestFrame frame;
    frame.accepted_us = event.received_us;
    frame.head = EventHead{event.id, event.event, event.call, {}};
    frame.json = to_json(event);
    frames.push_back(frame);
  }
  return frames;
}

void overwrite(const std::string& path, std::size_t offset, const std::string& bytes) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(offset));
  file << bytes;
}

// Takes all space of a small file system.
void fill_up(const std::string& filler) {
  std::ofstream file(filler, std::ios::binary);
  const std::string block(4096, 'x');
  while (file.write(block.data(), 4096) && file.flush()) {
  }
}

std::vector<std::string> files_in(const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    names.push_back(entry.path().filename());
  }
  return names;
}

TEST_F(StoreTroubleTest, HarmedFileIsMovedAsideAndMadeAnew) {
  for (const auto& [offset, length] :
       std::vector<std::pair<std::size_t, std::size_t>>{{0, 16}, {100, 4096}, {4096, 4096}}) {
    std::filesystem::remove_all(spool_ + "/dispatch");
    offsets_.clear();
    open_store();
    take_in(others(1, 50));
    store_.reset();
    overwrite(database(), offset, std::string(length, '\xA5'));
    open_store();
    EXPECT_THAT(waiting(), IsEmpty());
    EXPECT_THAT(log_.lines(), HasSubstr("PD0522 '" + database() + "' is harmed and is now named"));
    EXPECT_THAT(files_in(spool_ + "/dispatch"),
                testing::Contains(testing::StartsWith("queue.db.corrupt-")));
    offsets_.clear();
    take_in(others(1, 50));
    EXPECT_EQ(waiting().size(), 50u);
  }
}

TEST_F(StoreTroubleTest, FileOfAnotherProgramIsMovedAside) {
  std::filesystem::create_directory(spool_ + "/dispatch");
  std::ofstream(database()) << "SQLite format 2, perhaps";
  open_store();
  EXPECT_EQ(count_of(log_.lines(), "PD0522"), 1u);
}

TEST_F(StoreTroubleTest, LaterLayoutIsRefused) {
  open_store();
  store_.reset();
  {
    auto file = Database::open(database(), Database::Access::kChange);
    (*file)->run_script("PRAGMA user_version = 7");
    ASSERT_TRUE((*file)->take_error().ok());
  }
  const auto opened = EventStore::open(spool_, log_);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().message, HasSubstr("layout 7 is not known"));
  EXPECT_FALSE(OperatorStore::open(spool_, Database::Access::kRead).ok());
}

TEST_F(StoreTroubleTest, SymbolicLinkIsRefused) {
  std::filesystem::create_directory(spool_ + "/dispatch");
  std::filesystem::create_symlink("/etc/passwd", database());
  const auto opened = EventStore::open(spool_, log_);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().message, HasSubstr("Too many levels of symbolic links"));
}

TEST_F(StoreTroubleTest, LossWhileItIsOpenIsNoticed) {
  open_store();
  take_in(others(1, 5));
  EXPECT_EQ(store_->connection().harm(), StoreHarm::kNone);
  std::filesystem::remove(database());
  store_->connection().changed_by_others();
  EXPECT_EQ(store_->connection().harm(), StoreHarm::kReplaced);
  store_.reset();
  EXPECT_TRUE(mend_store_file(spool_, StoreHarm::kReplaced, log_).ok());
  EXPECT_THAT(log_.lines(), HasSubstr("was removed or replaced while plivo-diald used it"));
  offsets_.clear();
  open_store();
  take_in(others(1, 5));
  EXPECT_EQ(waiting().size(), 5u);
}

// What SQLite has in its memory hides the harm for a while.
TEST_F(StoreTroubleTest, HarmWhileItIsOpenIsNoticed) {
  open_store();
  take_in(others(1, 2000));
  store_.reset();
  open_store();
  const auto size = std::filesystem::file_size(database());
  for (std::size_t at = 4096; at < size; at += 4096) {
    overwrite(database(), at, std::string(4096, '\xA5'));
  }
  EXPECT_FALSE(store_->delivery().waiting(store_->intake().id_of("a"), 0, 2000).ok());
  EXPECT_EQ(store_->connection().harm(), StoreHarm::kCorrupt);
  store_.reset();
  EXPECT_TRUE(mend_store_file(spool_, StoreHarm::kCorrupt, log_).ok());
  EXPECT_THAT(log_.lines(), HasSubstr("turned out to be harmed"));
  open_store();
}

TEST_F(StoreTroubleTest, LockOfAnotherProgramIsWaitedFor) {
  open_store();
  auto other = Database::open(database(), Database::Access::kChange);
  (*other)->run_script("BEGIN IMMEDIATE");
  ASSERT_TRUE((*other)->take_error().ok());
  const SinkId a = store_->intake().id_of("a");
  auto taken = std::async(std::launch::async, [this] { take_in(others(1, 1)); });
  EXPECT_TRUE(eventually([&] { return count_of(log_.lines(), "PD0524") == 1; }));
  EXPECT_THAT(log_.lines(), HasSubstr("locked by another program for 5 s; events wait"));
  EXPECT_EQ(store_->delivery().waiting(a, 0, 10)->size(), 0u) << "and reading goes on";
  (*other)->run_script("COMMIT");
  taken.get();
  EXPECT_THAT(waiting(), ElementsAre(1));
}

TEST_F(StoreTroubleTest, AtTheEndNoLockIsWaitedFor) {
  open_store();
  take_in(others(1, 1));
  auto other = Database::open(database(), Database::Access::kChange);
  (*other)->run_script("BEGIN IMMEDIATE");
  patience_->end();
  const Result<void> recorded = store_->delivery().record(
      store_->intake().id_of("a"), {{1, DeliveryState::kDelivered, 1, 0, 0, ""}});
  ASSERT_FALSE(recorded.ok());
  EXPECT_THAT(recorded.error().message, HasSubstr("queue.db': database is locked"));
}

TEST_F(StoreTroubleTest, FullDiskStopsImportsAndDeliveryGoesOn) {
  if (mount("none", spool_.c_str(), "tmpfs", 0, "size=24m") != 0) {
    GTEST_SKIP() << "a small file system can be mounted by root only";
  }
  open_store();
  take_in(others(1, 100));
  EXPECT_TRUE(std::filesystem::exists(spool_ + "/dispatch/reserve"));
  const std::string filler = spool_ + "/filler";
  const ImportBatch batch = spool(others(101, 900), "0123abcd-1-2-4.seg");
  fill_up(filler);
  EXPECT_TRUE(store_->connection().has_space());
  EXPECT_FALSE(store_->intake().import(batch).ok());
  EXPECT_FALSE(store_->connection().has_space());
  EXPECT_THAT(log_.lines(), HasSubstr("PD0525 the file system of '" + spool_ + "' is full"));

  record_all_delivered();
  EXPECT_THAT(waiting(), IsEmpty());
  EXPECT_FALSE(store_->connection().has_space());

  std::filesystem::remove(filler);
  EXPECT_TRUE(store_->connection().has_space());
  EXPECT_THAT(log_.lines(), HasSubstr("PD0526"));
  EXPECT_TRUE(std::filesystem::exists(spool_ + "/dispatch/reserve"));
  EXPECT_TRUE(store_->intake().import(batch).ok());
  EXPECT_EQ(waiting().size(), 900u);
  EXPECT_EQ(balance().frames, 1000u) << "what failed left nothing behind";
  store_.reset();
  EXPECT_EQ(umount(spool_.c_str()), 0);
}

// As by whoever restarts everything when the disk is full.
TEST_F(StoreTroubleTest, IsOpenedOnAFullDiskToo) {
  if (mount("none", spool_.c_str(), "tmpfs", 0, "size=24m") != 0) {
    GTEST_SKIP() << "a small file system can be mounted by root only";
  }
  open_store();
  take_in(others(1, 3));
  store_.reset();
  fill_up(spool_ + "/filler");
  open_store();
  record(1, DeliveryState::kDelivered);
  EXPECT_THAT(waiting(), ElementsAre(2, 3));
  EXPECT_THAT(log_.lines(), HasSubstr("PD0525")) << "the disk was not full";
  EXPECT_FALSE(store_->connection().has_space());
  std::filesystem::remove(spool_ + "/filler");
  EXPECT_TRUE(store_->connection().has_space());
  store_.reset();
  EXPECT_EQ(umount(spool_.c_str()), 0);
}

TEST_F(StoreTroubleTest, GivesItsReserveForSpaceOnly) {
  if (mount("none", spool_.c_str(), "tmpfs", 0, "size=24m") != 0) {
    GTEST_SKIP() << "a small file system can be mounted by root only";
  }
  open_store();
  store_.reset();
  auto file = std::move(connect_to_store(spool_, Database::Access::kChange)).value();
  file->run_script("PRAGMA user_version = 99");
  file.reset();
  fill_up(spool_ + "/filler");
  std::filesystem::resize_file(spool_ + "/filler", 8 << 20);  // less than the reserve is left
  EXPECT_FALSE(EventStore::open(spool_, log_).ok()) << "of a later version";
  EXPECT_TRUE(std::filesystem::exists(spool_ + "/dispatch/reserve"));
  EXPECT_EQ(umount(spool_.c_str()), 0);
}

// Their release is tried a second time, with the space of the reserve.
TEST_F(StoreTroubleTest, HeldEventsAreReleasedOnAFullDisk) {
  if (mount("none", spool_.c_str(), "tmpfs", 0, "size=24m") != 0) {
    GTEST_SKIP() << "a small file system can be mounted by root only";
  }
  open_store();
  constexpr int kEvents = 100;
  std::vector<TestFrame> frames;
  for (int i = 1; i <= kEvents; ++i) {
    frames.push_back(frame_of(event_of_call(i, "call.hangup", "c" + std::to_string(i))));
    frames.back().json.append(20'000, ' ');
  }
  take_in(std::move(frames));
  EXPECT_THAT(waiting(), IsEmpty());
  fill_up(spool_ + "/filler");
  std::uint64_t released = 0;
  for (int i = 1; i <= 3; ++i) {
    const Result<std::uint64_t> some = store_->intake().release_held(now_ + i * kOrderHold, false);
    ASSERT_TRUE(some.ok()) << some.error().message;
    released += *some;
  }
  EXPECT_EQ(released, static_cast<std::uint64_t>(kEvents));
  EXPECT_THAT(log_.lines(), HasSubstr("PD0525")) << "the disk was not full";
  EXPECT_FALSE(store_->intake().next_release().has_value());
  EXPECT_EQ(balance().pending, static_cast<std::uint64_t>(kEvents));
  EXPECT_EQ(waiting().size(), static_cast<std::size_t>(kEvents));
  store_.reset();
  EXPECT_EQ(umount(spool_.c_str()), 0);
}

// --- A store that is lost.

TEST_F(StoreTroubleTest, LostStoreIsMadeAnewFromSegmentsMarksAndDeadLetters) {
  open_store({sink("a"), sink("b")});
  ASSERT_TRUE(store_->intake().end_catching_up().ok());
  take_in(others(1, 4));
  for (const std::uint64_t seq : {1, 2, 3, 4}) record(seq, DeliveryState::kDelivered, "b");
  record(1, DeliveryState::kDelivered);
  DeadLetter letter{others(2, 1)[0].head->id, "a", "it exited with 65", 7, kStartUs,
                    others(2, 1)[0].json};
  DeadLetter orphan{others(9, 1)[0].head->id, "a", "too old", 9, kStartUs, others(9, 1)[0].json};
  ASSERT_TRUE(write_dead_letters(spool_, {letter, orphan}).ok());
  record(2, DeliveryState::kDead);
  ASSERT_TRUE(store_->upkeep().save_marks().ok());
  record(3, DeliveryState::kDelivered);  // after the marks: comes again
  store_.reset();
  std::filesystem::remove(database());

  offsets_.clear();
  const std::int64_t later = kStartUs + 3600 * kSecondUs;
  Result<std::unique_ptr<EventStore>> opened = EventStore::open(spool_, log_);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  store_ = std::move(*opened);
  ASSERT_TRUE(store_->intake().set_sinks({sink("a"), sink("b"), sink("new")}, at(later)).ok());
  EXPECT_TRUE(store_->intake().is_catching_up());
  take_in(others(1, 5));
  ASSERT_TRUE(store_->intake().end_catching_up().ok());
  EXPECT_FALSE(store_->intake().is_catching_up());
  EXPECT_EQ(waiting("a").size(), 3u) << "3 and 4, and 5 which nobody had";
  const std::vector<WaitingEvent> old =
      *store_->delivery().waiting(store_->intake().id_of("a"), 0, 3);
  for (const WaitingEvent& event : old) {
    EXPECT_EQ(event.attempts, 1u) << "the next one may not be the first";
  }
  EXPECT_EQ(waiting("b").size(), 1u);
  EXPECT_THAT(waiting("new"), IsEmpty()) << "it begins with what comes from now on";
  EXPECT_GT(waiting("b")[0], 5u) << "no number is given twice";
  EXPECT_EQ(event(waiting("b")[0])->id, others(5, 1)[0].head->id);
  EXPECT_THAT(log_.lines(), HasSubstr("PD0523"));

  auto file = OperatorStore::open(spool_, Database::Access::kRead);
  DeliveryFilter dead;
  dead.state = DeliveryState::kDead;
  const auto letters = *(*file)->list(dead);
  ASSERT_EQ(letters.size(), 2u);
  EXPECT_EQ(letters[0].event_id, orphan.event_id);
  EXPECT_EQ(letters[1].event_id, letter.event_id);
  EXPECT_EQ(letters[1].attempts, 7u);
  EXPECT_EQ(letters[1].error, "it exited with 65");
  const StoreBalance sums = balance();
  EXPECT_EQ(sums.recovered, 1u);
  EXPECT_EQ(sums.frames, 5u);
}

TEST_F(StoreTroubleTest, DeadLettersAreTakenInOnceAlsoByADispatcherThatDiesOverThem) {
  open_store();
  ASSERT_TRUE(store_->intake().end_catching_up().ok());
  take_in(others(1, 1));
  const TestFrame gone = others(9, 1)[0];
  ASSERT_TRUE(write_dead_letters(spool_, {{others(1, 1)[0].head->id, "a", "exited", 7, kStartUs,
                                           others(1, 1)[0].json},
                                          {gone.head->id, "a", "exited", 7, kStartUs, gone.json}})
                  .ok());
  record(1, DeliveryState::kDead);
  ASSERT_TRUE(store_->upkeep().save_marks().ok());
  store_.reset();
  std::filesystem::remove(database());
  for (int life = 0; life < 3; ++life) {
    offsets_.clear();
    open_store();
    ASSERT_TRUE(store_->intake().is_catching_up());
    take_in(others(1, 1));
    ASSERT_TRUE(store_->intake().end_catching_up().ok());
    EXPECT_EQ(balance().dead, 2u) << life;
    store_.reset();
    // As if it had been killed before the end of it was on disk.
    Result<std::unique_ptr<Database>> file = Database::open(database(), Database::Access::kChange);
    ASSERT_TRUE(
        (*file)
            ->change([&] { (*file)->query("DELETE FROM counter WHERE name = 'caught_up'").run(); })
            .ok());
  }
}

// Its marks were written when it had nothing yet, or for the sinks of before.
TEST_F(StoreTroubleTest, StoreThatIsLostSoonAfterASinkIsNewOwesItWhatItHadNot) {
  open_store();
  ASSERT_TRUE(store_->intake().end_catching_up().ok());
  ASSERT_TRUE(store_->upkeep().save_marks().ok());
  take_in(others(1, 3));
  store_.reset();
  std::filesystem::remove(database());
  offsets_.clear();
  Result<std::unique_ptr<EventStore>> opened = EventStore::open(spool_, log_);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  store_ = std::move(*opened);
  ASSERT_TRUE(store_->intake().set_sinks({sink("a")}, at(kStartUs + 3600 * kSecondUs)).ok());
  take_in(others(1, 3));
  EXPECT_EQ(waiting().size(), 3u);
}

TEST_F(StoreTroubleTest, MarksOfALongBacklogClaimNothingThatWaits) {
  open_store();
  ASSERT_TRUE(store_->intake().end_catching_up().ok());
  take_in(others(1, 10));
  record_all_delivered();
  for (int i = 1; i <= 10; ++i) take_in(others(1000 * i, 1000), "0123abcd-1-2-4.seg");
  take_in(others(20'000, 10), "0123abcd-1-2-5.seg");
  record(10'020, DeliveryState::kDelivered);
  ASSERT_TRUE(store_->upkeep().save_marks().ok());
  const Result<PriorProgress> prior = PriorProgress::read(spool_, log_);
  ASSERT_TRUE(prior.ok());
  const std::size_t end = offsets_[kSegment];
  EXPECT_TRUE(prior->delivered("a", kSegment, end - 1, 0));
  EXPECT_FALSE(prior->delivered("a", kSegment, end, 0)) << "this one came later";
  EXPECT_FALSE(prior->delivered("a", "0123abcd-1-2-4.seg", kSegmentHeaderSize, 0));
  EXPECT_FALSE(prior->delivered("a", "0123abcd-1-2-5.seg", kSegmentHeaderSize, 0));
  EXPECT_FALSE(prior->delivered("a", "0123abcd-1-2-5.seg", end - 1, 0))
      << "the last one was not looked at, so it comes again";
}

TEST_F(StoreTroubleTest, HarmedMarksAreSetAside) {
  std::filesystem::create_directory(spool_ + "/dispatch");
  for (const char* const text :
       {"{", "[]", R"({"next_seq":-1,"sinks":{}})", R"({"next_seq":1,"sinks":{"crm":7}})",
        R"({"next_seq":1,"sinks":{"crm":{"x":"7"}}})"}) {
    std::ofstream(spool_ + "/dispatch/delivered.json") << text;
    const Result<PriorProgress> prior = PriorProgress::read(spool_, log_);
    ASSERT_TRUE(prior.ok());
    EXPECT_TRUE(prior->empty());
    EXPECT_EQ(read_text(spool_ + "/dispatch/delivered.json.bad"), text);
  }
  EXPECT_EQ(count_of(log_.lines(), "PD0507"), 5u);
}

// --- Files of version 0.1.0.

std::string run_line(const std::string& numbers) {
  return numbers + " " + std::to_string(crc32c(numbers)) + "\n";
}

TEST_F(StoreTroubleTest, OldProgressIsHonouredOnce) {
  const std::string dispatch = spool_ + "/dispatch";
  std::vector<TestFrame> frames = others(1, 4);
  const std::size_t size = kFrameHeaderSize + frames[0].json.size();
  const std::string place_of_third = std::to_string(kSegmentHeaderSize + 2 * size);
  std::filesystem::create_directory(dispatch);
  std::ofstream(dispatch + "/progress.json")
      << R"({"v":1,"next_seq":60,"sinks":{"a":42,"gone":50}})"
      << "\n";
  std::ofstream(dispatch + "/" + kSegment + ".runs")
      << run_line("16 2 41") << run_line(place_of_third + " 1 43") << "316 1 99 12";
  open_store({sink("a"), sink("b")});
  EXPECT_TRUE(store_->intake().is_catching_up());
  std::size_t offset = kSegmentHeaderSize;
  for (TestFrame& frame : frames) {
    frame.old_seq = store_->intake().old_seq_of(kSegment, offset);
    offset += size;
  }
  take_in(frames);
  EXPECT_THAT(waiting("a"), ElementsAre(43, 60)) << "it had 41 and 42";
  EXPECT_THAT(waiting("b"), ElementsAre(41, 42, 43, 60)) << "all that the spool has";
  EXPECT_EQ(event(42)->id, frames[1].head->id) << "the old numbers stay";
  store_.reset();
  open_store({sink("a"), sink("b")});
  EXPECT_TRUE(store_->intake().is_catching_up()) << "killed before the end";
  ASSERT_TRUE(store_->intake().end_catching_up().ok());
  EXPECT_THAT(files_in(dispatch), testing::Not(testing::Contains(HasSubstr("runs"))));
  EXPECT_FALSE(std::filesystem::exists(dispatch + "/progress.json"));
  open_store({sink("a"), sink("b")});
  EXPECT_FALSE(store_->intake().is_catching_up());
}

TEST_F(StoreTroubleTest, OldRunsWithoutPositionsKeepTheirNumbers) {
  std::filesystem::create_directory(spool_ + "/dispatch");
  std::ofstream(spool_ + "/dispatch/" + kSegment + ".runs") << run_line("16 1 7");
  Result<PriorProgress> prior = PriorProgress::read(spool_, log_);
  ASSERT_TRUE(prior.ok());
  EXPECT_FALSE(prior->is_of_lost_store());
  EXPECT_EQ(prior->next_seq(), 8u);
  EXPECT_EQ(prior->seq_of(kSegment, 16), 7u);
  EXPECT_EQ(prior->seq_of(kSegment, 116), 0u);
  EXPECT_FALSE(prior->delivered("a", kSegment, 16, 7));
}

// --- Dead letters.

TEST_F(StoreTroubleTest, DeadLettersComeBackFromTheirFiles) {
  std::vector<DeadLetter> letters;
  for (int i = 1; i <= 9; ++i) {
    letters.push_back(
        {id_of(i), "crm.2", "died of signal 9, saying '\"\n'", 3, kStartUs, to_json(event_of(i))});
  }
  ASSERT_TRUE(write_dead_letters(spool_, letters).ok());
  ASSERT_TRUE(write_dead_letters(spool_, {letters[0]}).ok());
  const auto paths = list_dead_letters(spool_);
  ASSERT_TRUE(paths.ok());
  ASSERT_EQ(paths->size(), 9u);
  EXPECT_EQ((*paths)[0], spool_ + "/dead/" + id_of(1) + ".crm.2.json");
  const auto letter = read_dead_letter((*paths)[0]);
  ASSERT_TRUE(letter.ok()) << letter.error().message;
  EXPECT_EQ(letter->event_id, id_of(1));
  EXPECT_EQ(letter->sink, "crm.2");
  EXPECT_EQ(letter->reason, letters[0].reason);
  EXPECT_EQ(letter->attempts, 3u);
  EXPECT_EQ(letter->died_us, kStartUs);
  EXPECT_EQ(letter->event, letters[0].event);
  EXPECT_TRUE(remove_dead_letter(spool_, id_of(1), "crm.2").ok());
  EXPECT_TRUE(remove_dead_letter(spool_, id_of(1), "crm.2").ok());
  EXPECT_EQ(list_dead_letters(spool_)->size(), 8u);
}

TEST_F(StoreTroubleTest, WhatIsNoDeadLetterIsToldApart) {
  EXPECT_THAT(*list_dead_letters(spool_), IsEmpty());
  for (const char* const text :
       {"", "{", "[]", R"({"sink":"a"})",
        R"({"sink":"a","reason":"","attempts":1,"died":"x","event":{}})"}) {
    std::ofstream(directory_ + "/letter") << text;
    EXPECT_FALSE(read_dead_letter(directory_ + "/letter").ok()) << text;
  }
}

}  // namespace
}  // namespace plivo_dial
