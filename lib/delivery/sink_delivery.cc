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
    std::optional<DeliverySchedule::Job> job = schedule_.next(idle ? kIdleWait : milliseconds{0});
    if (job) {
      if (handed_over.empty()) oldest = Stop::Clock::now();
      try_job(std::move(*job), *sink, &handed_over);
    } else if (stopping && handed_over.empty()) {
      break;
    } else {
      sink->look_after(stop_);
    }
    const bool enough =
        handed_over.size() >= kRecordAtOnce || Stop::Clock::now() >= oldest + kRecordAfter;
    if (!job || enough) settle(*sink, &handed_over);
  }
  settle(*sink, &handed_over);
}

void SinkDelivery::try_job(DeliverySchedule::Job job, Sink& sink, Jobs* handed_over) {
  const bool records_each = sink.records_each();
  if (records_each && !schedule_.begin(&job) && stop_.requested()) {
    // Nothing begins without a record behind the word that the store is in order.
    Attempt later;
    later.outcome = Attempt::Outcome::kWait;
    later.delay = kIdleWait;
    return schedule_.not_taken(job, later);
  }
  const Attempt attempt = sink.attempt(job.event, stop_);
  if (attempt.outcome != Attempt::Outcome::kDone) {
    settle(sink, handed_over);
    schedule_.not_taken(job, attempt);
  } else if (records_each) {
    schedule_.delivered(job);
  } else {
    schedule_.handed_over(job);
    // Only its number and its id are needed from here on.
    Event bare;
    bare.id = std::move(job.event.id);
    job.event = std::move(bare);
    handed_over->push_back(std::move(job));
  }
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
