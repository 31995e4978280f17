// SPDX-License-Identifier: Apache-2.0
// What the dispatcher's import thread does.
#include <poll.h>
#include <sys/inotify.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "lib/base/wall_clock.h"
#include "lib/delivery/dispatcher.h"
#include "lib/event/json.h"
#include "lib/spool/refused_requests.h"
#include "lib/spool/segment_name.h"
#include "lib/store/dead_letter.h"
#include "lib/store/store_clock.h"

namespace plivo_dial {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr milliseconds kPollTime{1000};
constexpr milliseconds kJump{1000};       // of the wall clock
constexpr milliseconds kImportPause{10};  // at least, from one import to the next
constexpr seconds kMarksTime{60};
constexpr seconds kForgettingTime{10};
constexpr std::chrono::minutes kLongestMending{5};  // all of the store's file is read
constexpr milliseconds kMendingPatience{3000};
constexpr milliseconds kMendingPause{1000};
constexpr std::size_t kLettersAtATime = 50;
constexpr const char* kGoneReason = "sink no longer configured";

// "3.4 s"
std::string readable_seconds(std::int64_t us) {
  constexpr std::int64_t kTenth = 100'000;
  return std::to_string(us / kTenth / 10) + "." + std::to_string(us / kTenth % 10) + " s";
}

// What fails here fails elsewhere too, where it is told.
bool goes_on(const Result<bool>& more) {
  return more && *more;
}

}  // namespace

void Dispatcher::run() {
  last_marks_ = steady_clock::now();
  while (!stopped_) {
    note_work(kLongestWork);
    take_new_config();
    collect_ended();
    look_after_spool();
    wait_for_changes();
  }
  const steady_clock::time_point deadline = steady_clock::now() + milliseconds(patience_);
  if (!store_ || store_->harm() != EventStore::Harm::kNone || !has_spool()) return;
  any_may_have_changed_ = true;
  import(deadline);
  if (has_more_ && steady_clock::now() < deadline) import(deadline);
  release_held(true);
}

void Dispatcher::look_after_spool() {
  is_lost_ = !has_spool();
  if (is_lost_) return read_changes();
  if (!store_ || store_->harm() != EventStore::Harm::kNone) mend_store();
  if (!store_) return read_changes();  // or there would be no waiting for others
  const steady_clock::time_point now = steady_clock::now();
  if (!sinks_told_ && now >= last_look_ + kPollTime) {
    tell_store_the_sinks();
    if (sinks_told_) start_deliveries();
  }
  // The death of a writer may come without a change, and a change may get lost.
  if (now >= last_look_ + kPollTime) any_may_have_changed_ = true;
  import(steady_clock::time_point::max());
  release_held(false);
  if (now >= last_look_ + kPollTime) tick(now);
  do_chores();
}

// One piece at least, or a steady stream of events would leave them undone.
void Dispatcher::do_chores() {
  do {
    if (store_->harm() != EventStore::Harm::kNone) return;
    if (buries_) buries_ = bury_some_events();
    if (removes_) removes_ = importer_->remove_some_finished(keep_time());
    if (forgets_events_) forgets_events_ = goes_on(store_->forget_loose_events());
    if (forgets_keys_) forgets_keys_ = goes_on(store_->forget_old_keys());
  } while (has_chores() && !has_news());
}

bool Dispatcher::has_chores() const {
  return buries_ || removes_ || forgets_events_ || forgets_keys_;
}

// Whether something else is to be done first.
bool Dispatcher::has_news() const {
  std::array<pollfd, 2> polled{{{changes_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
  if (stopped_ || has_more_ || steady_clock::now() >= last_look_ + kPollTime) return true;
  const auto release = store_->next_release();
  if (release && *release <= steady_clock::now()) return true;
  return poll(polled.data(), polled.size(), 0) != 0;
}

void Dispatcher::wait_for_changes() {
  std::array<pollfd, 2> polled{{{changes_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
  poll(polled.data(), polled.size(), static_cast<int>(time_to_wait().count()));
  // A lone event is taken in at once, many together: a transaction for each would take the
  // processors from those who deliver.
  const auto rest = std::chrono::ceil<milliseconds>(next_import_ - steady_clock::now());
  if (rest > milliseconds{0}) poll(&polled[1], 1, static_cast<int>(rest.count()));
  std::uint64_t wakes = 0;
  if (polled[1].revents == 0) return;
  if (read(wake_.get(), &wakes, sizeof(wakes)) > 0) any_may_have_changed_ = true;
}

// All that are queued: one that stayed there would let younger events of another segment overtake
// its own.
void Dispatcher::read_changes() {
  alignas(inotify_event) std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t length = read(changes_.get(), buffer.data(), buffer.size());
    if (length <= 0) return;
    for (std::size_t at = 0; at < static_cast<std::size_t>(length);) {
      inotify_event change{};
      std::memcpy(&change, buffer.data() + at, sizeof(change));
      if ((change.mask & IN_Q_OVERFLOW) != 0) any_may_have_changed_ = true;
      if (change.len > 0) {
        changed_.insert(finished_segment_name(buffer.data() + at + sizeof(change)));
      }
      at += sizeof(change) + change.len;
    }
  }
}

milliseconds Dispatcher::time_to_wait() const {
  if (stopped_) return milliseconds{0};
  const milliseconds longest = ending_.empty() ? kPollTime : kStopCheck;
  if (!store_ || is_lost_) return longest;
  if (has_more_ || has_chores()) return milliseconds{0};
  const auto release = store_->next_release();
  if (!release) return longest;
  const auto left = std::chrono::ceil<milliseconds>(*release - steady_clock::now());
  return std::clamp(left, milliseconds{0}, longest);
}

void Dispatcher::import(steady_clock::time_point deadline) {
  // What was accepted before this moment is in the queue, or was there before. Not earlier: held
  // events are released by the clock, and the store may just have been waited for.
  const Importer::Moment until = Importer::now();
  read_changes();
  has_more_ = false;
  if (!sinks_told_ || !store_->has_space_for_import()) return;
  const auto go_on = [this, deadline] {
    note_work(kLongestWork);
    // While it catches up, events may come in under numbers that they had before.
    wake_deliveries(store_->is_catching_up());
    return stopped_ ? steady_clock::now() < deadline && deadline != steady_clock::time_point::max()
                    : store_->harm() == EventStore::Harm::kNone;
  };
  const std::set<std::string> changed = std::exchange(changed_, {});
  const bool all = std::exchange(any_may_have_changed_, false);
  Importer::Round round =
      all ? importer_->import_all(go_on) : importer_->import(changed, until, go_on);
  next_import_ = steady_clock::now() + kImportPause;
  has_more_ = !round.more.empty();
  changed_ = std::move(round.more);
  if (!all || !round.complete || !store_->is_catching_up()) return;
  const Result<void> ended = store_->end_catching_up();
  if (ended) {
    save_marks();
  } else {
    log_.write(LogLevel::kError, log_id::kNotRecorded, ended.error().message);
  }
  wake_deliveries(true);
}

// Not before the sinks are known: what is released goes to those, and to no other later.
void Dispatcher::release_held(bool all) {
  if (!sinks_told_) return;
  const Result<std::uint64_t> released = store_->release_held(steady_clock::now(), all);
  if (released && *released > 0) wake_deliveries(false);
}

// How long finished segments are kept at this moment. At `minFree` httpd would refuse events for
// want of the space that delivered ones take.
seconds Dispatcher::keep_time() const {
  struct statvfs disk {};
  if (statvfs(spool_.c_str(), &disk) != 0) return config_.keep;
  const std::uint64_t free_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  return free_bytes / 2 < config_.min_free ? seconds{0} : config_.keep;
}

// It may be set by a second or two when a machine has started and asks for the time, or by whoever
// errs. Nothing here goes by it, but what people read does.
void Dispatcher::look_at_clock() {
  const std::int64_t ahead_us = wall_clock_us() - boot_time_us();
  const std::int64_t jump_us = ahead_us - std::exchange(clock_ahead_us_, ahead_us);
  if (std::abs(jump_us) < microseconds(kJump).count()) return;
  log_.write(LogLevel::kWarning, log_id::kClockSet,
             "the clock of this machine was set " + std::string(jump_us < 0 ? "back" : "ahead") +
                 " by " + readable_seconds(std::abs(jump_us)) +
                 ": events keep their order, retries and the memory for duplicates go on as if it "
                 "had not been, and the times in events and logs are what it shows");
}

// What is to be done once a second.
void Dispatcher::tick(steady_clock::time_point now) {
  last_look_ = now;
  look_at_clock();
  if (store_->changed_by_others()) {
    look_for_gone_sinks_ = true;
    wake_deliveries(true);
  }
  buries_ = look_for_gone_sinks_ && sinks_told_;
  removes_ = !store_->is_catching_up();
  if (now >= last_forgetting_ + kForgettingTime) {
    last_forgetting_ = now;
    forget_refused_requests(spool_, wall_clock_us());
    // As fast as events come in, or the store would grow for ever.
    forgets_events_ = forgets_keys_ = true;
  }
  if (now >= last_marks_ + kMarksTime) {
    last_marks_ = now;
    save_marks();
  }
}

// Opens the store anew that was harmed or could not be opened.
void Dispatcher::mend_store() {
  if (steady_clock::now() < next_mending_) return;
  next_mending_ = steady_clock::now() + kMendingPause;
  note_work(kLongestMending);
  if (store_) {
    const EventStore::Harm harm = store_->harm();
    end_all_deliveries(kMendingPatience);
    importer_.reset();
    store_.reset();
    if (Result<void> mended = EventStore::mend_file(spool_, harm, log_); !mended) {
      log_.write(LogLevel::kError, log_id::kStoreHarmed, mended.error().message);
    }
  }
  const Result<void> opened = open_store();
  note_work(kLongestWork);
  if (!opened) return complain(opened.error());
  // Even an older copy that somebody put in its place and that was left in order.
  store_->presume_attempts();
  complained_ = false;
  last_look_ = {};
}

// Whether there are more.
bool Dispatcher::bury_some_events() {
  Result<std::vector<EventStore::GoneSink>> gone = store_->gone_sinks();
  if (!gone) return false;
  // What one still has in hand may yet be delivered.
  const std::size_t ending =
      std::erase_if(*gone, [this](const EventStore::GoneSink& one) { return is_ending(one.name); });
  if (gone->empty() && ending > 0) return false;
  for (const EventStore::GoneSink& sink : *gone) {
    if (gone_sinks_.insert(sink.name).second) {
      log_.write(LogLevel::kWarning, log_id::kSinkGone,
                 "sink " + sink.name + " is no longer configured: " + std::to_string(sink.waiting) +
                     " events that wait for it become dead letters in '" + spool_ + "/dead'");
    }
  }
  if (gone->empty()) {
    gone_sinks_.clear();
    look_for_gone_sinks_ = false;
    return false;
  }
  return bury_some(gone->front());
}

// False when nothing is left, or it failed, which is tried again.
bool Dispatcher::bury_some(const EventStore::GoneSink& sink) {
  const Result<std::vector<WaitingEvent>> waiting = store_->waiting(sink.id, 0, kLettersAtATime);
  if (!waiting) return false;
  std::vector<DeadLetter> letters;
  std::vector<DeliveryChange> changes;
  for (const WaitingEvent& one : *waiting) {
    const Result<std::optional<Event>> event = store_->event(one.seq);
    if (!event) return false;
    DeliveryChange change;
    change.seq = one.seq;
    change.state = DeliveryState::kDead;
    change.attempts = one.attempts;
    change.failures = one.failures;
    change.error = kGoneReason;
    changes.push_back(change);
    if (!*event) continue;
    letters.push_back(
        {(*event)->id, sink.name, kGoneReason, one.attempts, wall_clock_us(), to_json(**event)});
  }
  Result<void> done = write_dead_letters(spool_, letters);
  if (done) done = store_->record(sink.id, std::move(changes));
  if (!done) log_.write(LogLevel::kError, log_id::kNotRecorded, done.error().message);
  return done.ok() && !waiting->empty();
}

}  // namespace plivo_dial
