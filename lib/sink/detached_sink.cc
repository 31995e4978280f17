// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/detached_sink.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "lib/process/own_descriptors.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using Clock = Stop::Clock;

// For a program that neither reads the end of its input nor ends when it is asked to.
constexpr milliseconds kLeave = 2 * kGiveUp;

std::atomic<int> given_up{0};

// How many of a sink's workers hang, so that the log tells of it once.
class HangingWorkers {
 public:
  // Whether it is the first one.
  bool add(const std::string& sink) {
    const std::lock_guard<std::mutex> guard(mutex_);
    return ++counts_[sink] == 1;
  }
  // Whether it was the last one.
  bool remove(const std::string& sink) {
    const std::lock_guard<std::mutex> guard(mutex_);
    const bool last = --counts_[sink] == 0;
    if (last) counts_.erase(sink);
    return last;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> counts_;
};

HangingWorkers hanging;  // NOLINT: an ordinary process, never unloaded

struct LogLine {
  LogLevel level;
  std::string_view id;  // one of log_id
  std::string text;
};

// What the thread and who waits for it share; the last of both destroys it. The sink's log: its
// thread has another standard error than the process has after a reload.
struct Desk : public Log {
  using Task = std::function<void(Sink&)>;

  void write(LogLevel level, std::string_view id, std::string_view text) override {
    const std::lock_guard<std::mutex> guard(mutex);
    lines.push_back({level, id, std::string(text)});
  }
  std::vector<LogLine> take_lines() {
    const std::lock_guard<std::mutex> guard(mutex);
    return std::exchange(lines, {});
  }

  Stop stop;  // what the sink sees

  std::mutex mutex;  // guards those below
  std::vector<LogLine> lines;
  std::condition_variable changed;
  Task task;  // empty: none is to be done
  bool ends = false;
  bool has_ended = false;  // and `sink` is destroyed
  bool is_given_up = false;

  std::unique_ptr<Sink> sink;  // the thread's alone. Last: it logs to the above
};

void serve(const std::shared_ptr<Desk>& desk) {
  take_own_descriptors();
  std::unique_lock<std::mutex> lock(desk->mutex);
  while (!desk->ends) {
    if (!desk->task) {
      desk->changed.wait(lock);
      continue;
    }
    const Desk::Task& task = desk->task;
    lock.unlock();
    task(*desk->sink);
    lock.lock();
    desk->task = nullptr;
    desk->changed.notify_all();
  }
  lock.unlock();
  desk->sink.reset();
  lock.lock();
  desk->has_ended = true;
  desk->changed.notify_all();
  if (desk->is_given_up) --given_up;
}

class DetachedSink : public Sink {
 public:
  DetachedSink(const MakeSink& make, HangNotice notice, Log& log)
      : notice_(std::move(notice)), log_(log), desk_(std::make_shared<Desk>()) {
    desk_->sink = make(*desk_);
    records_each_ = desk_->sink->records_each();
    thread_ = std::thread([desk = desk_] { serve(desk); });
  }
  ~DetachedSink() override;

  Attempt attempt(const Event& event, const Stop& stop) override;
  Result<void> settle(const Stop& stop) override;
  void look_after(const Stop& stop) override;
  bool records_each() const override { return records_each_; }

 private:
  bool run(Desk::Task task, const Stop& stop);
  void pass_on(const Stop& stop);
  void write_lines();
  void say_that_it_hangs();
  void say_that_it_came_back();
  void give_up();

  const HangNotice notice_;
  Log& log_;
  bool records_each_ = false;
  const std::shared_ptr<Desk> desk_;
  std::thread thread_;
};

DetachedSink::~DetachedSink() {
  std::unique_lock<std::mutex> lock(desk_->mutex);
  desk_->ends = true;
  desk_->changed.notify_all();
  // A program of the sink's may hang as well, and is waited for.
  const auto ended = [this] { return desk_->has_ended; };
  if (!desk_->is_given_up && !desk_->changed.wait_for(lock, kLeave, ended)) give_up();
  const bool is_given_up = desk_->is_given_up;
  lock.unlock();
  if (is_given_up) {
    thread_.detach();
  } else {
    thread_.join();
  }
  write_lines();
}

// What belongs to a task is shared with it, since it may outlive the call.
Attempt DetachedSink::attempt(const Event& event, const Stop& stop) {
  struct Try {
    Event event;
    Attempt attempt;
  };
  const auto one = std::make_shared<Try>();
  one->event = event;
  const auto task = [one, raw = desk_.get()](Sink& sink) {
    one->attempt = sink.attempt(one->event, raw->stop);
  };
  if (run(task, stop)) return std::move(one->attempt);
  Attempt interrupted;
  interrupted.outcome = Attempt::Outcome::kInterrupted;
  interrupted.reason = notice_.target + " had not come back";
  return interrupted;
}

Result<void> DetachedSink::settle(const Stop& stop) {
  const auto settled = std::make_shared<Result<void>>();
  const auto task = [settled, raw = desk_.get()](Sink& sink) { *settled = sink.settle(raw->stop); };
  if (run(task, stop)) return std::move(*settled);
  return Error{notice_.target + " had not come back"};
}

void DetachedSink::look_after(const Stop& stop) {
  run([raw = desk_.get()](Sink& sink) { sink.look_after(raw->stop); }, stop);
}

// False when the sink was given up, now or before.
bool DetachedSink::run(Desk::Task task, const Stop& stop) {
  const Clock::time_point begin = Clock::now();
  bool told = false;
  std::unique_lock<std::mutex> lock(desk_->mutex);
  if (desk_->is_given_up) return false;
  desk_->task = std::move(task);
  desk_->changed.notify_all();
  const auto done = [this] { return !desk_->task; };
  while (!desk_->changed.wait_for(lock, kStopCheck, done)) {
    lock.unlock();
    write_lines();
    pass_on(stop);
    if (!told && Clock::now() >= begin + notice_.after) {
      told = true;
      say_that_it_hangs();
    }
    lock.lock();
    const std::optional<Clock::time_point> deadline = stop.deadline();
    if (deadline && Clock::now() >= *deadline + kGiveUp && desk_->task) {
      give_up();
      if (told) hanging.remove(notice_.sink);
      return false;
    }
  }
  lock.unlock();
  write_lines();
  if (told) say_that_it_came_back();
  return true;
}

void DetachedSink::write_lines() {
  for (const LogLine& line : desk_->take_lines()) log_.write(line.level, line.id, line.text);
}

// The sink has a Stop of its own, since it may outlive the other.
void DetachedSink::pass_on(const Stop& stop) {
  const std::optional<Clock::time_point> deadline = stop.deadline();
  if (deadline) desk_->stop.request(*deadline);
}

void DetachedSink::say_that_it_hangs() {
  if (!hanging.add(notice_.sink)) return;
  const auto time = std::chrono::duration_cast<std::chrono::seconds>(notice_.after);
  log_.write(LogLevel::kError, log_id::kSinkHangs,
             "sink " + notice_.sink + ": " + notice_.target + " has not come back for " +
                 std::to_string(time.count()) +
                 " s, as on a file system whose server is gone; its events wait for it, and those "
                 "of other sinks do not");
}

void DetachedSink::say_that_it_came_back() {
  if (!hanging.remove(notice_.sink)) return;
  log_.write(LogLevel::kNotice, log_id::kSinkCameBack,
             "sink " + notice_.sink + ": " + notice_.target + " has come back");
}

// With the lock held.
void DetachedSink::give_up() {
  desk_->is_given_up = true;
  ++given_up;
}

}  // namespace

std::unique_ptr<Sink> detach_sink(const MakeSink& make, HangNotice notice, Log& log) {
  return std::make_unique<DetachedSink>(make, std::move(notice), log);
}

bool any_sink_was_given_up() {
  return given_up.load() > 0;
}

}  // namespace plivo_dial
