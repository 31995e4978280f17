// SPDX-License-Identifier: Apache-2.0
// A store of the layout before: tests/data/store_layout_1 was written by the last version that had
// it.
#include "lib/books/take_over.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "lib/books/export_store.h"
#include "lib/operators/event_walk.h"
#include "lib/store/dead_letter.h"
#include "lib/store/store_file.h"
#include "tests/unit/books/store_fixture.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kSecondSegment[] = "0123abcd-1-2-2.seg";
constexpr char kThirdSegment[] = "0123abcd-1-2-3.seg";

std::string first_difference(const std::string& one, const std::string& other) {
  const auto at = std::ranges::mismatch(one, other).in1 - one.begin();
  const std::size_t from = one.rfind('\n', static_cast<std::size_t>(at)) + 1;
  return one.substr(from, 80) + " instead of " + other.substr(from, 80);
}

class TakeOverTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    const std::string stored = PLIVO_STORE_LAYOUT_1;
    std::filesystem::copy(stored + "/in", spool_ + "/in");
    std::filesystem::copy(stored + "/dead", spool_ + "/dead");
    std::filesystem::create_directory(spool_ + "/dispatch");
    std::ofstream(database()).close();
    run_in_store(read_text(stored + "/queue.sql"));
    run_in_store("PRAGMA application_id = 1347175510; PRAGMA user_version = 1");
    for (const char* segment : {kSecondSegment, kThirdSegment}) {
      offsets_[segment] = std::filesystem::file_size(segment_path(segment));
    }
  }

  std::unique_ptr<Database> open_file() {
    auto file = Database::open(database(), Database::Access::kChange);
    EXPECT_TRUE(file.ok());
    return std::move(*file);
  }

  void run_in_store(const std::string& sql) {
    const std::unique_ptr<Database> file = open_file();
    file->run_script(sql);
    const Result<void> done = file->take_error();
    ASSERT_TRUE(done.ok()) << done.error().message;
  }

  std::int64_t number_in_store(const char* sql) { return open_file()->number(sql); }

  // What an operator was told of the store of layout 1: a line for each row.
  std::string former_rows() {
    std::string lines;
    const std::unique_ptr<Database> file = open_file();
    Query rows = file->query(
        "SELECT e.seq, e.id, e.name, ifnull(e.call, '-'), e.accepted_us, s.name, d.state, "
        "d.attempts, CASE WHEN d.next_ms > 0 THEN d.next_ms + (SELECT value FROM counter "
        "WHERE name = 'clock_lag_ms') ELSE 0 END, d.error FROM event e CROSS JOIN sink s "
        "CROSS JOIN delivery d ON d.sink = s.number AND d.seq = e.seq "
        "ORDER BY e.seq DESC, s.name");
    while (rows.next()) {
      for (int column = 0; column < 10; ++column) lines += rows.text(column) + " ";
      lines += "\n";
    }
    return lines;
  }

  std::string rows() {
    std::string lines;
    auto opened = OperatorStore::open(spool_, Database::Access::kRead);
    DeliveryFilter filter;
    filter.limit = 100'000;
    const auto listed = (*opened)->list(filter);
    EXPECT_TRUE(listed.ok()) << listed.error().message;
    for (const DeliveryRow& row : *listed) {
      lines += std::to_string(row.seq) + " " + row.event_id + " " + row.name + " " +
               row.call.value_or("-") + " " + std::to_string(row.accepted_us) + " " + row.sink +
               " " + std::to_string(static_cast<int>(row.state)) + " " +
               std::to_string(row.attempts) + " " + std::to_string(row.next_ms) + " " + row.error +
               " \n";
    }
    return lines;
  }

  // The same of events that can't be read.
  std::string standings() {
    std::string lines;
    const std::unique_ptr<Database> file = open_file();
    file->run_script("BEGIN");
    const std::vector<SinkState> sinks = read_sinks(*file);
    EventNames names;
    names.load(*file);
    EventWalk walk(*file);
    for (auto entry = walk.before(1'000'000); entry; entry = walk.before(entry->seq)) {
      const std::string name = names.name_of(entry->name);
      for (const SinkStanding& one : standings_of(*file, sinks, *entry, name)) {
        lines += std::to_string(entry->seq) + " " + std::string(entry->id()) + " " + name + " - " +
                 std::to_string(entry->accepted_us) + " " + one.sink_name + " " +
                 std::to_string(static_cast<int>(one.state)) + " " + std::to_string(one.attempts) +
                 " " + std::to_string(one.next_ms) + " " + one.error + " \n";
      }
    }
    return lines;
  }

  void open_as_before() { open_store({sink("a"), sink("b", {"other"}), sink("late")}); }
};

TEST_F(TakeOverTest, EverythingStandsAsItDid) {
  const std::string before = former_rows();
  EXPECT_THAT(before, HasSubstr("timed out"));
  open_as_before();
  EXPECT_THAT(log_.lines(), HasSubstr("PD0529 '" + database() +
                                      "' of the version before was taken over with 8 events"));
  EXPECT_EQ(rows(), before);
  EXPECT_THAT(waiting("a"), ElementsAre(5, 6, 8, 9, 10));
  EXPECT_THAT(waiting("b"), ElementsAre(7, 10));
  EXPECT_THAT(waiting("late"), ElementsAre(9));
  const auto events = store_->delivery().waiting(store_->intake().id_of("a"), 0, 1);
  EXPECT_EQ(events->front().attempts, 3u);
  EXPECT_EQ(events->front().failures, 3u);
  EXPECT_EQ(events->front().next_ms, kStartUs / 1000 + 60'000);
  EXPECT_EQ(events->front().begun_ms, kStartUs / 1000);
  const StoreBalance sums = balance();
  EXPECT_EQ(sums.frames, 13u);
  EXPECT_EQ(sums.duplicates, 1u);
  ASSERT_EQ(sums.sinks.size(), 4u);
  EXPECT_EQ(sums.sinks[0].taken, 10u);
  EXPECT_EQ(sums.sinks[0].delivered, 4u);
  EXPECT_EQ(sums.sinks[1].dropped, 1u);
  EXPECT_EQ(event(2)->event, "recording") << "its segment is gone";
  EXPECT_EQ(event(9)->id, id_of(11));
  EXPECT_EQ(number_in_store("SELECT count(*) FROM sqlite_master WHERE name LIKE 'former%'"), 0);
}

TEST_F(TakeOverTest, DuplicatesAreKnown) {
  open_as_before();
  const auto again = [](int number) {
    return frame_of(event_of_call(100 + number, "other", ""), {key_of(number)});
  };
  TestFrame frame = again(1004);
  const ImportReport report =
      take_in({again(1), again(4), again(10), frame, again(11)}, kThirdSegment);
  ASSERT_EQ(report.duplicates.size(), 5u);
  EXPECT_THAT(report.duplicates[0].first_id, HasSubstr("which is forgotten"));
  EXPECT_EQ(report.duplicates[1].first_id, id_of(4));
  EXPECT_EQ(report.duplicates[2].first_id, id_of(10)) << "it is held";
  EXPECT_EQ(report.duplicates[3].first_id, id_of(4));
  EXPECT_EQ(take_in({frame_of(event_of_call(9, "recording", "c4"))}, kThirdSegment).events, 0u);
  balance();
}

TEST_F(TakeOverTest, ItGoesOn) {
  open_as_before();
  EXPECT_EQ(*store_->intake().release_held(now_, true), 1u);
  EXPECT_EQ(event(11)->event, "dial.ended");
  EXPECT_EQ(event(11)->late, false);
  take_in({frame_of(event_of_call(13, "other", "c2", 7200 * kSecondUs))}, kThirdSegment);
  EXPECT_THAT(waiting("b"), ElementsAre(7, 10, 12));
  record_all_delivered("a");
  record_all_delivered("b");
  record_all_delivered("late");
  balance();
  auto opened = OperatorStore::open(spool_, Database::Access::kChange);
  EXPECT_EQ(*(*opened)->retry(id_of(2), "a", kStartUs), 1u);
  EXPECT_THAT(waiting("a"), ElementsAre(2));
  EXPECT_EQ(*(*opened)->drop_dead(id_of(4), "b"), 1u);
  EXPECT_EQ(*(*opened)->replay("b", {}, kStartUs), 6u) << "4, 6, 7, 9, 10 and 12";
  balance();
  record_all_delivered("a");
  record_all_delivered("b");
  EXPECT_THAT(*store_->upkeep().finished_segments(kStartUs, std::chrono::hours(0)), IsEmpty())
      << "of the sink that is gone";
  open_store({sink("gone")});
  EXPECT_THAT(waiting("gone"), testing::IsSupersetOf({5, 6, 7}));
  record_all_delivered("gone");
  EXPECT_THAT(*store_->upkeep().finished_segments(kStartUs, std::chrono::hours(0)),
              ElementsAre(kSecondSegment));
  std::filesystem::remove(segment_path(kSecondSegment));
  EXPECT_TRUE(forget(kSecondSegment));
  while (*store_->upkeep().forget_loose_events()) {
  }
  EXPECT_EQ(event(2), std::nullopt);
  balance();
}

// The versions before had the JSON of each event in the store, and did without its segment.
TEST_F(TakeOverTest, EventsWhoseFramesAreGoneAreKept) {
  std::filesystem::remove(segment_path(kSecondSegment));
  const std::string before = former_rows();
  open_as_before();
  EXPECT_EQ(rows(), before);
  EXPECT_EQ(event(5)->id, id_of(5));
  record_all_delivered("a");
  balance();
  store_.reset();
  std::filesystem::remove_all(segment_path(kThirdSegment));
  open_as_before();
  EXPECT_EQ(event(4)->id, id_of(4)) << "dead at a sink";
  balance();
}

TEST_F(TakeOverTest, HeldEventWhoseFrameIsGoneIsGivenToTheSinks) {
  std::filesystem::remove(segment_path(kThirdSegment));
  open_as_before();
  EXPECT_THAT(waiting("a"), ElementsAre(5, 6, 8, 9, 10, 11));
  EXPECT_EQ(event(11)->id, id_of(10));
  EXPECT_EQ(balance().frames, 13u);
}

TEST_F(TakeOverTest, StoreFromBeforeTheSumsIsTakenOver) {
  run_in_store(
      "DROP TRIGGER delivery_added; DROP TRIGGER delivery_delayed; DROP TRIGGER delivery_moved;"
      "DROP TRIGGER delivery_removed; DROP TRIGGER held_added; DROP TRIGGER held_removed;"
      "DROP TRIGGER seen_added; DROP TRIGGER event_moved; DROP TABLE unfinished;"
      "DROP INDEX delivery_dead_of; DROP INDEX held_id; DROP INDEX held_segment;"
      "ALTER TABLE seen DROP COLUMN taken_us; ALTER TABLE sink DROP COLUMN waiting;"
      "ALTER TABLE sink DROP COLUMN retrying; ALTER TABLE sink DROP COLUMN delivered;"
      "ALTER TABLE sink DROP COLUMN dead; DELETE FROM counter WHERE name = 'held'");
  const std::string before = former_rows();
  open_as_before();
  EXPECT_EQ(rows(), before);
  balance();
}

TEST_F(TakeOverTest, KilledInTheMiddleItBeginsAgain) {
  const std::string before = former_rows();
  for (const bool with_shutdown : {false, true}) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const std::unique_ptr<Database> file = open_file();
      file->run_script("PRAGMA cache_size = 2");  // so that much of it is written
      [[maybe_unused]] const Result<void> changed = file->change([&] {
        take_over_store(*file, spool_);
        if (!with_shutdown) _exit(file->failed() ? 1 : 0);
        file->run_script("nonsense");
      });
      _exit(changed.ok() ? 1 : 0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(former_rows(), before);
    EXPECT_EQ(number_in_store("PRAGMA user_version"), 1);
  }
  open_as_before();
  EXPECT_EQ(rows(), before);
  balance();
}

TEST_F(TakeOverTest, OperatorIsToldUntilThen) {
  const auto opened = OperatorStore::open(spool_, Database::Access::kRead);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().message, HasSubstr("(layout 1, wanted 2)"));
}

// Rows in every disorder, in numbers that make gaps and rows, blocks and runs of keys.
TEST_F(TakeOverTest, LargeStoreInDisorderStandsAsItDid) {
  run_in_store(
      "DELETE FROM delivery; DELETE FROM event; DELETE FROM held; DELETE FROM seen;"
      "INSERT INTO event SELECT value, printf('01hq8w3v9k2m4n6p8r%08d', value), "
      "  CASE value % 3 WHEN 0 THEN 0 ELSE value / 7 * 704602925438635 END, NULL, "
      "  CASE value % 5 WHEN 0 THEN 'recording' ELSE 'other' END, 8, 0, '', 1, "
      "  1795000000000000 + value * 7000, 0, 1 + value % 2, value, '' FROM "
      "  (WITH RECURSIVE n(value) AS (SELECT 5 UNION ALL SELECT value + 1 + (value % 11 = 0) "
      "   FROM n WHERE value < 30000) SELECT value FROM n);"
      "UPDATE event SET body = '{\"v\":1,\"id\":\"' || id || '\"}';"
      // In order up to 12,000, and all waiting behind 20,000.
      "INSERT INTO delivery SELECT 1, seq, 5, CASE WHEN seq < 12000 THEN 1 WHEN seq > 20000 THEN 0 "
      "  ELSE (seq * 2654435761 >> 7) % 3 END, 1, 0, 0, 1795000000000 + seq, '' FROM event;"
      // Another list of events before, and one that was not configured in between.
      "INSERT INTO delivery SELECT 2, seq, 5, seq % 700 < 350, max(seq % 700 < 350, seq % 3 = 0), "
      "  0, 0, 1795000000000, '' FROM event WHERE name = 'other' OR seq < 9000;"
      "INSERT INTO delivery SELECT 4, seq, 5, 1, 1 + (seq % 13 = 0), 0, 0, 1795000000000, '' "
      "  FROM event WHERE seq % 1000 < 700 OR seq % 5 = 1;"
      "INSERT INTO delivery SELECT 3, seq, 5, 0, 0, 0, 0, 1795000000000, '' FROM event "
      "  WHERE seq BETWEEN 300 AND 4000;"
      "INSERT INTO seen SELECT randomblob(32), accepted_us, id, seq * 20000000 FROM event;"
      "DELETE FROM event WHERE seq < 100; DELETE FROM delivery WHERE seq < 100;"
      "UPDATE counter SET value = (SELECT count(*) FROM event) WHERE name IN ('events', 'frames');"
      "UPDATE counter SET value = 0 WHERE name IN ('forgotten', 'duplicates', 'refused');"
      "UPDATE counter SET value = 600000000000 WHERE name = 'age_us';");
  const std::string before = former_rows();
  EXPECT_EQ(count_of(before, "\n"), 74'545u);
  open_as_before();
  EXPECT_TRUE(standings() == before) << first_difference(standings(), before);
  balance();
  EXPECT_LT(number_in_store("SELECT count(*) FROM delivery WHERE sink = 4"), 15'000);
  EXPECT_EQ(waiting("a").size(), 1000u);
  store_.reset();
  open_as_before();
  EXPECT_TRUE(standings() == before) << first_difference(standings(), before);
}

// --- The way back.

TEST_F(TakeOverTest, ExportedItIsAsBefore) {
  const std::string before = former_rows();
  open_as_before();
  ASSERT_TRUE(store_->upkeep().end_in_order().ok());
  store_.reset();
  const Result<ExportedStore> exported = export_former_store(spool_);
  ASSERT_TRUE(exported.ok()) << exported.error().message;
  EXPECT_EQ(exported->events, 8u);
  EXPECT_EQ(exported->unreadable, 0u);
  EXPECT_EQ(exported->keys, 8u) << "of events whose segments are there";
  EXPECT_EQ(number_in_store("PRAGMA user_version"), 1);
  EXPECT_EQ(former_rows(), before);
  EXPECT_EQ(number_in_store("SELECT count(*) FROM unfinished WHERE waiting > 0"), 6);
  EXPECT_EQ(number_in_store("SELECT sum(taken - waiting - delivered - dead - forgotten - dropped) "
                            "FROM sink"),
            0);
  EXPECT_EQ(number_in_store("SELECT value FROM counter WHERE name = 'held'"), 1);
  EXPECT_EQ(number_in_store("SELECT seq FROM sqlite_sequence WHERE name = 'event'"), 10);
  open_as_before();
  EXPECT_EQ(rows(), before);
  balance();
}

TEST_F(TakeOverTest, ExportTellsWhatItCannotRead) {
  open_as_before();
  store_.reset();
  std::filesystem::remove(segment_path(kThirdSegment));
  const Result<ExportedStore> exported = export_former_store(spool_);
  ASSERT_TRUE(exported.ok()) << exported.error().message;
  EXPECT_EQ(exported->events, 5u);
  EXPECT_EQ(exported->unreadable, 4u);
  EXPECT_EQ(exported->unfinished, 4u);
}

TEST_F(TakeOverTest, NothingIsExportedFromAStoreThatIsOpen) {
  open_as_before();
  EXPECT_FALSE(export_former_store(spool_).ok());
  EXPECT_EQ(number_in_store("PRAGMA user_version"), 2);
}

}  // namespace
}  // namespace plivo_dial
