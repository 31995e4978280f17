// File: tests/unit/delivery/delivery_schedule_fixture.h
//
// The schedule alone, with a clock that the test turns.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>

#include "lib/delivery/delivery_schedule.h"
#include "lib/store/dead_letter.h"
#include "tests/unit/books/store_fixture.h"

namespace plivo_dial {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Job = DeliverySchedule::Job;
using Outcome = Attempt::Outcome;

class TurnedClock : public DeliveryClock {
 public:
  std::int64_t now_ms() const override { return now; }
  std::int64_t now = kStart;

  static constexpr std::int64_t kStart = 1'795'000'000'000;
};

class DeliveryScheduleTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    open_store();
    begin_again();
  }

  // As after a restart.
  void begin_again(const RetryPolicy& retry = {}) {
    SinkConfig config = sink("a");
    config.retry = retry;
    schedule_ = std::make_unique<DeliverySchedule>(config, store_->intake().id_of("a"), spool_,
                                                   *store_, log_, clock_);
  }

  std::optional<Job> next() { return schedule_->next(milliseconds(0)); }
  Job take(std::uint64_t seq) {
    std::optional<Job> job = next();
    EXPECT_TRUE(job.has_value()) << "instead of " << seq;
    if (!job) return {};
    EXPECT_EQ(job->waiting.seq, seq);
    return *job;
  }
  std::vector<std::uint64_t> deliver_all() {
    std::vector<std::uint64_t> seqs;
    while (const std::optional<Job> job = next()) {
      seqs.push_back(job->waiting.seq);
      schedule_->delivered(*job);
    }
    return seqs;
  }
  // The same with a hundred of them in one transaction.
  std::vector<std::uint64_t> deliver_in_batches() {
    std::vector<std::uint64_t> seqs;
    for (std::vector<Job> jobs; seqs.empty() || !jobs.empty();) {
      jobs.clear();
      std::optional<Job> job;
      while (jobs.size() < 100 && (job = next())) {
        schedule_->handed_over(*job);
        seqs.push_back(job->waiting.seq);
        jobs.push_back(std::move(*job));
      }
      schedule_->record(jobs);
      if (jobs.empty()) break;
    }
    return seqs;
  }
  static Attempt failure(const std::string& reason = "it failed") {
    Attempt attempt;
    attempt.outcome = Outcome::kFailed;
    attempt.log_id = "PD0631";
    attempt.reason = reason;
    return attempt;
  }
  static Attempt outcome(Outcome outcome) {
    Attempt attempt = failure();
    attempt.outcome = outcome;
    return attempt;
  }
  void fail(std::uint64_t seq) { schedule_->not_taken(take(seq), failure()); }
  void pass(milliseconds time) { clock_.now += time.count(); }

  void take_in_others(int first, int count) {
    std::vector<TestFrame> frames;
    for (int i = first; i < first + count; ++i) {
      frames.push_back(frame_of(event_of_call(i, "other", "")));
    }
    take_in(std::move(frames));
    schedule_->wake();
  }

  TurnedClock clock_;
  std::unique_ptr<DeliverySchedule> schedule_;
};

}  // namespace plivo_dial
