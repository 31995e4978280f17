// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/sink_runner.h"

#include <optional>
#include <utility>

#include "lib/event/json.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kIdleWait{1000};
constexpr int kReadTries = 3;
constexpr milliseconds kRecordAfter{50};  // the most that a crash makes a fast sink repeat

std::unique_ptr<Sink> make_sink(const SinkConfig& config, Log& log) {
  switch (config.kind) {
    case SinkKind::kExec:
      return make_exec_sink(config, log);
    case SinkKind::kFile:
      return make_file_sink(config, log);
    case SinkKind::kSyslog:
      break;
  }
  return make_syslog_sink(config, log);
}

}  // namespace

SinkRunner::SinkRunner(SinkConfig config, std::string spool, DeliveryStore& store,
                       EventQueue& queue, Log& log)
    : config_(std::move(config)),
      spool_(std::move(spool)),
      store_(store),
      queue_(queue),
      log_(log),
      sink_(make_sink(config_, log)),
      handed_over_(store.delivered(config_.name)),
      settled_(handed_over_),
      thread_([this] { run(); }) {}

SinkRunner::~SinkRunner() {
  join();
}

void SinkRunner::join() {
  if (thread_.joinable()) thread_.join();
}

void SinkRunner::request_stop(Stop::Clock::time_point deadline) {
  stop_.request(deadline);
  queue_.wake();
}

void SinkRunner::run() {
  for (;;) {
    const std::uint64_t wakes = queue_.wakes();  // before the question: no wake gets lost
    const bool stopping = stop_.requested();
    const bool open = handed_over_ > settled_;
    const milliseconds time = stopping || open ? milliseconds{0} : kIdleWait;
    const std::optional<QueuedEvent> queued = queue_.next(handed_over_, time, wakes);
    if (!queued) {
      settle(true);
      if (stopping) return;
      if (record_failed_) stop_.sleep_for(kIdleWait);
      continue;
    }
    if (stop_.due() || !deliver(*queued)) break;
  }
  settle(true);
}

// False when the end came first.
bool SinkRunner::deliver(const QueuedEvent& queued) {
  Result<Event> event = read_event(queued);
  for (int tries = 1; !event && tries < kReadTries; ++tries) {
    if (!stop_.sleep_for(kIdleWait)) return false;
    event = read_event(queued);
  }
  bool wanted = false;
  if (event) {
    event->seq = queued.seq;
    wanted = wants_event(config_, event->event);
    if (wanted && !attempt_until_through(*event)) return false;
  } else {
    log_.write(LogLevel::kError, log_id::kUnreadableSpool,
               "sink " + config_.name + ": event " + std::to_string(queued.seq) +
                   " was taken in and can no longer be read, it does not get there: " +
                   event.error().message);
  }
  if (handed_over_ == settled_) oldest_open_ = Stop::Clock::now();
  handed_over_ = queued.seq;
  settle(wanted && sink_->records_each());
  return true;
}

bool SinkRunner::attempt_until_through(const Event& event) {
  for (unsigned number = 1;; ++number) {
    const Attempt attempt = sink_->attempt(event, number, stop_);
    switch (attempt.outcome) {
      case Attempt::Outcome::kDone:
      case Attempt::Outcome::kRefused:
        return true;
      case Attempt::Outcome::kInterrupted:
        return false;
      case Attempt::Outcome::kRetry:
        break;
    }
    settle(true);
    if (!stop_.sleep_for(attempt.delay)) return false;
  }
}

Result<Event> SinkRunner::read_event(const QueuedEvent& queued) {
  if (!reader_ || open_segment_ != queued.segment) {
    reader_.reset();
    Result<std::unique_ptr<SegmentReader>> opened =
        SegmentReader::open(spool_ + "/in/" + *queued.segment);
    if (!opened) return opened.error();
    reader_ = std::move(*opened);
    open_segment_ = queued.segment;
  }
  Result<SegmentFrame> frame = reader_->read_frame(queued.offset);
  if (!frame) return frame.error();
  return event_from_json(frame->payload);
}

// Records how far the sink is; a fast sink's events together, but soon.
void SinkRunner::settle(bool everything_done) {
  if (handed_over_ == settled_) return;
  if (!everything_done && Stop::Clock::now() < oldest_open_ + kRecordAfter) return;
  Result<void> recorded = sink_->settle();
  if (recorded) recorded = store_.record_delivered(config_.name, handed_over_);
  if (!recorded && !record_failed_) {
    log_.write(LogLevel::kError, log_id::kNotRecorded,
               "sink " + config_.name + ": " + recorded.error().message +
                   "; a restart before that is mended repeats events");
  }
  record_failed_ = !recorded;
  if (recorded) settled_ = handed_over_;
}

}  // namespace plivo_dial
