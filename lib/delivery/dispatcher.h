// File: lib/delivery/dispatcher.h
//
// The dispatcher's engine: watches the spool, takes events into the store, and has one SinkDelivery
// for each sink. One for each spool; the caller holds the SpoolLock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "lib/base/log.h"
#include "lib/base/result.h"
#include "lib/base/system_file.h"
#include "lib/delivery/delivery_clock.h"
#include "lib/delivery/importer.h"
#include "lib/delivery/sink_delivery.h"
#include "lib/settings/dispatcher_config.h"
#include "lib/sink/make_sink.h"
#include "lib/spool/spool_place.h"
#include "lib/store/event_store.h"
#include "lib/store/lock_patience.h"
#include "lib/store/store_clock.h"

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
  using Deliveries = std::map<std::string, std::unique_ptr<SinkDelivery>>;
  using SteadyTime = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::seconds kLongestWork{30};  // between two looks at the spool

  Dispatcher(const DispatcherConfig& config, SpoolPlace place, Log& log, SinkFactory make_sink);

  Result<void> watch();

  // Of the import thread, which all else belongs to while it runs.
  void run();
  void take_new_config();
  bool has_spool() const { return place_.look() == SpoolPlace::State::kSame; }
  void look_after_spool();
  void wait_for_changes();
  void read_changes();
  std::chrono::milliseconds time_to_wait() const;
  void import(SteadyTime deadline);
  void release_held(bool all);
  std::chrono::seconds keep_time() const;
  void tick(SteadyTime now);
  void look_at_clock();
  void do_chores();
  bool has_chores() const;
  bool has_news() const;
  void mend_store();
  bool bury_some_events();
  bool bury_some(const EventStore::GoneSink& sink);

  Result<void> open_store();
  void tell_store_the_sinks();
  void start_deliveries();
  void let_go(Deliveries deliveries);
  void collect_ended();
  bool is_ending(const std::string& sink) const;
  void end_all_deliveries(std::chrono::milliseconds patience);
  void end_deliveries(std::chrono::milliseconds patience);
  Deliveries take_deliveries(bool all);
  void save_marks();
  void wake_deliveries(bool rescan);
  void complain(const Error& error);

  void wake_import_thread();
  void note_work(std::chrono::seconds next);

  const std::string spool_;
  const SpoolPlace place_;
  Log& log_;
  const SinkFactory make_sink_;
  Descriptor changes_;  // inotify
  Descriptor wake_;     // eventfd: readable when the import thread is to look about
  std::atomic<bool> stopped_{false};
  std::atomic<SteadyTime> work_due_{};  // a sign of work; later it hangs
  std::atomic<std::chrono::milliseconds::rep> patience_{0};
  const std::shared_ptr<LockPatience> lock_patience_ = std::make_shared<LockPatience>();

  std::mutex next_config_mutex_;  // guards the one below
  std::optional<DispatcherConfig> next_config_;

  // Of the import thread while it runs.
  DispatcherConfig config_;
  std::unique_ptr<EventStore> store_;          // null while it can't be opened
  std::unique_ptr<StoreDeliveryClock> clock_;  // the store's
  std::unique_ptr<Importer> importer_;
  bool sinks_told_ = false;  // the store knows of those in config_
  bool look_for_gone_sinks_ = true;
  Deliveries deliveries_;
  std::vector<std::unique_ptr<SinkDelivery>> ending_;  // of a former configuration
  SteadyTime next_import_{};                           // not before
  SteadyTime last_look_{};
  SteadyTime last_marks_{};
  SteadyTime last_forgetting_{};
  // Chores that are not done, in short pieces between what is more urgent.
  bool buries_ = false;
  bool removes_ = false;
  bool forgets_events_ = false;
  bool forgets_keys_ = false;
  SteadyTime next_mending_{};
  std::int64_t clock_ahead_us_ = wall_clock_us() - boot_time_us();  // at the last look
  std::set<std::string> changed_;     // segments with something new, perhaps
  bool any_may_have_changed_ = true;  // also others than those
  bool has_more_ = false;             // some of `changed_` surely have
  bool is_lost_ = false;              // the spool was not at its path at the last look
  bool complained_ = false;           // about a store that can't be opened, or takes no change
  std::set<std::string> gone_sinks_;  // that the log told of
  std::thread import_thread_;
};

}  // namespace plivo_dial
