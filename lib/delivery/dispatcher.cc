// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/dispatcher.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

#include "lib/delivery/file_store.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPollTime{1000};
constexpr milliseconds kReplacedSinkPatience{3000};

}  // namespace

Dispatcher::Dispatcher(std::string spool, std::unique_ptr<DeliveryStore> store, Log& log)
    : spool_(std::move(spool)),
      store_(std::move(store)),
      log_(log),
      importer_(spool_, *store_, queue_, log) {}

Result<std::unique_ptr<Dispatcher>> Dispatcher::start(const DispatcherConfig& config, Log& log) {
  if (Result<void> made = make_directory(config.spool + "/in"); !made) return made.error();
  Result<std::unique_ptr<FileStore>> store = FileStore::open(config.spool, log);
  if (!store) return store.error();
  std::unique_ptr<Dispatcher> dispatcher(new Dispatcher(config.spool, std::move(*store), log));
  if (Result<void> watched = dispatcher->watch(); !watched) return watched.error();
  dispatcher->importer_.scan_all();
  dispatcher->apply(config.sinks);
  dispatcher->import_thread_ = std::thread([raw = dispatcher.get()] { raw->run_imports(); });
  return dispatcher;
}

Dispatcher::~Dispatcher() {
  stop(milliseconds{0});
}

Result<void> Dispatcher::watch() {
  end_.reset(eventfd(0, EFD_CLOEXEC));
  changes_.reset(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  const std::string path = spool_ + "/in";
  const std::uint32_t mask = IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO;
  if (!end_.valid() || !changes_.valid() ||
      inotify_add_watch(changes_.get(), path.c_str(), mask) < 0) {
    return system_error("cannot watch", path);
  }
  return {};
}

void Dispatcher::apply(const std::vector<SinkConfig>& sinks) {
  Runners replaced;
  {
    const std::lock_guard<std::mutex> guard(runners_mutex_);
    applying_ = true;
    for (auto entry = runners_.begin(); entry != runners_.end();) {
      const auto current = entry++;
      const bool stays =
          std::find(sinks.begin(), sinks.end(), current->second->config()) != sinks.end();
      if (!stays) replaced.insert(runners_.extract(current));
    }
  }
  const Stop::Clock::time_point deadline = Stop::Clock::now() + kReplacedSinkPatience;
  for (const auto& [name, runner] : replaced) runner->request_stop(deadline);
  replaced.clear();  // joins, without the lock: imports go on

  const std::lock_guard<std::mutex> guard(runners_mutex_);
  for (const SinkConfig& sink : sinks) {
    std::unique_ptr<SinkRunner>& runner = runners_[sink.name];
    if (!runner) runner = std::make_unique<SinkRunner>(sink, spool_, *store_, queue_, log_);
  }
  applying_ = false;
}

void Dispatcher::stop(milliseconds patience) {
  if (stopped_.exchange(true)) return;
  if (import_thread_.joinable()) {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(end_.get(), &one, sizeof(one));
    import_thread_.join();
  }
  const Stop::Clock::time_point deadline = Stop::Clock::now() + patience;
  for (const auto& [name, runner] : runners_) runner->request_stop(deadline);
  for (const auto& [name, runner] : runners_) runner->join();
  remove_delivered();
  runners_.clear();
}

void Dispatcher::run_imports() {
  Stop::Clock::time_point last_look = Stop::Clock::now();
  while (!stopped_) {
    const std::set<std::string> changed = wait_for_changes();
    for (const std::string& name : changed) importer_.scan(name);
    // The death of a writer may come without a change, and a change may get lost.
    if (changed.empty() || Stop::Clock::now() >= last_look + kPollTime) {
      importer_.scan_all();
      last_look = Stop::Clock::now();
    }
    remove_delivered();
  }
  importer_.scan_all();
}

// The names of files that changed; none when it is time to look at all.
std::set<std::string> Dispatcher::wait_for_changes() {
  std::array<pollfd, 2> polled{{{changes_.get(), POLLIN, 0}, {end_.get(), POLLIN, 0}}};
  poll(polled.data(), polled.size(), static_cast<int>(kPollTime.count()));
  std::set<std::string> names;
  alignas(inotify_event) std::array<char, 65536> buffer{};
  const ssize_t length = read(changes_.get(), buffer.data(), buffer.size());
  for (std::size_t at = 0; length > 0 && at < static_cast<std::size_t>(length);) {
    inotify_event change{};
    std::memcpy(&change, buffer.data() + at, sizeof(change));
    if ((change.mask & IN_Q_OVERFLOW) != 0) return {};
    if (change.len > 0) names.insert(buffer.data() + at + sizeof(change));
    at += sizeof(change) + change.len;
  }
  return names;
}

// Under the lock, so that no sink begins with a segment that is just being removed.
void Dispatcher::remove_delivered() {
  const std::lock_guard<std::mutex> guard(runners_mutex_);
  if (applying_) return;  // a sink that is being replaced may still need them
  std::uint64_t lowest = std::numeric_limits<std::uint64_t>::max();
  for (const auto& [name, runner] : runners_) lowest = std::min(lowest, runner->position());
  importer_.remove_delivered(lowest);
}

}  // namespace plivo_dial
