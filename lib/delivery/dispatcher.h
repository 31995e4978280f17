// File: lib/delivery/dispatcher.h
//
// The dispatcher's engine: watches the spool, takes events in, and has one runner for each sink.
// One for each spool; the caller holds the SpoolLock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "lib/base/result.h"
#include "lib/delivery/delivery_store.h"
#include "lib/delivery/dispatcher_config.h"
#include "lib/delivery/event_queue.h"
#include "lib/delivery/importer.h"
#include "lib/delivery/log.h"
#include "lib/delivery/sink_runner.h"
#include "lib/delivery/system_file.h"

namespace plivo_dial {

class Dispatcher {
 public:
  // Reads what is in the spool and starts delivery. Makes the directories below the spool that are
  // missing. Takes neither the lock nor config.identity. `log` must outlive the dispatcher.
  static Result<std::unique_ptr<Dispatcher>> start(const DispatcherConfig& config, Log& log);

  // Stops with no patience, unless stop() was called.
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // For one thread at a time. Goes over to `sinks`. Those that are configured as before keep
  // running; one that changed under its name goes on where it was; a new one begins with what is
  // still in the spool. Blocks until those that are gone have finished what is in flight, at most
  // about 5 s.
  void apply(const std::vector<SinkConfig>& sinks);

  // Takes in what the spool has, delivers what goes without waiting, gives what is in flight
  // `patience` (and a hook that must be ended 2 s more), and ends. At once when there is nothing.
  void stop(std::chrono::milliseconds patience);

 private:
  using Runners = std::map<std::string, std::unique_ptr<SinkRunner>>;

  Dispatcher(std::string spool, std::unique_ptr<DeliveryStore> store, Log& log);

  Result<void> watch();
  void run_imports();
  std::set<std::string> wait_for_changes();
  void remove_delivered();

  const std::string spool_;
  const std::unique_ptr<DeliveryStore> store_;
  Log& log_;
  EventQueue queue_;
  Importer importer_;         // of the import thread, once that runs
  Descriptor changes_;        // inotify
  Descriptor end_;            // eventfd: readable when the import thread is to end
  std::mutex runners_mutex_;  // guards the two below
  Runners runners_;
  bool applying_ = false;
  std::atomic<bool> stopped_{false};
  std::thread import_thread_;
};

}  // namespace plivo_dial
