// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/dispatcher.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <set>
#include <utility>

#include "lib/base/system_file.h"
#include "lib/base/wall_clock.h"
#include "lib/spool/refused_requests.h"
#include "lib/spool/spool_layout.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr milliseconds kPollTime{1000};
constexpr milliseconds kImportPause{10};  // at least, from one import to the next
constexpr seconds kMarksTime{60};
constexpr seconds kForgettingTime{10};
constexpr std::chrono::minutes kLongestMending{5};  // all of the store's file is read
constexpr milliseconds kMendingPatience{3000};
constexpr milliseconds kMendingPause{1000};
constexpr milliseconds kLastChores{200};  // what is left undone is found again

// What fails here fails elsewhere too, where it is told.
bool goes_on(const Result<bool>& more) {
  return more && *more;
}

}  // namespace

Dispatcher::Dispatcher(const DispatcherConfig& config, SpoolPlace place, Log& log,
                       SinkFactory make_sink)
    : spool_(config.spool),
      place_(std::move(place)),
      log_(log),
      make_sink_(std::move(make_sink)),
      config_(config),
      gone_sinks_(config.spool, log,
                  [this](const std::string& sink) { return deliveries_.is_ending(sink); }),
      clock_watch_(log) {}

Result<std::unique_ptr<Dispatcher>> Dispatcher::start(const DispatcherConfig& config, Log& log,
                                                      SinkFactory make_sink) {
  Result<void> made = make_directory(path_in_spool(config.spool, kSegmentDirectory));
  if (!made) return made.error();
  Result<SpoolPlace> place = SpoolPlace::open(config.spool);
  if (!place) return place.error();
  std::unique_ptr<Dispatcher> dispatcher(
      new Dispatcher(config, std::move(*place), log, std::move(make_sink)));
  if (Result<void> opened = dispatcher->open_store(); !opened) return opened.error();
  if (Result<void> watched = dispatcher->watch_.open(config.spool); !watched) {
    return watched.error();
  }
  dispatcher->note_work(kLongestWork);
  dispatcher->import_thread_ = std::thread([raw = dispatcher.get()] { raw->run(); });
  return dispatcher;
}

Dispatcher::~Dispatcher() {
  stop(milliseconds{0});
}

// --- Of any thread.

void Dispatcher::apply(const DispatcherConfig& config) {
  {
    const MutexLock guard(next_config_mutex_);
    next_config_ = config;
  }
  watch_.ring();
}

bool Dispatcher::works() const {
  return steady_clock::now() < work_due_.load() || lock_patience_->is_in_use();
}

void Dispatcher::stop(milliseconds patience) {
  if (stopped_.exchange(true)) return;
  patience_ = patience.count();
  lock_patience_->end();
  if (import_thread_.joinable()) {
    watch_.ring();
    import_thread_.join();
  }
  end_deliveries(patience);
  const steady_clock::time_point end_of_chores = steady_clock::now() + kLastChores;
  if (!has_sound_store() || !has_spool()) return;
  while (importer_->remove_some_finished(keep_time()) && steady_clock::now() < end_of_chores) {
  }
  save_marks();
}

// --- The import thread.

void Dispatcher::note_work(seconds next) {
  work_due_ = steady_clock::now() + next;
}

bool Dispatcher::has_sound_store() const {
  return store_ && store_->connection().harm() == StoreHarm::kNone;
}

void Dispatcher::run() {
  last_marks_ = steady_clock::now();
  while (!stopped_) {
    note_work(kLongestWork);
    take_new_config();
    if (deliveries_.collect_ended() && sinks_told_) start_deliveries();
    look_after_spool();
    wait_for_changes();
  }
  const steady_clock::time_point deadline = steady_clock::now() + milliseconds(patience_);
  if (!has_sound_store() || !has_spool()) return;
  watch_.note_any_may_have_changed();
  import(deadline);
  if (has_more_ && steady_clock::now() < deadline) import(deadline);
  release_held(true);
}

void Dispatcher::look_after_spool() {
  is_lost_ = !has_spool();
  if (is_lost_) return watch_.read();
  if (!has_sound_store()) mend_store();
  if (!store_) return watch_.read();  // or there would be no waiting for others
  const steady_clock::time_point now = steady_clock::now();
  if (!sinks_told_ && now >= last_look_ + kPollTime) {
    tell_store_the_sinks();
    if (sinks_told_) start_deliveries();
  }
  // The death of a writer may come without a change, and a change may get lost.
  if (now >= last_look_ + kPollTime) watch_.note_any_may_have_changed();
  import(steady_clock::time_point::max());
  release_held(false);
  if (now >= last_look_ + kPollTime) tick(now);
  do_chores();
}

// A lone event is taken in at once, many together: a transaction for each would take the processors
// from those who deliver.
void Dispatcher::wait_for_changes() {
  watch_.wait(time_to_wait(), next_import_);
}

milliseconds Dispatcher::time_to_wait() const {
  if (stopped_) return milliseconds{0};
  const milliseconds longest = deliveries_.any_is_ending() ? kStopCheck : kPollTime;
  if (!store_ || is_lost_) return longest;
  if (has_more_ || has_chores()) return milliseconds{0};
  const auto release = store_->intake().next_release();
  if (!release) return longest;
  const auto left = std::chrono::ceil<milliseconds>(*release - steady_clock::now());
  return std::clamp(left, milliseconds{0}, longest);
}

void Dispatcher::import(steady_clock::time_point deadline) {
  // What was accepted before this moment is in the queue, or was there before. Not earlier: held
  // events are released by the clock, and the store may just have been waited for.
  const Importer::Moment until = Importer::now();
  watch_.read();
  has_more_ = false;
  if (!sinks_told_ || !store_->connection().has_space()) return;
  const auto go_on = [this, deadline] {
    note_work(kLongestWork);
    // While it catches up, events may come in under numbers that they had before.
    deliveries_.wake(store_->intake().is_catching_up());
    return stopped_ ? steady_clock::now() < deadline && deadline != steady_clock::time_point::max()
                    : store_->connection().harm() == StoreHarm::kNone;
  };
  const std::set<std::string> changed = watch_.take_changed();
  const bool all = watch_.take_any_may_have_changed();
  Importer::Round round =
      all ? importer_->import_all(go_on) : importer_->import(changed, until, go_on);
  next_import_ = steady_clock::now() + kImportPause;
  has_more_ = !round.more.empty();
  watch_.put_back(std::move(round.more));
  if (all && round.complete && store_->intake().is_catching_up()) end_catching_up();
}

void Dispatcher::end_catching_up() {
  const Result<void> ended = store_->intake().end_catching_up();
  if (ended) {
    save_marks();
  } else {
    log_.write(LogLevel::kError, log_id::kNotRecorded, ended.error().message);
  }
  deliveries_.wake(true);
}

// Not before the sinks are known: what is released goes to those, and to no other later.
void Dispatcher::release_held(bool all) {
  if (!sinks_told_) return;
  const Result<std::uint64_t> released = store_->intake().release_held(steady_clock::now(), all);
  if (released && *released > 0) deliveries_.wake(false);
}

// What is to be done once a second.
void Dispatcher::tick(steady_clock::time_point now) {
  last_look_ = now;
  clock_watch_.look();
  if (store_->connection().changed_by_others()) {
    gone_sinks_.look_again();
    deliveries_.wake(true);
  }
  buries_ = gone_sinks_.may_be_some() && sinks_told_;
  removes_ = !store_->intake().is_catching_up();
  if (now >= last_forgetting_ + kForgettingTime) {
    last_forgetting_ = now;
    forget_refused_requests(spool_, wall_clock_us());
    // As fast as events come in, or the store would grow for ever.
    forgets_events_ = forgets_keys_ = forgets_records_ = true;
    store_->connection().shorten_log();
  }
  if (now >= last_marks_ + kMarksTime) {
    last_marks_ = now;
    save_marks();
  }
}

// One piece at least, or a steady stream of events would leave them undone.
void Dispatcher::do_chores() {
  do {
    if (!has_sound_store()) return;
    if (buries_) buries_ = gone_sinks_.bury_some(*store_);
    if (removes_) removes_ = importer_->remove_some_finished(keep_time());
    if (forgets_events_) forgets_events_ = goes_on(store_->upkeep().forget_loose_events());
    if (forgets_keys_) forgets_keys_ = goes_on(store_->upkeep().forget_old_keys());
    if (forgets_records_) {
      forgets_records_ = goes_on(store_->upkeep().forget_old_records(config_.record_keep));
    }
  } while (has_chores() && !has_news());
}

bool Dispatcher::has_chores() const {
  return buries_ || removes_ || forgets_events_ || forgets_keys_ || forgets_records_;
}

// Whether something else is to be done first.
bool Dispatcher::has_news() const {
  if (stopped_ || has_more_ || steady_clock::now() >= last_look_ + kPollTime) return true;
  const auto release = store_->intake().next_release();
  if (release && *release <= steady_clock::now()) return true;
  return watch_.has_news();
}

// How long finished segments are kept at this moment. At `minFree` httpd would refuse events for
// want of the space that delivered ones take.
seconds Dispatcher::keep_time() const {
  struct statvfs disk {};
  if (statvfs(spool_.c_str(), &disk) != 0) return config_.keep;
  const std::uint64_t free_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  return free_bytes / 2 < config_.min_free ? seconds{0} : config_.keep;
}

// --- The store, and who is served.

void Dispatcher::complain(const Error& error) {
  if (std::exchange(complained_, true)) return;
  log_.write(LogLevel::kError, log_id::kNotRecorded, error.message);
}

Result<void> Dispatcher::open_store() {
  Result<std::unique_ptr<EventStore>> store = EventStore::open(spool_, log_, lock_patience_);
  if (!store) return store.error();
  auto importer = std::make_unique<Importer>(spool_, **store, log_);
  if (Result<void> loaded = importer->load(); !loaded) return loaded;
  store_ = std::move(*store);
  clock_ = std::make_unique<StoreDeliveryClock>(store_->clock());
  importer_ = std::move(importer);
  sinks_told_ = false;
  return {};
}

// Opens the store anew that was harmed or could not be opened.
void Dispatcher::mend_store() {
  if (steady_clock::now() < next_mending_) return;
  next_mending_ = steady_clock::now() + kMendingPause;
  note_work(kLongestMending);
  if (store_) {
    const StoreHarm harm = store_->connection().harm();
    deliveries_.end(kMendingPatience, [] {});
    importer_.reset();
    store_.reset();
    if (Result<void> mended = mend_store_file(spool_, harm, log_); !mended) {
      log_.write(LogLevel::kError, log_id::kStoreHarmed, mended.error().message);
    }
  }
  const Result<void> opened = open_store();
  note_work(kLongestWork);
  if (!opened) return complain(opened.error());
  // Even an older copy that somebody put in its place and that was left in order.
  store_->intake().presume_attempts();
  complained_ = false;
  last_look_ = {};
}

// Until it knows them nothing is taken in, since that would go to the wrong sinks.
void Dispatcher::tell_store_the_sinks() {
  const Result<void> told =
      store_->intake().set_sinks(config_.sinks, {wall_clock_us(), store_->clock().even_us()});
  sinks_told_ = told.ok();
  gone_sinks_.look_again();
  if (!told) return complain(told.error());
  complained_ = false;
  save_marks();  // a store lost from now on must not take a new sink for unknown
}

void Dispatcher::save_marks() {
  if (!sinks_told_ || !has_spool()) return;
  const Result<void> saved = store_->upkeep().save_marks();
  if (!saved) log_.write(LogLevel::kError, log_id::kNotRecorded, saved.error().message);
}

void Dispatcher::take_new_config() {
  std::optional<DispatcherConfig> next;
  {
    const MutexLock guard(next_config_mutex_);
    next = std::exchange(next_config_, std::nullopt);
  }
  if (!next) return;
  const bool is_different = *next != config_;
  config_ = std::move(*next);
  sinks_told_ = false;
  // First, so that a new sink gets what is accepted from this moment on.
  if (store_) tell_store_the_sinks();
  deliveries_.let_go_others(config_.sinks);
  if (sinks_told_) start_deliveries();
  if (is_different) log_.write(LogLevel::kInfo, log_id::kConfigured, "new configuration taken");
}

void Dispatcher::start_deliveries() {
  deliveries_.start(config_.sinks, {spool_, *store_, log_, *clock_, make_sink_});
}

// The store is in order before the last programs end: a service manager need not wait for them.
void Dispatcher::end_deliveries(milliseconds patience) {
  deliveries_.end(patience, [this] {
    if (!has_sound_store()) return;
    const Result<void> ended = store_->upkeep().end_in_order();
    if (!ended) log_.write(LogLevel::kError, log_id::kNotRecorded, ended.error().message);
  });
}

}  // namespace plivo_dial
