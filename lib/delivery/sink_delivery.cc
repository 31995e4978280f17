// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/sink_delivery.h"

#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kIdleWait{1000};
constexpr milliseconds kRecordAfter{50};  // the most that a crash makes a fast sink repeat
constexpr std::size_t kRecordAtOnce = 1000;
constexpr std::size_t kJobsAtOnce = 64;

}  // namespace

SinkDelivery::SinkDelivery(SinkConfig config, const DeliveryTools& tools)
    : config_(std::move(config)),
      tools_(tools),
      schedule_(config_, tools.store.intake().id_of(config_.name), tools.spool, tools.store,
                tools.log, tools.clock),
      working_(config_.concurrency) {
  const auto run = [this] {
    work();
    --working_;
  };
  try {
    while (std::ssize(workers_) < config_.concurrency) workers_.emplace_back(run);
  } catch (const std::system_error&) {
    // There are no more threads: fewer do as well, but for none.
    if (workers_.empty()) throw;
    working_ -= config_.concurrency - static_cast<int>(workers_.size());
  }
}

SinkDelivery::~SinkDelivery() {
  join();
}

void SinkDelivery::join() {
  for (std::thread& worker : workers_) {
    if (worker.joinable()) worker.join();
  }
}

void SinkDelivery::request_stop(Stop::Clock::time_point deadline) {
  stop_.request(deadline);
  schedule_.interrupt();
}

void SinkDelivery::work() {
  const std::unique_ptr<Sink> sink = tools_.make_sink(config_, tools_.log);
  Jobs handed_over;
  Stop::Clock::time_point oldest{};  // when the first of them was
  while (!stop_.due()) {
    // Asked before the question: what comes before the end is asked for is delivered.
    const bool stopping = stop_.requested();
    const bool idle = handed_over.empty() && !stopping;
    Jobs jobs = take_jobs(idle ? kIdleWait : milliseconds{0}, sink->records_each());
    const bool any = !jobs.empty();
    if (any) {
      if (handed_over.empty()) oldest = Stop::Clock::now();
      if (sink->records_each()) {
        try_job(std::move(jobs.front()), *sink);
      } else {
        try_jobs(std::move(jobs), *sink, &handed_over);
      }
    } else if (stopping && handed_over.empty()) {
      break;
    } else {
      sink->look_after(stop_);
    }
    const bool enough =
        handed_over.size() >= kRecordAtOnce || Stop::Clock::now() >= oldest + kRecordAfter;
    if (!any || enough) settle(*sink, &handed_over);
  }
  settle(*sink, &handed_over);
}

// The next one, and what else is there when it need not be recorded by itself.
SinkDelivery::Jobs SinkDelivery::take_jobs(milliseconds patience, bool alone) {
  Jobs jobs;
  std::optional<DeliverySchedule::Job> job = schedule_.next(patience);
  for (; job; job = schedule_.next(milliseconds{0})) {
    jobs.push_back(std::move(*job));
    if (alone) break;
    schedule_.take_along(jobs.back());
    if (jobs.size() == kJobsAtOnce) break;
  }
  return jobs;
}

void SinkDelivery::try_job(DeliverySchedule::Job job, Sink& sink) {
  if (!schedule_.begin(&job) && stop_.requested()) {
    // Nothing begins without a record behind the word that the store is in order.
    Attempt later;
    later.outcome = Attempt::Outcome::kWait;
    later.delay = kIdleWait;
    return schedule_.not_taken(job, later);
  }
  const Attempt attempt = sink.attempt(job.event, stop_);
  if (attempt.outcome == Attempt::Outcome::kDone) {
    schedule_.delivered(job);
  } else {
    schedule_.not_taken(job, attempt);
  }
}

void SinkDelivery::try_jobs(Jobs jobs, Sink& sink, Jobs* handed_over) {
  const auto events = std::make_shared<std::vector<SinkEvent>>();
  events->reserve(jobs.size());
  for (const DeliverySchedule::Job& job : jobs) events->push_back(job.event);
  const Sink::Row row = sink.attempt_all(events, stop_);
  const auto behind = jobs.begin() + static_cast<std::ptrdiff_t>(row.done);
  if (row.done > 0) schedule_.were_taken();
  for (auto job = jobs.begin(); job != behind; ++job) job->event.keep_id_only();
  handed_over->insert(handed_over->end(), std::make_move_iterator(jobs.begin()),
                      std::make_move_iterator(behind));
  jobs.erase(jobs.begin(), behind);
  if (jobs.empty()) return;
  const bool was_tried = row.last.outcome != Attempt::Outcome::kDone;
  if (was_tried) settle(sink, handed_over);
  schedule_.give_back(jobs, was_tried);
  if (was_tried) schedule_.not_taken(jobs.front(), row.last);
}

void SinkDelivery::settle(Sink& sink, Jobs* handed_over) {
  if (handed_over->empty()) return;
  if (const Result<void> settled = sink.settle(stop_); settled) {
    schedule_.record(*handed_over);
  } else {
    tools_.log.write(
        LogLevel::kError, log_id::kLinesComeAgain,
        "sink " + config_.name + ": " + settled.error().message + "; its last events come again");
    schedule_.take_back(*handed_over);
  }
  handed_over->clear();
}

}  // namespace plivo_dial
