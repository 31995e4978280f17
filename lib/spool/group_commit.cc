// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/group_commit.h"

#include <algorithm>
#include <ctime>
#include <exception>

#include "lib/spool/helper_thread.h"
#include "lib/spool/segment_format.h"

namespace plivo_dial {
namespace {

// A disk that has just failed twice is not asked again at once.
constexpr std::chrono::seconds kRefusalTime{1};

std::uint64_t clock_ns(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

std::uint64_t realtime_ns() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u +
         static_cast<std::uint64_t>(now.tv_nsec);
}

std::chrono::steady_clock::time_point now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

GroupCommit::GroupCommit(SegmentMaker& maker, std::string spool_directory,
                         const StallLimits& limits)
    : maker_(maker), spool_directory_(std::move(spool_directory)), limits_(limits) {}

void GroupCommit::start() {
  thread_ = start_helper_thread("plivo-spool", [this] { run(); });
}

void GroupCommit::stop() {
  {
    const MutexLock guard(mutex_);
    stopping_ = true;
    work_.notify_one();
  }
  thread_.join();
  if (segment_ != nullptr) segment_->seal(next_sequence_, realtime_ns());
  segment_.reset();
}

SpoolResult<void> GroupCommit::append(std::string_view payload, Deadline deadline) {
  Waiter self;
  self.payload = payload;
  const MutexLock lock(mutex_);
  if (is_stalled() && queue_.size() + in_flight_.size() >= limits_.most_waiting) {
    return overloaded();
  }
  queue_.push_back(&self);
  work_.notify_one();
  while (!self.is_answered && self.answered.wait_until(mutex_, deadline)) {
  }
  if (self.is_answered) return std::move(self.answer);
  std::erase(queue_, &self);
  std::erase(in_flight_, &self);
  is_stalled();  // tells the others
  return timed_out();
}

void GroupCommit::run() {
  const MutexLock lock(mutex_);
  for (;;) {
    while (!stopping_ && queue_.empty()) work_.wait(mutex_);
    if (queue_.empty()) return;
    busy_since_ = now();
    try {
      commit();
    } catch (const std::exception&) {
      {
        const MutexUnlock unlocked(mutex_);
        segment_.reset();  // its last write or sync may have failed
      }
      const SpoolError error{{"out of memory"}, SpoolFailure::kFailed};
      answer(in_flight_, error);
      answer(queue_, error);
    }
    busy_since_.reset();
  }
}

// Answers some of those in the queue, at least the first.
void GroupCommit::commit() {
  if (now() < refuse_until_) return answer(queue_, refusal_);
  const std::size_t bytes = kFrameHeaderSize + queue_.front()->payload.size();
  SpoolResult<void> provided;
  {
    const MutexUnlock unlocked(mutex_);
    provided = provide_segment(bytes);
  }
  if (!provided) refuse_too_large(provided.error());
  take_batch();
  if (in_flight_.empty()) return;
  SpoolResult<void> stored;
  {
    const MutexUnlock unlocked(mutex_);
    stored = store_batch();
  }
  answer(in_flight_, stored);
}

// Ok when there is a segment with room for `bytes`. Otherwise there may be one with less.
SpoolResult<void> GroupCommit::provide_segment(std::size_t bytes) {
  for (;;) {
    if (segment_ != nullptr && segment_->is_gone()) segment_.reset();
    if (segment_ != nullptr && segment_->has_room(bytes)) return {};
    SpoolResult<std::unique_ptr<SegmentFile>> spare = maker_.take();
    if (!spare) return spare.error();
    if (segment_ != nullptr) segment_->seal(next_sequence_++, realtime_ns());
    segment_ = std::move(*spare);
  }
}

// Of those in the queue, refuses whom the present segment has no room for.
void GroupCommit::refuse_too_large(const SpoolError& error) {
  const auto fits = [this](const Waiter* waiter) {
    return segment_ != nullptr && segment_->has_room(kFrameHeaderSize + waiter->payload.size());
  };
  const auto first_refused = std::stable_partition(queue_.begin(), queue_.end(), fits);
  Waiters refused(first_refused, queue_.end());
  queue_.erase(first_refused, queue_.end());
  answer(refused, error);
}

// Moves as many from the queue into the batch as the segment has room for. Frames are made here,
// under the lock, because the payload is the caller's, who may leave at any other time.
void GroupCommit::take_batch() {
  batch_.clear();
  const std::uint64_t time_ns = realtime_ns();
  next_sequence_ = std::max(next_sequence_, kSharedSequence | clock_ns(CLOCK_BOOTTIME));
  std::size_t taken = 0;
  for (; taken < queue_.size(); ++taken) {
    const std::string_view payload = queue_[taken]->payload;
    if (!segment_->has_room(batch_.size() + kFrameHeaderSize + payload.size())) break;
    batch_ += encode_frame(next_sequence_++, time_ns, payload);
  }
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(taken);
  in_flight_.assign(queue_.begin(), end);
  queue_.erase(queue_.begin(), end);
}

SpoolResult<void> GroupCommit::store_batch() {
  SpoolResult<void> stored = segment_->append(batch_);
  if (stored) return stored;
  segment_->abandon(realtime_ns());
  segment_.reset();
  if (!provide_segment(batch_.size())) return stored;
  stored = segment_->append(batch_);
  if (stored) return stored;
  segment_->abandon(realtime_ns());
  segment_.reset();
  refuse_until_ = now() + kRefusalTime;
  refusal_ = stored;
  return stored;
}

void GroupCommit::answer(Waiters& waiters, const SpoolResult<void>& answer) {
  for (Waiter* waiter : waiters) {
    waiter->answer = answer;
    waiter->is_answered = true;
    waiter->answered.notify_one();
  }
  waiters.clear();
}

bool GroupCommit::is_stalled() {
  const bool own = busy_since_ && now() - *busy_since_ > limits_.stalled_after;
  if (limits_.notice == nullptr) return own;
  if (own) limits_.notice->write();
  return own || limits_.notice->is_fresh();
}

SpoolError GroupCommit::overloaded() const {
  const std::size_t waiting = queue_.size() + in_flight_.size();
  return SpoolError{
      {"the disk of '" + spool_directory_ + "' does not answer" +
       (waiting == 0 ? "" : ", and " + std::to_string(waiting) + " events wait for it") +
       "; look at the disk's load and health"},
      SpoolFailure::kOverloaded};
}

SpoolError GroupCommit::timed_out() const {
  return SpoolError{{"the disk of '" + spool_directory_ +
                     "' did not store the event in time; look at the disk's load and health, or "
                     "raise syncTimeout= on PlivoSpool"},
                    SpoolFailure::kTimedOut};
}

}  // namespace plivo_dial
