// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/delivery_schedule.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "lib/base/wall_clock.h"
#include "lib/event/json.h"
#include "lib/spool/spool_layout.h"
#include "lib/store/dead_letter.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kPage = 256;
constexpr std::size_t kDueAtATime = LaneQueue::kEvents + 64;
constexpr milliseconds kStorePause{1000};
constexpr std::int64_t kRecordAgainMs = 1000;
constexpr milliseconds kLostPause{1000};
constexpr std::int64_t kLetterAgainMs = 60'000;
constexpr std::int64_t kCutPatienceMs = 5000;
constexpr std::int64_t kLastTryMs = 1000;  // the least time before a last attempt

// "0.9 s", "29 s", "2.1 min", "1.0 h".
std::string readable(std::int64_t ms) {
  const bool hours = ms >= 3'600'000;
  const bool minutes = !hours && ms >= 60'000;
  const double value = static_cast<double>(ms) / (hours ? 3'600'000 : minutes ? 60'000 : 1000);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), value < 9.95 ? "%.1f" : "%.0f", value);
  return text.data() + std::string(hours ? " h" : minutes ? " min" : " s");
}

DeliveryChange change_of(const DeliverySchedule::Job& job, DeliveryState state) {
  DeliveryChange change;
  change.seq = job.waiting.seq;
  change.state = state;
  change.attempts = job.attempt;
  change.failures = job.waiting.failures;
  return change;
}

}  // namespace

DeliverySchedule::DeliverySchedule(SinkConfig config, SinkId id, std::string spool,
                                   EventStore& store, Log& log, const DeliveryClock& clock)
    : config_(std::move(config)),
      id_(id),
      spool_(std::move(spool)),
      store_(store),
      log_(log),
      clock_(clock),
      random_(std::random_device{}()) {
  // None is longer than what is configured now.
  const auto& waits = config_.retry.waits;
  const milliseconds longest = *std::max_element(waits.begin(), waits.end());
  const Result<void> limited =
      store_.delivery().limit_waits(id_, clock_.now_ms() + longest.count() * 6 / 5);
  if (!limited) complain(limited.error());
}

// What it knew of attempts that could not be recorded goes with it.
DeliverySchedule::~DeliverySchedule() {
  if (store_.delivery().missed_attempts()) store_.intake().presume_attempts();
}

void DeliverySchedule::complain(const Error& error) {
  if (std::exchange(complained_, true)) return;
  log_.write(LogLevel::kError, log_id::kNotRecorded, "sink " + config_.name + ": " + error.message);
}

void DeliverySchedule::pause(std::int64_t now_ms, milliseconds time) {
  paused_until_ms_ = std::max(paused_until_ms_, now_ms + time.count());
}

void DeliverySchedule::wake() {
  const MutexLock guard(mutex_);
  has_more_ = true;
  changed_.notify_all();
}

void DeliverySchedule::rescan() {
  const MutexLock guard(mutex_);
  loaded_up_to_ = 0;
  has_more_ = true;
  has_due_ = true;
  changed_.notify_all();
}

void DeliverySchedule::interrupt() {
  const MutexLock guard(mutex_);
  interrupted_ = true;
  changed_.notify_all();
}

std::optional<DeliverySchedule::Job> DeliverySchedule::next(milliseconds patience) {
  WaitingEvent waiting;
  std::uint64_t breaker_attempt = 0;
  {
    const MutexLock lock(mutex_);
    const std::int64_t now = clock_.now_ms();
    record_again(now);
    const std::optional<WaitingEvent> taken = take(now);
    if (!taken) {
      const std::int64_t time = next_time(now, now + patience.count()) - now;
      if (patience.count() > 0 && !interrupted_) {
        changed_.wait_until(mutex_, std::chrono::steady_clock::now() +
                                        milliseconds(std::max<std::int64_t>(1, time)));
      }
      return std::nullopt;
    }
    waiting = *taken;
    breaker_attempt = breaker_.begin();
    changed_.notify_one();  // there may be something for another worker, too
  }
  return load_event(waiting, breaker_attempt);
}

std::optional<WaitingEvent> DeliverySchedule::take(std::int64_t now_ms) {
  if (now_ms < paused_until_ms_ || !breaker_.may_try(now_ms)) return std::nullopt;
  refill(now_ms);
  return lanes_.take(now_ms);
}

void DeliverySchedule::refill(std::int64_t now_ms) {
  if (!lanes_.wants_more()) return;
  if (has_due_ || (next_due_ && *next_due_ <= now_ms)) load_due_lanes(now_ms);
  while (has_more_ && lanes_.has_room() && load_page(now_ms)) {
  }
}

// Lanes whose first event failed before, and has waited long enough in the store.
void DeliverySchedule::load_due_lanes(std::int64_t now_ms) {
  const Result<std::vector<std::int64_t>> due =
      store_.delivery().due_lanes(id_, now_ms, kDueAtATime);
  if (!due) {
    pause(now_ms, kStorePause);
    return complain(due.error());
  }
  std::size_t seen = 0;
  for (; seen < due->size() && lanes_.has_room(); ++seen) {
    if (!lanes_.has_lane((*due)[seen])) load_lane((*due)[seen]);
  }
  has_due_ = seen < due->size() || due->size() == kDueAtATime;
  const Result<std::optional<std::int64_t>> next = store_.delivery().next_due(id_, now_ms);
  if (!next) return complain(next.error());
  next_due_ = *next;
}

void DeliverySchedule::load_lane(std::int64_t lane) {
  const Result<std::vector<WaitingEvent>> events =
      store_.delivery().waiting_in_lane(id_, lane, LaneQueue::kEventsOfLane);
  if (!events) {
    // It is found again, as all is.
    lanes_.add_lane(lane, {}, true);
    loaded_up_to_ = 0;
    has_more_ = true;
    has_due_ = true;
    pause(clock_.now_ms(), kStorePause);
    return complain(events.error());
  }
  lanes_.add_lane(lane, *events, events->size() < LaneQueue::kEventsOfLane);
}

// False when the store fails.
bool DeliverySchedule::load_page(std::int64_t now_ms) {
  const Result<std::vector<WaitingEvent>> page =
      store_.delivery().waiting(id_, loaded_up_to_, kPage);
  if (!page) {
    pause(now_ms, kStorePause);
    complain(page.error());
    return false;
  }
  has_more_ = page->size() == kPage;
  for (const WaitingEvent& event : *page) {
    loaded_up_to_ = event.seq;
    // What waits for its time is found by that.
    if (event.next_ms <= now_ms || lanes_.has_lane(event.lane)) lanes_.add(event);
  }
  return true;
}

std::optional<DeliverySchedule::Job> DeliverySchedule::load_event(const WaitingEvent& waiting,
                                                                  std::uint64_t breaker_attempt) {
  Result<std::optional<StoredEvent>> event = store_.delivery().event(waiting);
  Job job;
  job.waiting = waiting;
  job.attempt = waiting.attempts + 1;
  job.breaker_attempt = breaker_attempt;
  if (event && *event) {
    job.event = SinkEvent(std::move((*event)->json),
                          {waiting.seq, (*event)->late, job.attempt, (*event)->is_spooled});
    return job;
  }
  if (!event) {
    const MutexLock guard(mutex_);
    complain(event.error());
    breaker_.abandoned(breaker_attempt);
    lanes_.put_back(waiting.lane);
    pause(clock_.now_ms(), kStorePause);
    return std::nullopt;
  }
  job.attempt = waiting.attempts;
  // Its writer may have cut it off and is about to write it to its next segment.
  const std::int64_t now = clock_.now_ms();
  if (now < waiting.begun_ms + kCutPatienceMs) {
    delay_until(job, waiting.failures, now + kStorePause.count(), "");
    const MutexLock guard(mutex_);
    breaker_.abandoned(breaker_attempt);
    return std::nullopt;
  }
  log_.write(LogLevel::kError, log_id::kDeadLetter,
             "sink " + config_.name + ": event number " + std::to_string(waiting.seq) +
                 " cannot be read any more and does not get there");
  end_of(job, DeliveryState::kDead, "it cannot be read any more");
  const MutexLock guard(mutex_);
  breaker_.abandoned(breaker_attempt);
  return std::nullopt;
}

std::int64_t DeliverySchedule::next_time(std::int64_t now_ms, std::int64_t latest_ms) const {
  if (paused_until_ms_ > now_ms) return std::min(latest_ms, paused_until_ms_);
  if (breaker_.is_open()) {
    return breaker_.may_try(now_ms) ? latest_ms : std::min(latest_ms, breaker_.next_try_ms());
  }
  std::int64_t time = latest_ms;
  if (next_due_) time = std::min(time, *next_due_);
  if (const auto delayed = lanes_.next_time()) time = std::min(time, *delayed);
  return time;
}

milliseconds DeliverySchedule::wait_time(milliseconds longest) {
  const MutexLock guard(mutex_);
  const std::int64_t now = clock_.now_ms();
  return milliseconds(next_time(now, now + longest.count()) - now);
}

// --- Reports.

std::string DeliverySchedule::about(const SinkEvent& event) const {
  return "sink " + config_.name + ": event " + escaped(event.id()) + ": ";
}

// False when the store takes no change; what follows is done all the same.
bool DeliverySchedule::tell_store(std::vector<DeliveryChange> changes) {
  const Result<void> recorded = store_.delivery().record(id_, std::move(changes));
  const MutexLock guard(mutex_);
  if (recorded) {
    complained_ = false;
  } else {
    complain(Error{recorded.error().message + "; a restart before that is mended repeats events"});
  }
  return recorded.ok();
}

void DeliverySchedule::record_again(std::int64_t now_ms) {
  if (unrecorded_.empty() || now_ms < record_again_ms_) return;
  std::vector<DeliveryChange> changes;
  for (const Settled& settled : unrecorded_) changes.push_back(settled.change);
  if (!store_.delivery().record(id_, std::move(changes))) {
    record_again_ms_ = now_ms + kRecordAgainMs;
    return;
  }
  complained_ = false;
  for (const Settled& settled : std::exchange(unrecorded_, {})) note_recorded(settled);
}

// The letter of an event that an operator sent again has stayed until now: the store, where it
// waited, could have been lost.
void DeliverySchedule::note_recorded(const Settled& settled) {
  if (settled.change.state == DeliveryState::kDelivered && settled.event.was_tried) {
    const Result<void> removed = remove_dead_letter(spool_, settled.event_id, config_.name);
    if (!removed) complain(removed.error());
  }
  if (lanes_.recorded(settled.event)) load_lane(settled.event.lane);
}

void DeliverySchedule::note_success() {
  if (!breaker_.succeeded()) return;
  log_.write(LogLevel::kNotice, log_id::kSinkWorks, "sink " + config_.name + " takes events again");
}

void DeliverySchedule::note_failure(const Job& job) {
  if (!breaker_.failed(job.breaker_attempt, job.waiting.seq, clock_.now_ms())) return;
  log_.write(LogLevel::kWarning, log_id::kSinkFails,
             "sink " + config_.name + ": " + std::to_string(Breaker::kFailures) +
                 " different events failed in a row; until it takes one, only one event is tried "
                 "every 5 to 60 s");
}

bool DeliverySchedule::begin(Job* job) {
  job->recorded = tell_store({change_of(*job, DeliveryState::kWaiting)});
  return job->recorded;
}

void DeliverySchedule::end_of(const Job& job, DeliveryState state, const std::string& reason) {
  Settled settled{job.waiting, job.event.id(), change_of(job, state)};
  settled.change.error = reason;
  const bool told = tell_store({settled.change});
  const MutexLock guard(mutex_);
  lanes_.handed_over(job.waiting.lane);
  if (told) {
    note_recorded(settled);
  } else {
    unrecorded_.push_back(std::move(settled));
  }
  changed_.notify_one();
}

void DeliverySchedule::delivered(const Job& job) {
  end_of(job, DeliveryState::kDelivered, "");
  const MutexLock guard(mutex_);
  note_success();
}

void DeliverySchedule::take_along(const Job& job) {
  const MutexLock guard(mutex_);
  lanes_.handed_over(job.waiting.lane);
  changed_.notify_one();
}

void DeliverySchedule::handed_over(const Job& job) {
  take_along(job);
  were_taken();
}

void DeliverySchedule::were_taken() {
  const MutexLock guard(mutex_);
  note_success();
}

void DeliverySchedule::give_back(const std::vector<Job>& jobs, bool first_was_tried) {
  const MutexLock guard(mutex_);
  for (std::size_t i = jobs.size(); i > 0; --i) {
    const Job& job = jobs[i - 1];
    const bool is_in_hand = i == 1 && first_was_tried;
    lanes_.take_back(job.waiting, is_in_hand);
    if (!is_in_hand) breaker_.abandoned(job.breaker_attempt);
  }
}

void DeliverySchedule::record(const std::vector<Job>& jobs) {
  if (jobs.empty()) return;
  std::vector<DeliveryChange> changes;
  for (const Job& job : jobs) changes.push_back(change_of(job, DeliveryState::kDelivered));
  const bool told = tell_store(changes);
  const MutexLock guard(mutex_);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const Settled settled{jobs[i].waiting, jobs[i].event.id(), changes[i]};
    if (told) {
      note_recorded(settled);
    } else {
      unrecorded_.push_back(settled);
    }
  }
}

// The sink may have them all the same, and who looks at the store next has to know.
void DeliverySchedule::take_back(const std::vector<Job>& jobs) {
  std::vector<DeliveryChange> changes;
  for (const Job& job : jobs) changes.push_back(change_of(job, DeliveryState::kWaiting));
  tell_store(std::move(changes));
  const MutexLock guard(mutex_);
  for (const Job& job : jobs) {
    WaitingEvent event = job.waiting;
    event.attempts = job.attempt;
    lanes_.take_back(event, false);
  }
  pause(clock_.now_ms(), kLostPause);
}

void DeliverySchedule::not_taken(const Job& job, const Attempt& attempt) {
  switch (attempt.outcome) {
    case Attempt::Outcome::kFailed:
      return fail(job, attempt);
    case Attempt::Outcome::kRefused:
      return refuse(job, attempt);
    case Attempt::Outcome::kWait:
      return wait_for_sink(job, attempt.delay);
    case Attempt::Outcome::kInterrupted:
      // A program that was asked may have taken it.
      if (!job.recorded) tell_store({change_of(job, DeliveryState::kWaiting)});
      break;
    case Attempt::Outcome::kDone:
      break;
  }
  const MutexLock guard(mutex_);
  breaker_.abandoned(job.breaker_attempt);
  lanes_.put_back(job.waiting.lane);
}

void DeliverySchedule::fail(const Job& job, const Attempt& attempt) {
  const std::int64_t now = clock_.now_ms();
  const std::int64_t end = job.waiting.begun_ms + config_.retry.limit.count();
  const unsigned failures = job.waiting.failures + 1;
  const bool is_over = now >= end;
  if (is_over && failures >= fewest_attempts(config_.retry)) {
    const bool buried = bury(job, attempt.reason);
    if (buried) {
      log_.write(LogLevel::kError, log_id::kDeadLetter,
                 about(job.event) + attempt.reason + "; tried for " +
                     readable(config_.retry.limit.count()) + ", now a dead letter in '" +
                     path_in_spool(spool_, kDeadDirectory) + "'");
      const MutexLock guard(mutex_);
      return note_failure(job);
    }
    return put_off(job, failures, now + kLetterAgainMs, attempt.reason);
  }
  double random = 0;
  {
    const MutexLock guard(mutex_);
    random = std::uniform_real_distribution<double>(0, 1)(random_);
  }
  const std::int64_t wait = wait_after(config_.retry, failures, random).count();
  const std::int64_t next =
      is_over ? now + wait : std::min(now + wait, std::max(end, now + kLastTryMs));
  log_.write(attempt.level, attempt.log_id,
             about(job.event) + attempt.reason + "; again in " + readable(next - now));
  put_off(job, failures, next, attempt.reason);
}

void DeliverySchedule::refuse(const Job& job, const Attempt& attempt) {
  log_.write(attempt.level, attempt.log_id,
             about(job.event) + attempt.reason +
                 ": refused for good, not tried again, now a dead letter in '" +
                 path_in_spool(spool_, kDeadDirectory) + "'");
  if (!bury(job, attempt.reason)) {
    put_off(job, job.waiting.failures, clock_.now_ms() + kLetterAgainMs, attempt.reason);
  }
  const MutexLock guard(mutex_);
  note_success();  // a sink that refuses works
}

// A sink that takes nothing at all is no event's failure.
void DeliverySchedule::wait_for_sink(const Job& job, milliseconds delay) {
  if (job.recorded) {
    DeliveryChange change = change_of(job, DeliveryState::kWaiting);
    --change.attempts;
    tell_store({std::move(change)});
  }
  const MutexLock guard(mutex_);
  breaker_.abandoned(job.breaker_attempt);
  lanes_.put_back(job.waiting.lane);
  pause(clock_.now_ms(), delay);
}

void DeliverySchedule::put_off(const Job& job, unsigned failures, std::int64_t next_ms,
                               const std::string& reason) {
  delay_until(job, failures, next_ms, reason);
  const MutexLock guard(mutex_);
  note_failure(job);
}

void DeliverySchedule::delay_until(const Job& job, unsigned failures, std::int64_t next_ms,
                                   const std::string& reason) {
  DeliveryChange change = change_of(job, DeliveryState::kWaiting);
  change.failures = failures;
  change.next_ms = next_ms;
  change.error = reason;
  const bool told = tell_store({std::move(change)});
  WaitingEvent event = job.waiting;
  event.attempts = job.attempt;
  event.failures = failures;
  event.next_ms = next_ms;
  const MutexLock guard(mutex_);
  lanes_.delay(event, told);
  if (told && (!next_due_ || *next_due_ > next_ms)) next_due_ = next_ms;
  changed_.notify_one();
}

// False when the letter could not be written: the event must be kept.
bool DeliverySchedule::bury(const Job& job, const std::string& reason) {
  DeadLetter letter;
  letter.event_id = job.event.id();
  letter.sink = config_.name;
  letter.reason = reason;
  letter.attempts = job.attempt;
  letter.died_us = wall_clock_us();
  Event event = job.event.fields();
  event.attempt = 1;  // the letter says how many there were
  letter.event = to_json(event);
  const Result<void> written = write_dead_letters(spool_, {letter});
  if (!written) {
    const MutexLock guard(mutex_);
    complain(written.error());
    return false;
  }
  end_of(job, DeliveryState::kDead, reason);
  return true;
}

}  // namespace plivo_dial
