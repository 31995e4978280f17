// File: lib/delivery/dispatcher.h
//
// The dispatcher's engine: watches the spool, takes events into the store, and has one SinkDelivery
// for each sink. One for each spool; the caller holds the SpoolLock.
//
//   const Result<std::unique_ptr<Dispatcher>> dispatcher = Dispatcher::start(config, log);
//   if (!dispatcher) return dispatcher.error();
//   (*dispatcher)->apply(next_config);
//   (*dispatcher)->stop(std::chrono::seconds(3));
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "lib/base/mutex.h"
#include "lib/base/result.h"
#include "lib/books/event_store.h"
#include "lib/delivery/clock_watch.h"
#include "lib/delivery/deliveries.h"
#include "lib/delivery/delivery_clock.h"
#include "lib/delivery/gone_sinks.h"
#include "lib/delivery/importer.h"
#include "lib/delivery/sink_delivery.h"
#include "lib/delivery/spool_watch.h"
#include "lib/log/log.h"
#include "lib/settings/dispatcher_config.h"
#include "lib/sink/make_sink.h"
#include "lib/spool/spool_place.h"
#include "lib/store/lock_patience.h"

namespace plivo_dial {

class Dispatcher {
 public:
  // Takes in what is in the spool and starts delivery. Makes the directories below the spool that
  // are missing. Takes neither the lock nor config.identity. `log` must outlive the dispatcher.
  static Result<std::unique_ptr<Dispatcher>> start(const DispatcherConfig& config, Log& log,
                                                   SinkFactory make_sink = plivo_dial::make_sink);

  // Stops with no patience, unless stop() was called.
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // Soon goes over to the sinks of `config`, whose spool is the same; the log says when, if
  // anything is different (PD0605). Those that are configured as before keep running; one that
  // changed under its name goes on where it was; a new one gets what is accepted from now on; what
  // waits for one that is gone becomes dead letters. Those that are gone finish what is in flight,
  // for at most about 5 s (7 where one hangs), and then, where their names are still in use, their
  // successors begin: the others go on meanwhile. Thread-safe; does not block, whatever the store
  // waits for.
  void apply(const DispatcherConfig& config);

  // Whether the spool was looked after in the last half minute, or there is a good reason why not:
  // another program has locked the store, or it is opened anew, for at most five minutes. False
  // when the dispatcher hangs, so that a new process may do better. Thread-safe; does not block.
  bool works() const;

  // The directory that it serves. While the path leads elsewhere nothing is taken in, and nothing
  // written to where it leads: what was taken in before is delivered.
  const SpoolPlace& place() const { return place_; }

  // Takes in what the spool has, delivers what goes without waiting, gives what is in flight
  // `patience` (and a hook that must be ended 2 s more), and ends. At once when there is nothing.
  // For the thread that destroys it.
  void stop(std::chrono::milliseconds patience);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::seconds kLongestWork{30};  // between two looks at the spool

  Dispatcher(const DispatcherConfig& config, SpoolPlace place, Log& log, SinkFactory make_sink);

  // Of the import thread, which all else belongs to while it runs.
  void run();
  void take_new_config();
  bool has_spool() const { return place_.look() == SpoolPlace::State::kSame; }
  bool has_sound_store() const;
  void look_after_spool();
  void wait_for_changes();
  std::chrono::milliseconds time_to_wait() const;
  void import(SteadyTime deadline);
  void end_catching_up();
  void release_held(bool all);
  std::chrono::seconds keep_time() const;
  void tick(SteadyTime now);
  void do_chores();
  bool has_chores() const;
  bool has_news() const;
  void mend_store();

  Result<void> open_store();
  void tell_store_the_sinks();
  void start_deliveries();
  void end_deliveries(std::chrono::milliseconds patience);
  void save_marks();
  void complain(const Error& error);
  void note_work(std::chrono::seconds next);

  const std::string spool_;
  const SpoolPlace place_;
  Log& log_;
  const SinkFactory make_sink_;
  SpoolWatch watch_;
  std::atomic<bool> stopped_{false};
  std::atomic<SteadyTime> work_due_{};  // a sign of work; later it hangs
  std::atomic<std::chrono::milliseconds::rep> patience_{0};
  const std::shared_ptr<LockPatience> lock_patience_ = std::make_shared<LockPatience>();

  Mutex next_config_mutex_;
  std::optional<DispatcherConfig> next_config_ PLIVO_GUARDED_BY(next_config_mutex_);

  // Of the import thread while it runs.
  DispatcherConfig config_;
  std::unique_ptr<EventStore> store_;          // null while it can't be opened
  std::unique_ptr<StoreDeliveryClock> clock_;  // the store's
  std::unique_ptr<Importer> importer_;
  bool sinks_told_ = false;  // the store knows of those in config_
  Deliveries deliveries_;
  GoneSinks gone_sinks_;
  ClockWatch clock_watch_;
  SteadyTime next_import_{};  // not before
  SteadyTime last_look_{};
  SteadyTime last_marks_{};
  SteadyTime last_forgetting_{};
  // Chores that are not done, in short pieces between what is more urgent.
  bool buries_ = false;
  bool removes_ = false;
  bool forgets_events_ = false;
  bool forgets_keys_ = false;
  bool forgets_records_ = false;
  SteadyTime next_mending_{};
  bool has_more_ = false;    // some segments surely have something new
  bool is_lost_ = false;     // the spool was not at its path at the last look
  bool complained_ = false;  // about a store that can't be opened, or takes no change
  std::thread import_thread_;
};

}  // namespace plivo_dial
