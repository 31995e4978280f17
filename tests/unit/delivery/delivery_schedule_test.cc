// SPDX-License-Identifier: Apache-2.0
// Which event is next, and when one that failed comes again.
#include "tests/unit/delivery/delivery_schedule_fixture.h"

namespace plivo_dial {
namespace {

TEST_F(DeliveryScheduleTest, CallsGoBesideEachOtherAndEachInItsOrder) {
  take_in({frame_of(event_of_call(1, "recording", "x")),
           frame_of(event_of_call(2, "recording", "x")),
           frame_of(event_of_call(3, "recording", "y")), frame_of(event_of_call(4, "other", ""))});
  const Job first = take(1);
  EXPECT_EQ(first.event.id(), id_of(1));
  EXPECT_EQ(first.event.fields().seq, 1u);
  EXPECT_EQ(first.attempt, 1u);
  const Job third = take(3);
  take(4);
  EXPECT_FALSE(next().has_value()) << "2 waits for 1";
  schedule_->delivered(third);
  EXPECT_FALSE(next().has_value());
  schedule_->delivered(first);
  take(2);
  EXPECT_THAT(waiting(), ElementsAre(2, 4));
}

TEST_F(DeliveryScheduleTest, FailedEventComesAgainByTheSchedule) {
  take_in_others(1, 1);
  const std::vector<milliseconds> waits = {seconds(1),  seconds(5),  seconds(30), minutes(2),
                                           minutes(10), minutes(30), hours(1),    hours(1)};
  unsigned attempt = 0;
  for (const milliseconds wait : waits) {
    const Job job = take(1);
    EXPECT_EQ(job.attempt, ++attempt);
    schedule_->not_taken(job, failure());
    EXPECT_FALSE(next().has_value());
    const milliseconds given = schedule_->wait_time(hours(9));
    EXPECT_GE(given.count() * 10, wait.count() * 8) << attempt;
    EXPECT_LE(given.count() * 10, wait.count() * 12) << attempt;
    pass(given - milliseconds(1));
    EXPECT_FALSE(next().has_value()) << attempt;
    pass(milliseconds(1));
  }
  EXPECT_THAT(log_.lines(),
              HasSubstr("PD0631 sink a: event " + id_of(1) + ": it failed; again in"));
  schedule_->delivered(take(1));
  EXPECT_THAT(waiting(), IsEmpty());
}

TEST_F(DeliveryScheduleTest, FailedEventHoldsUpItsCallOnly) {
  take_in({frame_of(event_of_call(1, "recording", "x")),
           frame_of(event_of_call(2, "recording", "x")),
           frame_of(event_of_call(3, "recording", "y"))});
  fail(1);
  EXPECT_THAT(deliver_all(), ElementsAre(3));
  take_in(
      {frame_of(event_of_call(4, "recording", "x")), frame_of(event_of_call(5, "recording", "y"))});
  schedule_->wake();
  EXPECT_THAT(deliver_all(), ElementsAre(5));
  pass(seconds(2));
  EXPECT_THAT(deliver_all(), ElementsAre(1, 2, 4));
}

TEST_F(DeliveryScheduleTest, LaterRetryPutsNoEarlierOneOff) {
  take_in_others(1, 1);
  fail(1);
  pass(seconds(2));
  const Job job = take(1);
  take_in_others(2, 1);
  fail(2);
  schedule_->not_taken(job, failure());  // the second time, after which it waits for 5 s
  EXPECT_LE(schedule_->wait_time(hours(1)), milliseconds(1200));
  pass(milliseconds(1200));
  take(2);
}

TEST_F(DeliveryScheduleTest, FailuresAndTheirTimesOutliveARestart) {
  take_in_others(1, 1);
  fail(1);
  pass(seconds(2));
  fail(1);
  begin_again();
  EXPECT_FALSE(next().has_value());
  pass(seconds(7));
  const Job job = take(1);
  EXPECT_EQ(job.attempt, 3u);
  schedule_->not_taken(job, failure());
  EXPECT_GT(schedule_->wait_time(hours(1)), seconds(20)) << "the third wait";
}

TEST_F(DeliveryScheduleTest, AttemptIsCountedBeforeItBegins) {
  take_in_others(1, 1);
  Job job = take(1);
  schedule_->begin(&job);
  EXPECT_TRUE(job.recorded);
  begin_again();  // killed in the middle
  EXPECT_EQ(take(1).attempt, 2u);
}

TEST_F(DeliveryScheduleTest, ClockThatWasSetBackHoldsNoRetryUp) {
  take_in_others(1, 1);
  fail(1);
  clock_.now -= milliseconds(hours(24 * 365)).count();
  begin_again();
  EXPECT_FALSE(next().has_value());
  EXPECT_LE(schedule_->wait_time(hours(1000)), minutes(72));
  pass(minutes(72));
  take(1);
}

TEST_F(DeliveryScheduleTest, SinkThatTakesNothingIsNoFailure) {
  take_in_others(1, 2);
  Job job = take(1);
  schedule_->begin(&job);
  Attempt wait = outcome(Outcome::kWait);
  wait.delay = milliseconds(700);
  schedule_->not_taken(job, wait);
  EXPECT_FALSE(next().has_value()) << "no other event either";
  EXPECT_EQ(schedule_->wait_time(hours(1)), milliseconds(700));
  pass(milliseconds(700));
  EXPECT_EQ(take(1).attempt, 1u) << "that was no attempt";
  begin_again();
  EXPECT_EQ(take(1).attempt, 1u) << "in the store neither";
}

TEST_F(DeliveryScheduleTest, SinkThatFailsForAllIsSparedAndSoAreTheEvents) {
  take_in_others(1, 20);
  for (std::uint64_t seq = 1; seq <= 5; ++seq) fail(seq);
  EXPECT_FALSE(next().has_value());
  EXPECT_THAT(log_.lines(), HasSubstr("PD0653 sink a: 5 different events failed in a row"));
  pass(milliseconds(4999));
  EXPECT_FALSE(next().has_value());
  pass(milliseconds(1));
  std::optional<Job> probe = next();
  ASSERT_TRUE(probe.has_value());
  EXPECT_FALSE(next().has_value()) << "one at a time";
  schedule_->not_taken(*probe, failure());
  pass(seconds(10));
  probe = next();
  ASSERT_TRUE(probe.has_value());
  schedule_->delivered(*probe);
  EXPECT_THAT(log_.lines(), HasSubstr("PD0654 sink a takes events again"));
  pass(hours(1));
  deliver_all();
  EXPECT_THAT(waiting(), IsEmpty());
  for (std::uint64_t seq = 7; seq <= 20; ++seq) {
    const auto rows = *OperatorStore::open(spool_, Database::Access::kRead)
                           .value()
                           ->deliveries(id_of(static_cast<int>(seq)));
    EXPECT_EQ(rows[0].attempts, 1u) << "none of their attempts was used up: " << seq;
  }
}

// With several runs at a time, of different length.
TEST_F(DeliveryScheduleTest, EndOfAnOldAttemptIsNotTakenForTheProbes) {
  take_in_others(1, 20);
  std::vector<Job> old;
  for (std::uint64_t seq = 1; seq <= 8; ++seq) old.push_back(take(seq));
  for (std::size_t i = 3; i < 8; ++i) schedule_->not_taken(old[i], failure());
  pass(seconds(5));
  const std::optional<Job> probe = next();
  ASSERT_TRUE(probe.has_value());
  Attempt wait = outcome(Outcome::kWait);
  wait.delay = milliseconds(1);
  std::size_t ended = 0;
  for (const Attempt& end : {failure(), outcome(Outcome::kInterrupted), wait}) {
    schedule_->not_taken(old[ended++], end);
    pass(seconds(20));
    EXPECT_FALSE(next().has_value()) << "a second probe";
  }
  schedule_->not_taken(*probe, failure());
  pass(milliseconds(9'999));
  EXPECT_FALSE(next().has_value());
  pass(milliseconds(1));
  EXPECT_TRUE(next().has_value()) << "the pause was doubled once";
}

TEST_F(DeliveryScheduleTest, ProbeThatCannotBeReadIsFollowedByAnother) {
  take_in_others(1, 5);
  take_in({frame_of(event_of_call(6, "other", ""))}, "0123abcd-1-2-4.seg");
  for (std::uint64_t seq = 1; seq <= 5; ++seq) fail(seq);
  pass(milliseconds(5000));
  std::filesystem::resize_file(segment_path(kSegment), kSegmentHeaderSize);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(next().has_value());
  EXPECT_EQ(count_of(log_.lines(), "cannot be read any more"), 5u) << log_.lines();
  EXPECT_EQ(take(6).waiting.seq, 6u);
}

TEST_F(DeliveryScheduleTest, PoisonEventAloneIsNoReasonToSpareTheSink) {
  take_in({frame_of(event_of_call(1, "recording", "x"))});
  for (int i = 0; i < 8; ++i) {
    fail(1);
    pass(hours(2));
  }
  EXPECT_EQ(count_of(log_.lines(), "PD0653"), 0u);
  take_in_others(2, 3);
  EXPECT_EQ(take(1).waiting.seq, 1u);
  EXPECT_THAT(deliver_all(), ElementsAre(2, 3, 4));
}

TEST_F(DeliveryScheduleTest, BatchIsRecordedTogetherAndOrComesBack) {
  take_in({frame_of(event_of_call(1, "recording", "x")),
           frame_of(event_of_call(2, "recording", "x")), frame_of(event_of_call(3, "other", ""))});
  std::vector<Job> jobs;
  for (const std::uint64_t seq : {1, 2, 3}) {
    jobs.push_back(take(seq));
    schedule_->handed_over(jobs.back());
  }
  EXPECT_THAT(waiting(), ElementsAre(1, 2, 3)) << "not yet";
  schedule_->rescan();
  EXPECT_FALSE(next().has_value()) << "but in hand";
  schedule_->take_back(jobs);
  pass(seconds(1));
  jobs.clear();
  for (const std::uint64_t seq : {1, 2, 3}) {
    jobs.push_back(take(seq));
    EXPECT_EQ(jobs.back().attempt, 2u);
    schedule_->handed_over(jobs.back());
  }
  schedule_->record(jobs);
  EXPECT_THAT(waiting(), IsEmpty());
}

TEST_F(DeliveryScheduleTest, BacklogOfAnyLengthGoesThroughInOrder) {
  constexpr int kEvents = 5000;
  std::vector<TestFrame> frames;
  for (int i = 1; i <= kEvents; ++i) {
    frames.push_back(
        frame_of(event_of_call(i, "recording", i % 2 == 0 ? "" : "c" + std::to_string(i % 7))));
  }
  take_in(std::move(frames));
  std::map<std::string, std::uint64_t> last;
  const std::vector<std::uint64_t> delivered = deliver_in_batches();
  EXPECT_EQ(delivered.size(), static_cast<std::size_t>(kEvents));
  for (const std::uint64_t seq : delivered) {
    const std::string call = seq % 2 == 0 ? std::to_string(seq) : "c" + std::to_string(seq % 7);
    EXPECT_LT(last[call], seq);
    last[call] = seq;
  }
  EXPECT_THAT(waiting(), IsEmpty());
}

TEST_F(DeliveryScheduleTest, ManyFailedCallsComeBackAll) {
  constexpr int kCalls = 1400;
  take_in_others(1, kCalls);
  RetryPolicy retry;
  retry.waits = {seconds(10)};
  begin_again(retry);
  for (int i = 0; i < kCalls; ++i) {
    const std::optional<Job> job = next();
    ASSERT_TRUE(job.has_value()) << i;
    if (job->waiting.seq % 5 != 0) {
      schedule_->not_taken(*job, failure());
    } else {
      schedule_->delivered(*job);
    }
  }
  EXPECT_FALSE(next().has_value());
  pass(seconds(20));
  EXPECT_EQ(deliver_in_batches().size(), 1120u);
  EXPECT_THAT(waiting(), IsEmpty());
}

TEST_F(DeliveryScheduleTest, OperatorsChangesAreTaken) {
  take_in({frame_of(event_of_call(1, "recording", "x")),
           frame_of(event_of_call(2, "recording", "x")),
           frame_of(event_of_call(3, "recording", "y"))});
  EXPECT_THAT(deliver_all(), ElementsAre(1, 2, 3));
  auto tool = OperatorStore::open(spool_, Database::Access::kChange);
  ASSERT_TRUE(tool.ok());
  EXPECT_EQ(*(*tool)->replay("a", {}, clock_.now * 1000), 3u);
  schedule_->rescan();
  EXPECT_EQ(take(1).attempt, 2u);
  EXPECT_THAT(deliver_all(), ElementsAre(3));
}

TEST_F(DeliveryScheduleTest, RetryByAnOperatorEndsTheWait) {
  take_in(
      {frame_of(event_of_call(1, "recording", "x")), frame_of(event_of_call(2, "recording", "x"))});
  fail(1);
  auto tool = OperatorStore::open(spool_, Database::Access::kChange);
  EXPECT_EQ(*(*tool)->retry(id_of(1), "", clock_.now * 1000), 1u);
  schedule_->rescan();
  EXPECT_THAT(deliver_all(), ElementsAre(1, 2));
}

TEST_F(DeliveryScheduleTest, DeliveryGoesOnWhereTheStoreTakesNoChange) {
  take_in({frame_of(event_of_call(1, "recording", "x")),
           frame_of(event_of_call(2, "recording", "x")),
           frame_of(event_of_call(3, "recording", "y"))});
  auto other = Database::open(database(), Database::Access::kChange);
  (*other)->run_script("BEGIN IMMEDIATE");
  patience_->end();
  schedule_->delivered(take(1));
  fail(2);
  EXPECT_THAT(log_.lines(), HasSubstr("database is locked; a restart before that is mended"));
  schedule_->rescan();
  EXPECT_THAT(deliver_all(), ElementsAre(3)) << "1 is not forgotten";
  EXPECT_THAT(waiting(), ElementsAre(1, 2, 3));
  (*other)->run_script("COMMIT");
  pass(seconds(2));
  EXPECT_THAT(deliver_all(), ElementsAre(2));
  EXPECT_THAT(waiting(), IsEmpty());
  EXPECT_EQ(count_of(log_.lines(), "PD0505"), 1u) << log_.lines();
}

}  // namespace
}  // namespace plivo_dial
