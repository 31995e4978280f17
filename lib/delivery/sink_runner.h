// File: lib/delivery/sink_runner.h
//
// One sink's thread: walks over the queue at the sink's pace, so that a sink that hangs holds up no
// other, and records how far it got.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "lib/delivery/delivery_store.h"
#include "lib/delivery/event_queue.h"
#include "lib/delivery/log.h"
#include "lib/delivery/sink.h"
#include "lib/delivery/sink_config.h"
#include "lib/delivery/stop.h"
#include "lib/spool/segment_reader.h"

namespace plivo_dial {

class SinkRunner {
 public:
  // Starts the thread. All references must outlive the runner.
  SinkRunner(SinkConfig config, std::string spool, DeliveryStore& store, EventQueue& queue,
             Log& log);

  // Joins; ask for the end before.
  ~SinkRunner();
  SinkRunner(const SinkRunner&) = delete;
  SinkRunner& operator=(const SinkRunner&) = delete;

  const SinkConfig& config() const { return config_; }

  // The number up to which the sink is through. Thread-safe.
  std::uint64_t position() const { return settled_; }

  // Asks for the end: what is queued is delivered as far as it goes without waiting, what is in
  // flight has until `deadline`. Thread-safe.
  void request_stop(Stop::Clock::time_point deadline);

  // Waits for the thread's end.
  void join();

 private:
  void run();
  bool deliver(const QueuedEvent& queued);
  bool attempt_until_through(const Event& event);
  Result<Event> read_event(const QueuedEvent& queued);
  void settle(bool everything_done);

  const SinkConfig config_;
  const std::string spool_;
  DeliveryStore& store_;
  EventQueue& queue_;
  Log& log_;
  Stop stop_;
  std::unique_ptr<Sink> sink_;
  std::uint64_t handed_over_ = 0;          // up to this number; of the thread alone
  Stop::Clock::time_point oldest_open_{};  // when the first event not yet recorded was handed over
  bool record_failed_ = false;
  std::atomic<std::uint64_t> settled_{0};  // up to this number it is recorded
  std::shared_ptr<const std::string> open_segment_;
  std::unique_ptr<SegmentReader> reader_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace plivo_dial
