// File: lib/delivery/sink_delivery.h
//
// One sink at work: its schedule, and as many workers as `concurrency=` says, so that a sink that
// hangs holds up no other.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "lib/books/event_store.h"
#include "lib/delivery/delivery_clock.h"
#include "lib/delivery/delivery_schedule.h"
#include "lib/log/log.h"
#include "lib/settings/sink_config.h"
#include "lib/sink/sink.h"
#include "lib/sink/stop.h"

namespace plivo_dial {

using SinkFactory = std::function<std::unique_ptr<Sink>(const SinkConfig&, Log&)>;

// What the sinks of a dispatcher share. All of it must outlive them.
struct DeliveryTools {
  std::string spool;
  EventStore& store;
  Log& log;
  const DeliveryClock& clock;
  const SinkFactory& make_sink;
};

class SinkDelivery {
 public:
  // Starts the workers. `tools.store` knows the sink by set_sinks().
  SinkDelivery(SinkConfig config, const DeliveryTools& tools);

  // Joins; ask for the end before.
  ~SinkDelivery();
  SinkDelivery(const SinkDelivery&) = delete;
  SinkDelivery& operator=(const SinkDelivery&) = delete;

  const SinkConfig& config() const { return config_; }

  // New events may be in the store behind all others; anything may have changed there. Thread-safe.
  void wake() { schedule_.wake(); }
  void rescan() { schedule_.rescan(); }

  // Asks for the end: what is in the store is delivered as far as it goes without waiting, what is
  // in flight has until `deadline`. Thread-safe.
  void request_stop(Stop::Clock::time_point deadline);

  // Waits for the workers' end, which comes at most kGiveUp (detached_sink.h) behind the deadline
  // for each call to the sink that is left: one as a rule.
  void join();

  // Whether join() has nothing to wait for. Thread-safe.
  bool has_ended() const { return working_ == 0; }

 private:
  using Jobs = std::vector<DeliverySchedule::Job>;

  void work();
  Jobs take_jobs(std::chrono::milliseconds patience, bool alone);
  void try_job(DeliverySchedule::Job job, Sink& sink);
  void try_jobs(Jobs jobs, Sink& sink, Jobs* handed_over);
  void settle(Sink& sink, Jobs* handed_over);

  const SinkConfig config_;
  const DeliveryTools tools_;
  DeliverySchedule schedule_;
  Stop stop_;
  std::atomic<int> working_;
  std::vector<std::thread> workers_;  // last: they use all of the above
};

}  // namespace plivo_dial
