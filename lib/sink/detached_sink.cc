// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/detached_sink.h"

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "lib/base/mutex.h"
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
    const MutexLock guard(mutex_);
    return ++counts_[sink] == 1;
  }
  // Whether it was the last one.
  bool remove(const std::string& sink) {
    const MutexLock guard(mutex_);
    const bool last = --counts_[sink] == 0;
    if (last) counts_.erase(sink);
    return last;
  }

 private:
  Mutex mutex_;
  std::map<std::string, int> counts_ PLIVO_GUARDED_BY(mutex_);
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
    const MutexLock guard(mutex);
    lines.push_back({level, id, std::string(text)});
  }
  std::vector<LogLine> take_lines() {
    const MutexLock guard(mutex);
    return std::exchange(lines, {});
  }

  Stop stop;  // what the sink sees

  Mutex mutex;
  ConditionVariable changed;
  std::vector<LogLine> lines PLIVO_GUARDED_BY(mutex);
  Task task PLIVO_GUARDED_BY(mutex);             // empty: none is to be begun
  bool is_busy PLIVO_GUARDED_BY(mutex) = false;  // with a task that was given
  bool ends PLIVO_GUARDED_BY(mutex) = false;
  bool has_ended PLIVO_GUARDED_BY(mutex) = false;  // and `sink` is destroyed
  bool is_given_up PLIVO_GUARDED_BY(mutex) = false;

  std::unique_ptr<Sink> sink;  // the thread's alone. Last: it logs to the above
};

void perform(const Desk::Task& task, Desk& desk) PLIVO_REQUIRES(desk.mutex) {
  const MutexUnlock unlocked(desk.mutex);
  task(*desk.sink);
}

void serve(const std::shared_ptr<Desk>& desk) {
  take_own_descriptors();
  const MutexLock lock(desk->mutex);
  while (!desk->ends) {
    if (!desk->task) {
      desk->changed.wait(desk->mutex);
      continue;
    }
    perform(std::exchange(desk->task, nullptr), *desk);
    desk->is_busy = false;
    desk->changed.notify_all();
  }
  {
    const MutexUnlock unlocked(desk->mutex);
    desk->sink.reset();
  }
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

  Attempt attempt(const SinkEvent& event, const Stop& stop) override;
  Row attempt_all(const Events& events, const Stop& stop) override;
  Result<void> settle(const Stop& stop) override;
  void look_after(const Stop& stop) override;
  bool records_each() const override { return records_each_; }

 private:
  bool run(Desk::Task task, const Stop& stop);
  bool hand_over(Desk::Task task);
  bool is_done_within(milliseconds time);
  bool is_done_or_given_up();
  bool end_thread();
  void pass_on(const Stop& stop);
  void write_lines();
  void say_that_it_hangs();
  void say_that_it_came_back();
  void give_up() PLIVO_REQUIRES(desk_->mutex);

  const HangNotice notice_;
  Log& log_;
  bool records_each_ = false;
  const std::shared_ptr<Desk> desk_;
  std::thread thread_;
};

DetachedSink::~DetachedSink() {
  if (end_thread()) {
    thread_.join();
  } else {
    thread_.detach();
  }
  write_lines();
}

// False when the sink was given up, now or before. A program of the sink's may hang as well, and is
// waited for.
bool DetachedSink::end_thread() {
  const Clock::time_point leave = Clock::now() + kLeave;
  const MutexLock lock(desk_->mutex);
  desk_->ends = true;
  desk_->changed.notify_all();
  if (desk_->is_given_up) return false;
  while (!desk_->has_ended && desk_->changed.wait_until(desk_->mutex, leave)) {
  }
  if (!desk_->has_ended) give_up();
  return desk_->has_ended;
}

// What belongs to a task is shared with it, since it may outlive the call.
Sink::Row DetachedSink::attempt_all(const Events& events, const Stop& stop) {
  const auto row = std::make_shared<Row>();
  const auto task = [row, events, raw = desk_.get()](Sink& sink) {
    *row = sink.attempt_all(events, raw->stop);
  };
  if (run(task, stop)) return std::move(*row);
  Row interrupted;
  interrupted.last.outcome = Attempt::Outcome::kInterrupted;
  interrupted.last.reason = notice_.target + " had not come back";
  return interrupted;
}

Attempt DetachedSink::attempt(const SinkEvent& event, const Stop& stop) {
  return attempt_all(std::make_shared<const std::vector<SinkEvent>>(1, event), stop).last;
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
  if (!hand_over(std::move(task))) return false;
  const Clock::time_point begin = Clock::now();
  bool told = false;
  while (!is_done_within(kStopCheck)) {
    write_lines();
    pass_on(stop);
    if (!told && Clock::now() >= begin + notice_.after) {
      told = true;
      say_that_it_hangs();
    }
    const std::optional<Clock::time_point> deadline = stop.deadline();
    if (deadline && Clock::now() >= *deadline + kGiveUp && !is_done_or_given_up()) {
      if (told) hanging.remove(notice_.sink);
      return false;
    }
  }
  write_lines();
  if (told) say_that_it_came_back();
  return true;
}

// False when the sink was given up before.
bool DetachedSink::hand_over(Desk::Task task) {
  const MutexLock lock(desk_->mutex);
  if (desk_->is_given_up) return false;
  desk_->task = std::move(task);
  desk_->is_busy = true;
  desk_->changed.notify_all();
  return true;
}

bool DetachedSink::is_done_within(milliseconds time) {
  const Clock::time_point end = Clock::now() + time;
  const MutexLock lock(desk_->mutex);
  while (desk_->is_busy && desk_->changed.wait_until(desk_->mutex, end)) {
  }
  return !desk_->is_busy;
}

// Gives the sink up that has not come back at the last moment.
bool DetachedSink::is_done_or_given_up() {
  const MutexLock lock(desk_->mutex);
  if (desk_->is_busy) give_up();
  return !desk_->is_busy;
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
