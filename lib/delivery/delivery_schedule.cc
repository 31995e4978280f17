// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/delivery_schedule.h"

#include <algorithm>
#include <utility>

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kPage = 256;
constexpr std::size_t kDueAtATime = LaneQueue::kEvents + 64;
constexpr milliseconds kStorePause{1000};

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
  const Result<void> limited = store_.limit_waits(id_, clock_.now_ms() + longest.count() * 6 / 5);
  if (!limited) complain(limited.error());
}

// What it knew of attempts that could not be recorded goes with it.
DeliverySchedule::~DeliverySchedule() {
  if (store_.missed_attempts()) store_.presume_attempts();
}

void DeliverySchedule::complain(const Error& error) {
  if (std::exchange(complained_, true)) return;
  log_.write(LogLevel::kError, log_id::kNotRecorded, "sink " + config_.name + ": " + error.message);
}

void DeliverySchedule::pause(std::int64_t now_ms, milliseconds time) {
  paused_until_ms_ = std::max(paused_until_ms_, now_ms + time.count());
}

void DeliverySchedule::wake() {
  const std::lock_guard<std::mutex> guard(mutex_);
  has_more_ = true;
  changed_.notify_all();
}

void DeliverySchedule::rescan() {
  const std::lock_guard<std::mutex> guard(mutex_);
  loaded_up_to_ = 0;
  has_more_ = true;
  has_due_ = true;
  changed_.notify_all();
}

void DeliverySchedule::interrupt() {
  const std::lock_guard<std::mutex> guard(mutex_);
  interrupted_ = true;
  changed_.notify_all();
}

std::optional<DeliverySchedule::Job> DeliverySchedule::next(milliseconds patience) {
  WaitingEvent waiting;
  std::uint64_t breaker_attempt = 0;
  {
    std::unique_lock<std::mutex> lock(mutex_);
    const std::int64_t now = clock_.now_ms();
    record_again(now);
    const std::optional<WaitingEvent> taken = take(now);
    if (!taken) {
      const std::int64_t time = next_time(now, now + patience.count()) - now;
      if (patience.count() > 0 && !interrupted_) {
        changed_.wait_for(lock, milliseconds(std::max<std::int64_t>(1, time)));
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
  const Result<std::vector<std::int64_t>> due = store_.due_lanes(id_, now_ms, kDueAtATime);
  if (!due) {
    pause(now_ms, kStorePause);
    return complain(due.error());
  }
  std::size_t seen = 0;
  for (; seen < due->size() && lanes_.has_room(); ++seen) {
    if (!lanes_.has_lane((*due)[seen])) load_lane((*due)[seen]);
  }
  has_due_ = seen < due->size() || due->size() == kDueAtATime;
  const Result<std::optional<std::int64_t>> next = store_.next_due(id_, now_ms);
  if (!next) return complain(next.error());
  next_due_ = *next;
}

void DeliverySchedule::load_lane(std::int64_t lane) {
  const Result<std::vector<WaitingEvent>> events =
      store_.waiting_in_lane(id_, lane, LaneQueue::kEventsOfLane);
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
  const Result<std::vector<WaitingEvent>> page = store_.waiting(id_, loaded_up_to_, kPage);
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
  Result<std::optional<Event>> event = store_.event(waiting.seq);
  Job job;
  job.waiting = waiting;
  job.attempt = waiting.attempts + 1;
  job.breaker_attempt = breaker_attempt;
  if (event && *event) {
    job.event = std::move(**event);
    job.event.attempt = job.attempt;
    return job;
  }
  if (!event) {
    const std::lock_guard<std::mutex> guard(mutex_);
    complain(event.error());
    breaker_.abandoned(breaker_attempt);
    lanes_.put_back(waiting.lane);
    pause(clock_.now_ms(), kStorePause);
    return std::nullopt;
  }
  job.attempt = waiting.attempts;
  log_.write(LogLevel::kError, log_id::kDeadLetter,
             "sink " + config_.name + ": event number " + std::to_string(waiting.seq) +
                 " cannot be read any more and does not get there");
  end_of(job, DeliveryState::kDead, "it cannot be read any more");
  const std::lock_guard<std::mutex> guard(mutex_);
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
  const std::lock_guard<std::mutex> guard(mutex_);
  const std::int64_t now = clock_.now_ms();
  return milliseconds(next_time(now, now + longest.count()) - now);
}

}  // namespace plivo_dial
