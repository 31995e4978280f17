// SPDX-License-Identifier: Apache-2.0
#include "lib/books/intake.h"

#include <algorithm>
#include <random>
#include <utility>

#include "lib/base/fnv1a.h"
#include "lib/books/import_transaction.h"
#include "lib/event/json.h"
#include "lib/spool/segment_name.h"
#include "lib/store/dead_letter.h"
#include "lib/store/delivery_rows.h"
#include "lib/store/kept_events.h"
#include "lib/store/store_file.h"
#include "lib/store/store_tables.h"

namespace plivo_dial {
namespace {

using std::chrono::steady_clock;

constexpr std::int64_t kRecentUs = 5'000'000;
constexpr std::int64_t kSecond = 1'000'000;
// Above the marks of the last minute, by which a store is made anew.
constexpr std::uint64_t kNumbersOfAMinute = 100'000;

// A number for this boot of the machine; where it can't be told, for this run.
std::int64_t boot_number() {
  const std::string boot = this_boot();
  if (boot.empty()) return static_cast<std::int64_t>(std::random_device{}()) | 1;
  return static_cast<std::int64_t>(fnv1a(boot) >> 1) | 1;
}

}  // namespace

Intake::Intake(StoreConnection& store, StoreClock& clock, SinkBook& book, FrameFiles& files,
               Log& log)
    : store_(store), clock_(clock), book_(book), log_(log), memory_(keys_, names_, files) {}

Intake::~Intake() = default;

Result<void> Intake::load() {
  const MutexLock guard(mutex_);
  bool complete = false;
  if (Result<void> loaded = load_memory(&complete); !loaded) return loaded;
  return complete ? Result<void>() : load_prior();
}

// Whether all that the spool had was taken in.
Result<void> Intake::load_memory(bool* complete) {
  return store_.look([&](Database& database) PLIVO_REQUIRES(mutex_) {
    clock_.go_on_from(read_store_time(database), boot_number());
    memory_.reload(database, steady_clock::now(), clock_.even_us());
    book_.load(database);
    note_last_event();
    *complete = read_counter(database, "caught_up") != 0;
    const bool in_order = read_counter(database, "in_order") != 0;
    presumed_up_to_ = in_order
                          ? static_cast<std::uint64_t>(read_counter(database, "presumed_up_to"))
                          : memory_.last_seq;
    memory_.presumed_before_us = in_order || store_.was_made()
                                     ? read_counter(database, "presumed_before_us")
                                     : clock_.even_us();
    // A clock that was ahead in an earlier boot makes nothing of this one older than it is.
    memory_.presumed_before_us = std::min(memory_.presumed_before_us, clock_.even_us());
  });
}

Result<void> Intake::load_prior() {
  Result<PriorProgress> prior = PriorProgress::read(store_.spool(), log_);
  if (!prior) return prior.error();
  memory_.prior = std::make_unique<PriorProgress>(std::move(*prior));
  is_catching_up_ = true;
  const bool lost = memory_.prior->is_of_lost_store();
  if (lost || memory_.prior->was_harmed()) memory_.presumed_before_us = clock_.even_us();
  Result<std::vector<std::string>> letters = list_dead_letters(store_.spool());
  if (!letters) return letters.error();
  for (const std::string& path : *letters) {
    if (const Result<DeadLetter> letter = read_dead_letter(path)) {
      memory_.dead_letters[{letter->event_id, letter->sink}] = path;
    }
  }
  if (!store_.was_made() || memory_.prior->empty()) return {};
  memory_.last_seq = memory_.prior->next_seq() - 1 + (lost ? kNumbersOfAMinute : 0);
  return store_.change([&](Database& database) PLIVO_REQUIRES(mutex_) {
    write_counter(database, "last_seq", static_cast<std::int64_t>(memory_.last_seq));
  });
}

// --- Sinks.

Result<void> Intake::set_sinks(const std::vector<SinkConfig>& sinks, const Now& now) {
  const MutexLock guard(mutex_);
  std::map<std::string, ImportSink> next;
  std::vector<SinkState> states;
  const StoreClock before = clock_;
  clock_.skip_unused();
  const Result<void> changed = store_.change_at_any_price(
      [&](Database& database) PLIVO_REQUIRES(mutex_) {
        next.clear();
        note_presumption(database);
        write_store_time(database, clock_.time());
        for (const SinkConfig& sink : sinks) next[sink.name] = add_sink(database, sink, now);
        drop_others(database, next);
        states = read_sinks(database);
      },
      // Before any delivery can be recorded by what was known before.
      [&] { book_.replace(std::move(states)); });
  if (!changed) {
    clock_ = before;
    return changed;
  }
  sinks_ = std::move(next);
  knows_sinks_ = true;
  return {};
}

ImportSink Intake::add_sink(Database& database, const SinkConfig& config, const Now& now) {
  ImportSink sink;
  sink.config = config;
  const auto before = sinks_.find(config.name);
  if (before != sinks_.end()) {
    sink.from_us = before->second.from_us;
    sink.has_begun = before->second.has_begun;
  }
  std::vector<SinkState> known = read_sinks(database, config.name);
  if (known.empty()) {
    const std::string nothing = SinkProgress().encode();
    database
        .query("INSERT INTO sink(name, configured, progress) VALUES(?, 0, ?)", config.name,
               bytes_of(nothing))
        .run();
    known = read_sinks(database, config.name);
    if (known.empty()) return sink;
  }
  SinkState& state = known.front();
  sink.id = state.id;
  database.query("UPDATE sink SET configured = 1 WHERE number = ?", sink.id).run();
  const bool is_open = !state.spans.empty() && state.spans.back().last == SinkSpan::kOpen;
  if (state.configured && (is_open || !sink.has_begun)) {
    if (!is_open || state.spans.back().events == config.events) return sink;
    end_span(database, sink.id, state.spans.back(), memory_.last_seq);
    begin_span(database, sink.id, {memory_.last_seq + 1, SinkSpan::kOpen, config.events});
    return sink;
  }
  const bool lost = memory_.prior != nullptr && memory_.prior->is_of_lost_store();
  if (lost && !memory_.prior->knows_sink(config.name)) {
    sink.from_us = now.even_us - kRecentUs;
    sink.has_begun = false;
  } else {
    begin_again(database, config, state, now);
  }
  return sink;
}

// Of a sink that was not configured: it gets the recent events as well, but for those that it was
// given before.
void Intake::begin_again(Database& database, const SinkConfig& config, SinkState& state,
                         const Now& now) {
  SinkSpan span{last_before_recent_events(database, now.wall_us) + 1, SinkSpan::kOpen,
                config.events};
  if (!state.spans.empty()) span.first = std::max(span.first, state.spans.back().last + 1);
  begin_span(database, state.id, span);
  // What may have been passed over as nothing of this sink's.
  state.progress.reopen_from(span.first);
  std::int64_t given = 0;
  EventLog log(database);
  for (std::vector<LogEntry> entries = log.from(span.first); !entries.empty();
       entries = log.from(entries.back().seq + 1)) {
    for (const LogEntry& entry : entries) {
      // Of a segment that is gone, or about to go, nothing can be given.
      const bool is_there = database.number(
                                "SELECT EXISTS(SELECT 1 FROM segment WHERE number = ? "
                                "AND leaving = 0)",
                                static_cast<std::int64_t>(entry.segment)) != 0;
      const bool is_wanted = wants_event(config, names_.name_of(entry.name));
      if (!is_there && is_wanted) state.progress.settle(entry.seq, entry.seq);
      given += is_there && is_wanted ? 1 : 0;
    }
  }
  write_progress(database, state.id, state.progress);
  database.query("UPDATE sink SET taken = taken + ? WHERE number = ?", given, state.id).run();
}

void Intake::drop_others(Database& database, const std::map<std::string, ImportSink>& sinks) {
  for (const SinkState& state : read_sinks(database)) {
    if (!state.configured || sinks.count(state.name) > 0) continue;
    database.query("UPDATE sink SET configured = 0 WHERE number = ?", state.id).run();
    if (!state.spans.empty() && state.spans.back().last == SinkSpan::kOpen) {
      end_span(database, state.id, state.spans.back(), memory_.last_seq);
    }
  }
}

// Within a transaction: the number of the last event that was in kRecentUs ago, by the store's age.
// Who has only just opened it goes by the wall clock, and if that was set back, by what it was
// before as well.
std::uint64_t Intake::last_before_recent_events(Database& database, std::int64_t now_us) {
  const auto recent = last_events_.lower_bound(first_recent_second());
  if (recent != last_events_.begin()) return std::prev(recent)->second;
  EventLog log(database);
  std::uint64_t before = memory_.last_seq + 1;
  for (std::vector<LogEntry> entries = log.before(before); !entries.empty();
       entries = log.before(before)) {
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
      now_us = std::max(now_us, entry->accepted_us);
      if (entry->accepted_us < now_us - kRecentUs) return entry->seq;
    }
    before = entries.front().seq;
  }
  return 0;
}

// What came in seconds before it is older than kRecentUs.
std::int64_t Intake::first_recent_second() const {
  return (clock_.age_us() - kRecentUs) / kSecond;
}

// Behind each change that brought events.
void Intake::note_last_event() {
  last_events_[clock_.age_us() / kSecond] = memory_.last_seq;
  const auto recent = last_events_.lower_bound(first_recent_second());
  if (recent != last_events_.begin()) last_events_.erase(last_events_.begin(), std::prev(recent));
}

bool Intake::knows_sinks() const {
  const MutexLock guard(mutex_);
  return knows_sinks_;
}

SinkId Intake::id_of(const std::string& sink) const {
  const MutexLock guard(mutex_);
  const auto found = sinks_.find(sink);
  return found == sinks_.end() ? 0 : found->second.id;
}

// --- Attempts that nobody recorded.

// By numbers and not row by row: it may be a long backlog on a full disk.
void Intake::note_presumption(Database& database) {
  database.query("DELETE FROM counter WHERE name = 'in_order'").run();
  write_counter(database, "presumed_up_to", static_cast<std::int64_t>(presumed_up_to_.load()));
  write_counter(database, "presumed_before_us", memory_.presumed_before_us);
}

void Intake::presume_attempts() {
  const MutexLock guard(mutex_);
  presumed_up_to_ = std::max(presumed_up_to_.load(), memory_.last_seq);
  memory_.presumed_before_us = clock_.even_us();
}

// --- Taking in.

Result<std::vector<SegmentMark>> Intake::segments() {
  std::vector<SegmentMark> marks;
  Result<void> looked = store_.look([&](Database& database) {
    Query rows = database.query("SELECT name, offset, ended FROM segment");
    while (rows.next()) {
      marks.push_back(
          {rows.text(0), static_cast<std::size_t>(rows.number(1)), rows.number(2) != 0});
    }
  });
  if (!looked) return looked.error();
  return marks;
}

void Intake::reload() {
  const Result<void> reloaded = store_.look([&](Database& database) PLIVO_REQUIRES(mutex_) {
    memory_.reload(database, steady_clock::now(), clock_.even_us());
  });
  is_in_disorder_ = !reloaded.ok();
  if (!reloaded) {
    log_.write(LogLevel::kError, log_id::kNotRecorded, reloaded.error().message);
  }
}

// A try that failed leaves the memory in disorder.
Result<ImportReport> Intake::take(bool at_any_price, const Work& work) {
  // By what a transaction that failed has left, events would be taken for duplicates.
  if (is_in_disorder_) reload();
  if (is_in_disorder_) return Error{"'" + store_path(store_.spool()) + "' could not be read again"};
  memory_.age_us = clock_.age_us();
  std::map<std::string, ImportSink> sinks;
  ImportReport report;
  std::vector<SinkState> changed_sinks;
  bool is_second_try = false;
  const auto transaction = [&](Database& database) PLIVO_REQUIRES(mutex_) {
    report = {};
    if (std::exchange(is_second_try, true)) {
      memory_.reload(database, steady_clock::now(), clock_.even_us());
    }
    sinks = sinks_;
    ImportTransaction taking(database, memory_, sinks, book_, &report);
    work(database, taking);
    taking.finish();
    changed_sinks = taking.changed_sinks();
  };
  const auto publish = [&] {
    keys_.publish();
    for (SinkState& state : changed_sinks) book_.publish(std::move(state));
  };
  const Result<void> changed = at_any_price ? store_.change_at_any_price(transaction, publish)
                                            : store_.change(transaction, publish);
  if (!changed) {
    reload();
    return changed.error();
  }
  sinks_ = std::move(sinks);
  note_last_event();
  return report;
}

Result<ImportReport> Intake::import(const ImportBatch& batch) {
  const MutexLock guard(mutex_);
  return take(false, [&](Database&, ImportTransaction& taking) { taking.take(batch); });
}

Result<std::uint64_t> Intake::release_held(steady_clock::time_point now, bool all) {
  const MutexLock guard(mutex_);
  if (memory_.held.empty()) return std::uint64_t{0};
  if (!all && memory_.held.all().begin()->second.until > now) return std::uint64_t{0};
  const Result<ImportReport> report =
      take(true, [&](Database&, ImportTransaction& taking) { taking.release(now, all); });
  if (!report) return report.error();
  return report->events;
}

std::optional<steady_clock::time_point> Intake::next_release() const {
  const MutexLock guard(mutex_);
  if (memory_.held.empty()) return std::nullopt;
  return memory_.held.all().begin()->second.until;
}

// --- A store that is new.

std::uint64_t Intake::old_seq_of(const std::string& segment, std::size_t offset) {
  const MutexLock guard(mutex_);
  return memory_.prior == nullptr ? 0 : memory_.prior->seq_of(segment, offset);
}

Result<void> Intake::end_catching_up() {
  const MutexLock guard(mutex_);
  if (memory_.prior == nullptr) return {};
  Result<std::uint64_t> letters = take_in_dead_letters();
  if (!letters) return letters.error();
  std::int64_t events = 0;
  std::int64_t waiting = 0;
  Result<void> changed = store_.change_at_any_price([&](Database& database) {
    events = read_counter(database, "events") - read_counter(database, "forgotten");
    waiting = database.number("SELECT max(waiting) FROM sink");
    write_counter(database, "caught_up", 1);
  });
  if (!changed) return changed;
  if (memory_.prior->is_of_lost_store()) {
    log_.write(LogLevel::kNotice, log_id::kStoreRemade,
               "'" + store_path(store_.spool()) + "' was made anew: " + std::to_string(events) +
                   " events found in the spool's segments and dead letters, up to " +
                   std::to_string(waiting) + " of them wait for one sink");
  }
  memory_.prior.reset();
  is_catching_up_ = false;
  memory_.dead_letters.clear();
  memory_.used_dead_letters.clear();
  PriorProgress::remove_old_files(store_.spool());
  return {};
}

// Those whose segments are gone.
Result<std::uint64_t> Intake::take_in_dead_letters() {
  std::uint64_t taken = 0;
  for (const auto& [key, path] : memory_.dead_letters) {
    if (memory_.used_dead_letters.count(key) > 0) continue;
    const Result<DeadLetter> letter = read_dead_letter(path);
    if (!letter) continue;
    const Result<Event> event = event_from_json(letter->event);
    if (!event) continue;
    const Result<ImportReport> report = take(
        true, [&, &sink = key.second, &file = path](Database& database, ImportTransaction& taking)
                  PLIVO_REQUIRES(mutex_) { take_in_letter(database, taking, sink, *event, file); });
    if (!report) return report.error();
    memory_.used_dead_letters.insert(key);
    ++taken;
  }
  return taken;
}

// Unless it is there: a dispatcher that was killed at this may have taken it in before.
void Intake::take_in_letter(Database& database, ImportTransaction& transaction,
                            const std::string& sink, const Event& event, const std::string& path) {
  const Result<DeadLetter> letter = read_dead_letter(path);
  if (!letter) return;
  const std::string nothing = SinkProgress().encode();
  database
      .query(
          "INSERT INTO sink(name, configured, progress) VALUES(?, 0, ?) "
          "ON CONFLICT DO NOTHING",
          sink, bytes_of(nothing))
      .run();
  const SinkId id = database.number("SELECT number FROM sink WHERE name = ?", sink);
  for (const std::uint64_t seq : keys_.find(database, KeyKind::kId, hash_of_id(event.id))) {
    if (find_delivery_row(database, id, seq)) return;
  }
  ImportFrame frame;
  frame.accepted_us = frame.even_us = event.received_us;
  frame.head = EventHead{event.id, event.event, event.call, step_of(event)};
  transaction.take_dead_letter(id, frame, letter->event, letter->reason, letter->attempts);
}

}  // namespace plivo_dial
