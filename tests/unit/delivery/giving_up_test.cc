// SPDX-License-Identifier: Apache-2.0
// When an event is given up, and what becomes of its dead letter.
#include "tests/unit/delivery/delivery_schedule_fixture.h"

namespace plivo_dial {
namespace {

TEST_F(DeliveryScheduleTest, EventThatFailsForTooLongBecomesADeadLetter) {
  take_in_others(1, 1);
  unsigned attempts = 0;
  const std::int64_t begin = clock_.now;
  while (const std::optional<Job> job = next()) {
    ++attempts;
    schedule_->not_taken(*job, failure("it is poison"));
    pass(schedule_->wait_time(hours(2)));
  }
  EXPECT_GE(clock_.now - begin, milliseconds(hours(72)).count());
  EXPECT_LE(clock_.now - begin, milliseconds(hours(75)).count());
  EXPECT_GT(attempts, 60u);
  EXPECT_THAT(waiting(), IsEmpty());
  const auto letter = read_dead_letter(dead_letter_path(spool_, id_of(1), "a"));
  ASSERT_TRUE(letter.ok()) << letter.error().message;
  EXPECT_EQ(letter->reason, "it is poison");
  EXPECT_EQ(letter->attempts, attempts);
  EXPECT_THAT(letter->event, HasSubstr("\"seq\":1,"));
  EXPECT_EQ(count_of(log_.lines(), "PD0651"), 1u);
  EXPECT_THAT(log_.lines(), HasSubstr("it is poison; tried for 72 h, now a dead letter in"));
  EXPECT_EQ(balance().dead, 1u);
}

TEST_F(DeliveryScheduleTest, LimitIsTheTimeOfTheLastAttempt) {
  RetryPolicy retry;
  retry.waits = {seconds(30)};
  retry.limit = seconds(50);
  begin_again(retry);
  take_in_others(1, 1);
  fail(1);
  pass(seconds(36));
  fail(1);
  EXPECT_EQ(schedule_->wait_time(hours(1)), seconds(14)) << "at the limit itself";
  pass(seconds(14));
  fail(1);
  EXPECT_THAT(waiting(), IsEmpty());
  retry.limit = seconds(0);
  begin_again(retry);
  take_in_others(2, 1);
  fail(2);
  EXPECT_THAT(waiting(), IsEmpty()) << "a single attempt";
}

TEST_F(DeliveryScheduleTest, TimesAreToldInTheUnitThatFits) {
  const std::pair<milliseconds, const char*> cases[] = {
      {milliseconds(900), "0.9 s"},  {milliseconds(9'900), "9.9 s"},
      {milliseconds(9'950), "10 s"}, {milliseconds(59'000), "59 s"},
      {minutes(1), "1.0 min"},       {minutes(59), "59 min"},
      {hours(1), "1.0 h"},           {hours(72), "72 h"},
  };
  int number = 0;
  for (const auto& [limit, words] : cases) {
    RetryPolicy retry;
    retry.waits = {milliseconds(1)};
    retry.limit = limit;
    begin_again(retry);
    take_in_others(++number, 1);
    const auto seq = static_cast<std::uint64_t>(number);
    fail(seq);
    pass(limit);
    fail(seq);
    EXPECT_THAT(log_.lines(), HasSubstr(id_of(number) + ": it failed; tried for " + words + ","));
  }
}

// The clock was set on, or no dispatcher ran for long.
TEST_F(DeliveryScheduleTest, TimeWithoutAttemptsIsNoReasonToGiveUp) {
  take_in_others(1, 1);
  pass(hours(1000));
  begin_again();
  const std::int64_t begin = clock_.now;
  unsigned attempts = 0;
  while (const std::optional<Job> job = next()) {
    ++attempts;
    schedule_->not_taken(*job, failure("it is down"));
    pass(schedule_->wait_time(hours(2)));
  }
  EXPECT_EQ(attempts, fewest_attempts(RetryPolicy()));
  EXPECT_GE(clock_.now - begin, milliseconds(hours(1)).count());
  EXPECT_EQ(list_dead_letters(spool_)->size(), 1u);
}

TEST_F(DeliveryScheduleTest, RefusedEventBecomesADeadLetterAtOnce) {
  take_in(
      {frame_of(event_of_call(1, "recording", "x")), frame_of(event_of_call(2, "recording", "x"))});
  Attempt refused = failure("it exited with 65");
  refused.outcome = Outcome::kRefused;
  refused.log_id = "PD0633";
  schedule_->not_taken(take(1), refused);
  EXPECT_THAT(log_.lines(), HasSubstr("PD0633 sink a: event " + id_of(1) +
                                      ": it exited with 65: refused for good"));
  EXPECT_EQ(list_dead_letters(spool_)->size(), 1u);
  EXPECT_THAT(deliver_all(), ElementsAre(2)) << "its call goes on";
}

TEST_F(DeliveryScheduleTest, LetterThatIsSentAgainStaysUntilItIsDelivered) {
  take_in_others(1, 2);
  for (const std::uint64_t seq : {1, 2}) {
    schedule_->not_taken(take(seq), outcome(Outcome::kRefused));
  }
  const auto store = OperatorStore::open(spool_, Database::Access::kChange);
  ASSERT_EQ(*(*store)->retry_dead("", clock_.now * 1000), 2u);
  schedule_->rescan();
  Job first = take(1);
  schedule_->begin(&first);
  const Job second = take(2);
  EXPECT_EQ(list_dead_letters(spool_)->size(), 2u);
  schedule_->delivered(first);
  EXPECT_EQ(list_dead_letters(spool_)->size(), 1u);
  schedule_->handed_over(second);
  EXPECT_EQ(list_dead_letters(spool_)->size(), 1u) << "not recorded yet";
  schedule_->record({second});
  EXPECT_EQ(list_dead_letters(spool_)->size(), 0u);
}

TEST_F(DeliveryScheduleTest, LetterThatCannotBeWrittenKeepsTheEvent) {
  take_in_others(1, 1);
  std::ofstream(spool_ + "/dead") << "in the way";
  schedule_->not_taken(take(1), outcome(Outcome::kRefused));
  EXPECT_THAT(waiting(), ElementsAre(1));
  EXPECT_THAT(log_.lines(), HasSubstr("cannot open directory '" + spool_ + "/dead'"));
  std::filesystem::remove(spool_ + "/dead");
  pass(minutes(1));
  schedule_->not_taken(take(1), outcome(Outcome::kRefused));
  EXPECT_THAT(waiting(), IsEmpty());
}

}  // namespace
}  // namespace plivo_dial
