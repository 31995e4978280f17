// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/dispatcher.h"

#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "lib/base/wall_clock.h"
#include "lib/spool/spool_layout.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kReplacedSinkPatience{3000};
constexpr milliseconds kLastChores{200};  // what is left undone is found again

}  // namespace

Dispatcher::Dispatcher(const DispatcherConfig& config, SpoolPlace place, Log& log,
                       SinkFactory make_sink)
    : spool_(config.spool),
      place_(std::move(place)),
      log_(log),
      make_sink_(std::move(make_sink)),
      config_(config) {}

Result<std::unique_ptr<Dispatcher>> Dispatcher::start(const DispatcherConfig& config, Log& log,
                                                      SinkFactory make_sink) {
  if (Result<void> made = make_directory(path_in_spool(config.spool, kSegmentDirectory)); !made)
    return made.error();
  Result<SpoolPlace> place = SpoolPlace::open(config.spool);
  if (!place) return place.error();
  std::unique_ptr<Dispatcher> dispatcher(
      new Dispatcher(config, std::move(*place), log, std::move(make_sink)));
  if (Result<void> opened = dispatcher->open_store(); !opened) return opened.error();
  if (Result<void> watched = dispatcher->watch(); !watched) return watched.error();
  dispatcher->note_work(kLongestWork);
  dispatcher->import_thread_ = std::thread([raw = dispatcher.get()] { raw->run(); });
  return dispatcher;
}

Dispatcher::~Dispatcher() {
  stop(milliseconds{0});
}

Result<void> Dispatcher::watch() {
  wake_.reset(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  changes_.reset(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  const std::string path = path_in_spool(spool_, kSegmentDirectory);
  const std::uint32_t mask = IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO;
  if (!wake_.valid() || !changes_.valid() ||
      inotify_add_watch(changes_.get(), path.c_str(), mask) < 0) {
    return system_error("cannot watch", path);
  }
  return {};
}

// --- Of any thread.

void Dispatcher::apply(const DispatcherConfig& config) {
  {
    const std::lock_guard<std::mutex> guard(next_config_mutex_);
    next_config_ = config;
  }
  wake_import_thread();
}

bool Dispatcher::works() const {
  return std::chrono::steady_clock::now() < work_due_.load() || lock_patience_->is_in_use();
}

void Dispatcher::wake_import_thread() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof(one));
}

void Dispatcher::stop(milliseconds patience) {
  if (stopped_.exchange(true)) return;
  patience_ = patience.count();
  lock_patience_->end();
  if (import_thread_.joinable()) {
    wake_import_thread();
    import_thread_.join();
  }
  end_deliveries(patience);
  const Stop::Clock::time_point end_of_chores = Stop::Clock::now() + kLastChores;
  if (!store_ || !has_spool() || store_->harm() != EventStore::Harm::kNone) return;
  while (importer_->remove_some_finished(keep_time()) && Stop::Clock::now() < end_of_chores) {
  }
  save_marks();
}

// --- The store, and who is served.

void Dispatcher::note_work(std::chrono::seconds next) {
  work_due_ = std::chrono::steady_clock::now() + next;
}

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

// Until it knows them nothing is taken in, since that would go to the wrong sinks.
void Dispatcher::tell_store_the_sinks() {
  const Result<void> told =
      store_->set_sinks(config_.sinks, {wall_clock_us(), store_->clock().even_us()});
  sinks_told_ = told.ok();
  look_for_gone_sinks_ = true;
  if (!told) return complain(told.error());
  complained_ = false;
  save_marks();  // a store lost from now on must not take a new sink for unknown
}

void Dispatcher::save_marks() {
  if (!sinks_told_ || !has_spool()) return;
  const Result<void> saved = store_->save_marks();
  if (!saved) log_.write(LogLevel::kError, log_id::kNotRecorded, saved.error().message);
}

void Dispatcher::take_new_config() {
  std::optional<DispatcherConfig> next;
  {
    const std::lock_guard<std::mutex> guard(next_config_mutex_);
    next = std::exchange(next_config_, std::nullopt);
  }
  if (!next) return;
  const bool is_different = *next != config_;
  config_ = std::move(*next);
  sinks_told_ = false;
  // First, so that a new sink gets what is accepted from this moment on.
  if (store_) tell_store_the_sinks();
  let_go(take_deliveries(false));
  if (sinks_told_) start_deliveries();
  if (is_different) log_.write(LogLevel::kInfo, log_id::kConfigured, "new configuration taken");
}

void Dispatcher::start_deliveries() {
  const DeliveryTools tools{spool_, *store_, log_, *clock_, make_sink_};
  for (const SinkConfig& sink : config_.sinks) {
    if (is_ending(sink.name)) continue;
    std::unique_ptr<SinkDelivery>& delivery = deliveries_[sink.name];
    if (!delivery) delivery = std::make_unique<SinkDelivery>(sink, tools);
  }
}

// All of them, or those that are not configured as they are.
Dispatcher::Deliveries Dispatcher::take_deliveries(bool all) {
  Deliveries taken;
  const std::vector<SinkConfig>& sinks = config_.sinks;
  for (auto entry = deliveries_.begin(); entry != deliveries_.end();) {
    const auto current = entry++;
    const bool stays =
        !all && std::find(sinks.begin(), sinks.end(), current->second->config()) != sinks.end();
    if (!stays) taken.insert(deliveries_.extract(current));
  }
  return taken;
}

// Nobody waits for them: they may take their time, or hang.
void Dispatcher::let_go(Deliveries deliveries) {
  const Stop::Clock::time_point deadline = Stop::Clock::now() + kReplacedSinkPatience;
  for (auto& [name, delivery] : deliveries) {
    delivery->request_stop(deadline);
    ending_.push_back(std::move(delivery));
  }
}

bool Dispatcher::is_ending(const std::string& sink) const {
  return std::ranges::any_of(ending_, [&](const auto& one) { return one->config().name == sink; });
}

// Two with one name would deliver the same events.
void Dispatcher::collect_ended() {
  if (std::erase_if(ending_, [](const auto& one) { return one->has_ended(); }) == 0) return;
  if (sinks_told_) start_deliveries();
}

void Dispatcher::end_all_deliveries(milliseconds patience) {
  const Deliveries ending = take_deliveries(true);
  const Stop::Clock::time_point deadline = Stop::Clock::now() + patience;
  for (const auto& [name, delivery] : ending) delivery->request_stop(deadline);
  for (const auto& [name, delivery] : ending) delivery->join();
  ending_.clear();
}

// A program that is run for each event may take its time over the last one, and a service manager
// need not wait for it. The store is in order before: such runs are recorded when they begin.
void Dispatcher::end_deliveries(milliseconds patience) {
  const Deliveries ending = take_deliveries(true);
  const Stop::Clock::time_point deadline = Stop::Clock::now() + patience;
  for (const auto& [name, delivery] : ending) delivery->request_stop(deadline);
  const auto join_unless_exec = [](SinkDelivery& delivery) {
    if (delivery.config().kind != SinkKind::kExec) delivery.join();
  };
  for (const auto& delivery : ending_) join_unless_exec(*delivery);
  for (const auto& [name, delivery] : ending) join_unless_exec(*delivery);
  if (store_ && store_->harm() == EventStore::Harm::kNone) {
    const Result<void> ended = store_->end_in_order();
    if (!ended) log_.write(LogLevel::kError, log_id::kNotRecorded, ended.error().message);
  }
  for (const auto& [name, delivery] : ending) delivery->join();
  ending_.clear();
}

void Dispatcher::wake_deliveries(bool rescan) {
  for (const auto& [name, delivery] : deliveries_) {
    if (rescan) {
      delivery->rescan();
    } else {
      delivery->wake();
    }
  }
}

}  // namespace plivo_dial
