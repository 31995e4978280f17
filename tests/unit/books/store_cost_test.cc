// What the store costs: no statement looks through a table that grows, and an event takes as many
// steps of SQLite's machine in a large store as in a small one. SQLite itself is asked, by a trace
// on each connection that is opened.
// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <regex>
#include <set>

#include "lib/books/event_store.h"
#include "lib/operators/operator_store.h"
#include "lib/store/call_records.h"
#include "tests/long_form.h"
#include "tests/unit/books/store_fixture.h"

namespace plivo_dial {
namespace {

using std::chrono::microseconds;

// All statements that were run while it lives, and their steps. One at a time.
class StatementTrace {
 public:
  StatementTrace() {
    current_ = this;
    // A store that is opened first sets SQLite up; the next call would do so in its place.
    EXPECT_FALSE(Database::open("/nonexistent", Database::Access::kRead).ok());
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(&on_open));
  }
  ~StatementTrace() {
    sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&on_open));
    current_ = nullptr;
  }
  StatementTrace(const StatementTrace&) = delete;
  StatementTrace& operator=(const StatementTrace&) = delete;

  std::set<std::string> statements() {
    const std::lock_guard<std::mutex> guard(mutex_);
    std::set<std::string> all;
    for (const auto& [text, steps] : steps_) all.insert(text);
    return all;
  }
  // Since the last call.
  std::int64_t take_steps() {
    const std::lock_guard<std::mutex> guard(mutex_);
    std::int64_t sum = 0;
    for (auto& [text, steps] : steps_) sum += std::exchange(steps, 0);
    return sum;
  }

 private:
  static int on_open(sqlite3* database, const char**, const sqlite3_api_routines*) {
    return sqlite3_trace_v2(database, SQLITE_TRACE_PROFILE, &on_end, current_);
  }
  static int on_end(unsigned, void* self, void* statement, void*) {
    auto& trace = *static_cast<StatementTrace*>(self);
    auto* const run = static_cast<sqlite3_stmt*>(statement);
    const std::lock_guard<std::mutex> guard(trace.mutex_);
    trace.steps_[sqlite3_sql(run)] += sqlite3_stmt_status(run, SQLITE_STMTSTATUS_VM_STEP, 1);
    return 0;
  }

  static StatementTrace* current_;
  std::mutex mutex_;
  std::map<std::string, std::int64_t> steps_;
};

StatementTrace* StatementTrace::current_ = nullptr;

class StoreCost : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    trace_ = std::make_unique<StatementTrace>();
    open_store({sink("a"), sink("b")});
    Result<std::unique_ptr<OperatorStore>> opened =
        OperatorStore::open(spool_, Database::Access::kChange);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    operator_ = std::move(*opened);
  }

  // Events of calls of two each, one behind the other.
  void take_in_events(int first, int count, const std::string& segment, bool ended = false) {
    std::vector<TestFrame> frames;
    for (int number = first; number < first + count; ++number) {
      const std::string call = "call-" + std::to_string(number / 2);
      frames.push_back(frame_of(event_of_call(number, "other", call, number), {key_of(number)}));
    }
    take_in(std::move(frames), segment, ended);
  }

  void housekeeping() {
    const std::int64_t later = kStartUs + 3600 * kSecondUs;
    const auto finished = store_->upkeep().finished_segments(later, microseconds(0));
    ASSERT_TRUE(finished.ok()) << finished.error().message;
    for (const std::string& name : *finished) ASSERT_TRUE(forget(name));
    ASSERT_TRUE(store_->upkeep().forget_loose_events().ok());
    ASSERT_TRUE(store_->upkeep().forget_old_keys().ok());
    const auto with_records = [&](Database& database) {
      CallRecords records(database);
      for (const char* call : {"old", "new"}) {
        records.put({call, *call == 'n' ? kStartUs : 1, "{}"});
        EXPECT_TRUE(records.find(call).has_value());
      }
    };
    ASSERT_TRUE(store_->connection().change(with_records).ok());
    ASSERT_TRUE(store_->upkeep().forget_old_records(microseconds(1)).ok());
    ASSERT_TRUE(store_->upkeep().save_marks().ok());
    ASSERT_TRUE(store_->delivery().gone_sinks().ok());
  }

  std::unique_ptr<StatementTrace> trace_;
  std::unique_ptr<OperatorStore> operator_;
};

// The lines of SQLite's plan for a statement.
std::vector<std::string> plan_of(sqlite3* database, const std::string& statement) {
  std::vector<std::string> lines;
  sqlite3_stmt* explained = nullptr;
  const std::string text = "EXPLAIN QUERY PLAN " + statement;
  if (sqlite3_prepare_v2(database, text.c_str(), -1, &explained, nullptr) != SQLITE_OK) return {};
  while (sqlite3_step(explained) == SQLITE_ROW) {
    lines.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(explained, 3)));
  }
  sqlite3_finalize(explained);
  return lines;
}

// Of tables that grow with the events. "SEARCH d USING PRIMARY KEY (sink=?)" is all of a sink's.
bool looks_through_a_table(const std::string& line) {
  static const std::regex kScan(
      "SCAN (block|recent|key_page|delivery|d|held|h|kept|k|record)( .*)?|"
      "SEARCH (delivery|d) USING PRIMARY KEY \\(sink=\\?\\)");
  return std::regex_match(line, kScan);
}

// What is held for a moment, and the keys that have no run yet, which are bounded.
bool may_look_through(const std::string& statement) {
  static const std::set<std::string> kAllowed = {
      "SELECT number, segment, offset, accepted_us FROM held", "SELECT count(*) FROM held",
      "SELECT entries FROM recent", "SELECT entries, age_us FROM recent ORDER BY number",
      "DELETE FROM recent"};
  return kAllowed.count(statement) > 0;
}

TEST_F(StoreCost, NoStatementLooksThroughATableThatGrows) {
  take_in_events(0, 40, "0123abcd-1-2-3.seg", true);
  take_in_events(40, 40, kSegment);
  take_in({frame_of(event_of_call(90, "dial.ended", "held", kSecondUs))});
  ASSERT_TRUE(store_->intake().release_held(now_, true).ok());
  const SinkId a = store_->intake().id_of("a");
  for (const std::uint64_t seq : {1, 2, 3}) record(seq, DeliveryState::kDead);
  record(4, DeliveryState::kWaiting, "a", kStartUs);
  EXPECT_TRUE(store_->delivery().waiting_in_lane(a, lane_of_call("call-3"), 10).ok());
  EXPECT_TRUE(store_->delivery().due_lanes(a, kStartUs, 10).ok());
  EXPECT_TRUE(store_->delivery().next_due(a, 0).ok());
  EXPECT_TRUE(store_->delivery().limit_waits(a, 1).ok());
  EXPECT_TRUE(event(1).has_value());
  housekeeping();
  EXPECT_EQ(operator_->status()->sinks.size(), 2u);
  DeliveryFilter filter;
  filter.from = "14155550111";
  EXPECT_TRUE(operator_->list(filter).ok());
  filter.state = DeliveryState::kDead;
  EXPECT_TRUE(operator_->list(filter).ok());
  EXPECT_TRUE(operator_->event(id_of(5)).ok());
  EXPECT_TRUE(operator_->deliveries(id_of(5)).ok());
  EXPECT_TRUE(operator_->ids_with_prefix("01", 5).ok());
  EXPECT_TRUE(operator_->retry(id_of(5), "a", kStartUs).ok());
  EXPECT_TRUE(operator_->retry_dead("a", kStartUs).ok());
  EXPECT_TRUE(operator_->replay("b", {kStartUs, kStartUs + kSecondUs}, kStartUs).ok());
  EXPECT_TRUE(operator_->drop_all_dead("").ok());
  EXPECT_TRUE(operator_->inventory().ok());
  ASSERT_TRUE(store_->intake().set_sinks({sink("a"), sink("c")}, at(kStartUs)).ok());
  housekeeping();

  sqlite3* connection = nullptr;
  const std::set<std::string> statements = trace_->statements();
  ASSERT_EQ(sqlite3_open(database().c_str(), &connection), SQLITE_OK);
  int seen = 0;
  for (const std::string& statement : statements) {
    for (const std::string& line : plan_of(connection, statement)) {
      ++seen;
      EXPECT_TRUE(!looks_through_a_table(line) || may_look_through(statement))
          << line << "\n  of " << statement;
    }
  }
  sqlite3_close(connection);
  EXPECT_GT(seen, 50) << "the statements were seen";
}

TEST(PlanOfSqlite, IsReadAsItIsWritten) {
  for (const char* line : {"SCAN block", "SCAN d", "SCAN delivery USING INDEX delivery_dead",
                           "SCAN held USING COVERING "
                           "INDEX held_segment",
                           "SEARCH d USING PRIMARY KEY (sink=?)"}) {
    EXPECT_TRUE(looks_through_a_table(line)) << line;
  }
  for (const char* line : {"SCAN sink", "SEARCH d USING PRIMARY KEY (sink=? AND seq=?)",
                           "SEARCH e USING INTEGER PRIMARY KEY (rowid=?)", "SCAN segment"}) {
    EXPECT_FALSE(looks_through_a_table(line)) << line;
  }
}

// One segment: taken in, delivered at one sink and retried at the other, forgotten.
TEST_F(StoreCost, StepsOfAnEventAreTheSameInALargeStore) {
  constexpr int kMeasured = 200;
  const auto measure = [&](int first) {
    [[maybe_unused]] const std::int64_t before = trace_->take_steps();
    const std::string segment = "0123abcd-1-9-" + std::to_string(first) + ".seg";
    take_in_events(first, kMeasured, segment, true);
    const auto events = store_->delivery().waiting(store_->intake().id_of("b"),
                                                   static_cast<std::uint64_t>(first), 1000);
    for (const WaitingEvent& event : *events) {
      record(event.seq, DeliveryState::kWaiting, "b", kStartUs);
      record(event.seq, DeliveryState::kDelivered, "b");
      record(event.seq, DeliveryState::kDelivered, "a");
      EXPECT_TRUE(
          store_->delivery().waiting_in_lane(store_->intake().id_of("a"), event.lane, 10).ok());
      EXPECT_TRUE(store_->delivery().next_due(store_->intake().id_of("b"), 0).ok());
    }
    EXPECT_TRUE(forget(segment));
    EXPECT_TRUE(operator_->status().ok());
    EXPECT_TRUE(store_->upkeep().forget_loose_events().ok());
    return static_cast<double>(trace_->take_steps()) / kMeasured;
  };
  const int large = test::by_form(20'000, 1'000'000);
  int next = 0;
  const auto grow_to = [&](int count) {
    for (; next < count; next += 500) {
      take_in_events(next, 500, "0123abcd-1-2-" + std::to_string(next / 1000) + ".seg");
      // Half of it waits for sink a for ever.
      if (next % 1000 == 0) record_all_delivered("a");
      record_all_delivered("b");
    }
  };
  grow_to(1'000);
  const double in_small = measure(next);
  next += kMeasured;
  grow_to(large);
  const double in_large = measure(next);
  RecordProperty("steps_in_small", std::to_string(in_small));
  RecordProperty("steps_in_large", std::to_string(in_large));
  EXPECT_GT(in_small, 100);
  EXPECT_NEAR(in_large, in_small, 0.2 * in_small);
}

// Pages among other memory leave holes behind a burst, and the dispatcher grows by them.
TEST_F(StoreCost, PagesAreKeptInOnePlace) {
  constexpr int kMoreThanTheCachesHold = 10'000;
  take_in_events(0, kMoreThanTheCachesHold, "0123abcd-1-2-0.seg");
  int kept = 0;
  int elsewhere = 0;
  int most = 0;
  ASSERT_EQ(sqlite3_status(SQLITE_STATUS_PAGECACHE_USED, &kept, &most, 0), SQLITE_OK);
  ASSERT_EQ(sqlite3_status(SQLITE_STATUS_PAGECACHE_OVERFLOW, &elsewhere, &most, 0), SQLITE_OK);
  EXPECT_GT(kept, 100);
  // Indexes in memory, of statements that sort.
  EXPECT_LT(elsewhere, 256 * 1024);
}

}  // namespace
}  // namespace plivo_dial
