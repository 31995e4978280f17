// SPDX-License-Identifier: Apache-2.0
#include "lib/books/export_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "lib/base/system_file.h"
#include "lib/books/call_progress.h"
#include "lib/books/former_tables.h"
#include "lib/event/event_outline.h"
#include "lib/event/spooled_event.h"
#include "lib/spool/spool_layout.h"
#include "lib/store/delivery_rows.h"
#include "lib/store/event_log.h"
#include "lib/store/event_names.h"
#include "lib/store/frame_files.h"
#include "lib/store/kept_events.h"
#include "lib/store/sink_book.h"
#include "lib/store/store_file.h"
#include "lib/store/store_tables.h"
#include "lib/store/stored_event.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kKeptAtATime = 100;

// Lives within a transaction of each of the two.
class StoreExport {
 public:
  StoreExport(Database& from, Database& to, const std::string& spool)
      : from_(from), to_(to), files_(spool), log_(from) {}

  ExportedStore run() {
    to_.run_script(kFormerTables);
    names_.load(from_);
    base_ms_ = read_store_time(from_).base_ms;
    copy_segments();
    for (SinkState& sink : read_sinks(from_)) sinks_.push_back({std::move(sink)});
    copy_events();
    copy_held();
    copy_counters();
    for (const Sink& sink : sinks_) copy_sink(sink);
    to_.run_script(kFormerSums);
    return report_;
  }

 private:
  struct Sink {
    SinkState state;
    std::int64_t rows = 0;       // that are written
    std::int64_t delivered = 0;  // of those
  };
  struct Frame {
    std::string json;
    std::vector<WebhookKey> keys;
  };

  void copy_segments();
  void copy_events();
  void copy_kept_before(std::uint64_t seq);
  void copy_event(const LogEntry& entry);
  std::optional<Frame> read_frame(std::int64_t segment, std::uint32_t offset);
  std::optional<DeliveryRowState> row_of(const Sink& sink, const LogEntry& entry);
  void write_event(const LogEntry& entry, const Frame& frame, const EventOutline& outline);
  void write_keys(const LogEntry& entry, const Frame& frame);
  void write_row(Sink& sink, const LogEntry& entry, const DeliveryRowState& row);
  void copy_held();
  void copy_counters();
  void copy_sink(const Sink& sink);

  Database& from_;
  Database& to_;
  FrameFiles files_;
  EventLog log_;
  EventNames names_;
  std::int64_t base_ms_ = 0;
  std::map<std::int64_t, std::string> segments_;  // that are kept
  std::vector<Sink> sinks_;
  std::uint64_t kept_up_to_ = 0;
  ExportedStore report_;
};

void StoreExport::copy_segments() {
  Query rows = from_.query(
      "SELECT number, name, offset, ended, frames, last_us FROM segment WHERE leaving < 2");
  while (rows.next()) {
    segments_[rows.number(0)] = rows.text(1);
    to_.query(
           "INSERT INTO segment(number, name, offset, ended, frames, last_us) "
           "VALUES(?, ?, ?, ?, ?, ?)",
           rows.number(0), rows.text(1), rows.number(2), rows.number(3), rows.number(4),
           rows.number(5))
        .run();
  }
}

// By number: those of the log, and between them those that are kept alone.
void StoreExport::copy_events() {
  std::uint64_t next = 0;
  for (std::vector<LogEntry> entries = log_.from(next); !entries.empty();
       entries = log_.from(next)) {
    for (const LogEntry& entry : entries) {
      if (segments_.count(entry.segment) == 0) continue;
      copy_kept_before(entry.seq);
      copy_event(entry);
      kept_up_to_ = entry.seq;
    }
    next = entries.back().seq + 1;
  }
  copy_kept_before(SinkSpan::kOpen);
}

void StoreExport::copy_kept_before(std::uint64_t seq) {
  for (;;) {
    const std::vector<std::uint64_t> kept = kept_numbers_behind(from_, kept_up_to_, kKeptAtATime);
    for (const std::uint64_t number : kept) {
      if (number >= seq) return;
      kept_up_to_ = number;
      if (const std::optional<KeptEvent> event = find_kept_event(from_, number)) {
        copy_event(event->entry);
      }
    }
    if (kept.size() < kKeptAtATime) return;
  }
}

std::optional<StoreExport::Frame> StoreExport::read_frame(std::int64_t segment,
                                                          std::uint32_t offset) {
  const auto name = segments_.find(segment);
  if (name == segments_.end()) return std::nullopt;
  const Result<std::optional<std::string>> payload = files_.payload(name->second, offset);
  if (!payload || !*payload) return std::nullopt;
  Result<SpooledEvent> spooled = parse_spooled_event(**payload);
  if (!spooled) return std::nullopt;
  return Frame{std::string(spooled->json), std::move(spooled->keys)};
}

void StoreExport::copy_event(const LogEntry& entry) {
  std::optional<Frame> frame = read_frame(entry.segment, entry.offset);
  std::optional<KeptEvent> kept = frame ? std::nullopt : find_kept_event(from_, entry.seq);
  if (kept) frame = Frame{std::move(kept->json), {}};
  const Result<EventOutline> outline = outline_of(frame ? frame->json : std::string());
  if (outline) {
    write_event(entry, *frame, *outline);
    write_keys(entry, *frame);
    ++report_.events;
  } else {
    ++report_.unreadable;
  }
  bool is_unfinished = false;
  for (Sink& sink : sinks_) {
    const std::optional<DeliveryRowState> row = row_of(sink, entry);
    if (!row) continue;
    is_unfinished = is_unfinished || row->state != DeliveryState::kDelivered;
    if (outline) write_row(sink, entry, *row);
  }
  report_.unfinished += !outline && is_unfinished ? 1 : 0;
}

std::optional<DeliveryRowState> StoreExport::row_of(const Sink& sink, const LogEntry& entry) {
  std::optional<DeliveryRowState> row = find_delivery_row(from_, sink.state.id, entry.seq);
  if (row) return static_cast<int>(row->state) == kDroppedState ? std::nullopt : row;
  const bool was_given =
      entry.segment != 0 && sink.state.was_given(entry.seq, names_.name_of(entry.name));
  if (!was_given) return std::nullopt;
  const bool is_delivered = sink.state.progress.is_settled(entry.seq);
  row.emplace();
  row->state = is_delivered ? DeliveryState::kDelivered : DeliveryState::kWaiting;
  row->attempts = is_delivered || entry.presumed ? 1 : 0;
  row->begun_ms = entry.begun_ms;
  return row;
}

void StoreExport::write_event(const LogEntry& entry, const Frame& frame,
                              const EventOutline& outline) {
  const CallStep step = step_of(outline);
  const bool has_segment = segments_.count(entry.segment) > 0;
  to_.query(
         "INSERT INTO event(seq, id, lane, call, name, step, stage, leg, talked, accepted_us, "
         "late, segment, offset, body) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0), ?, ?)",
         entry.seq, entry.id(), entry.lane, outline.call, outline.name, static_cast<int>(step.kind),
         step.stage, step.leg, step.talked, entry.accepted_us, entry.late,
         has_segment ? static_cast<std::int64_t>(entry.segment) : 0,
         static_cast<std::int64_t>(entry.offset), frame.json)
      .run();
}

void StoreExport::write_keys(const LogEntry& entry, const Frame& frame) {
  for (const WebhookKey& key : frame.keys) {
    report_.keys += static_cast<std::uint64_t>(
        to_.query("INSERT OR IGNORE INTO seen(key, accepted_us, id, taken_us) VALUES(?, ?, ?, ?)",
                  std::span<const std::uint8_t>(key), entry.even_us, entry.id(),
                  entry.begun_ms * 1000)
            .run());
  }
}

void StoreExport::write_row(Sink& sink, const LogEntry& entry, const DeliveryRowState& row) {
  ++sink.rows;
  sink.delivered += row.state == DeliveryState::kDelivered ? 1 : 0;
  to_.query(
         "INSERT INTO delivery(sink, seq, lane, state, attempts, failures, next_ms, begun_ms, "
         "error) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
         sink.state.id, entry.seq, entry.delivery_lane(), static_cast<int>(row.state), row.attempts,
         row.failures, row.next_ms, row.begun_ms + base_ms_, row.error)
      .run();
}

void StoreExport::copy_held() {
  Query rows = from_.query("SELECT number, segment, offset, accepted_us FROM held");
  while (rows.next()) {
    const std::optional<Frame> frame =
        read_frame(rows.number(1), static_cast<std::uint32_t>(rows.number(2)));
    const Result<EventOutline> outline = outline_of(frame ? frame->json : std::string());
    if (!outline || !outline->call) {
      ++report_.unreadable;
      ++report_.unfinished;
      continue;
    }
    const CallStep step = step_of(*outline);
    to_.query(
           "INSERT INTO held(number, id, lane, call, name, step, stage, leg, talked, accepted_us, "
           "segment, offset, body) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
           rows.number(0), outline->id, lane_of_call(*outline->call), outline->call, outline->name,
           static_cast<int>(step.kind), step.stage, step.leg, step.talked, rows.number(3),
           rows.number(1), rows.number(2), frame->json)
        .run();
    LogEntry entry;
    entry.set_id(outline->id);
    entry.even_us = rows.number(3);
    entry.begun_ms = read_store_time(from_).age_us / 1000;
    write_keys(entry, *frame);
  }
}

void StoreExport::copy_counters() {
  Query rows = from_.query("SELECT name, value FROM counter WHERE name <> 'last_seq'");
  while (rows.next()) write_counter(to_, rows.text(0).c_str(), rows.number(1));
  add_to_counter(to_, "forgotten", static_cast<std::int64_t>(report_.unreadable));
  to_.query("DELETE FROM sqlite_sequence WHERE name = 'event'").run();
  to_.query("INSERT INTO sqlite_sequence(name, seq) VALUES('event', ?)", from_.number(kLastNumber))
      .run();
}

void StoreExport::copy_sink(const Sink& sink) {
  Query row = from_.query("SELECT delivered, dropped FROM sink WHERE number = ?", sink.state.id);
  if (!row.next()) return;
  const std::int64_t forgotten = row.number(0) - sink.delivered;
  const std::vector<SinkSpan>& spans = sink.state.spans;
  const std::string events = spans.empty() ? "" : list_of_events(spans.back().events);
  to_.query(
         "INSERT INTO sink(number, name, configured, events, taken, forgotten, dropped) "
         "VALUES(?, ?, ?, ?, ?, ?, ?)",
         sink.state.id, sink.state.name, sink.state.configured, events,
         sink.rows + forgotten + row.number(1), forgotten, row.number(1))
      .run();
}

// --- Files.

Result<void> make_empty_file(const std::string& path) {
  const Descriptor file(
      open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, kSpoolFileMode));
  return file.valid() ? Result<void>() : system_error("cannot make", path);
}

Result<ExportedStore> write_former_file(Database& from, const std::string& path,
                                        const std::string& spool) {
  if (Result<void> made = make_empty_file(path); !made) return made.error();
  Result<std::unique_ptr<Database>> opened = Database::open(path, Database::Access::kChange);
  if (!opened) return opened.error();
  Database& to = **opened;
  to.run_script("PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY");
  ExportedStore exported;
  Result<void> written;
  const Result<void> read = from.read([&] {
    written = to.change([&] {
      exported = StoreExport(from, to, spool).run();
      to.run_script("PRAGMA application_id = " + std::to_string(kStoreApplicationId));
      to.run_script("PRAGMA user_version = " + std::to_string(kFormerStoreLayout));
    });
  });
  if (!read) return read.error();
  if (!written) return written.error();
  return exported;
}

// What SQLite keeps beside a store that is open, and would take for that of its successor.
Result<void> check_closed(const std::string& path) {
  if (access((path + "-wal").c_str(), F_OK) != 0) return {};
  return Error{"'" + path + "' is open in another program; end that first (fuser)"};
}

Result<void> put_in_place(const std::string& path, const std::string& written) {
  const std::string aside = path + ".layout-2";
  if (unlink(aside.c_str()) != 0 && errno != ENOENT) return system_error("cannot remove", aside);
  if (link(path.c_str(), aside.c_str()) != 0) return system_error("cannot make", aside);
  if (rename(written.c_str(), path.c_str()) != 0) return system_error("cannot rename", written);
  return {};
}

}  // namespace

Result<ExportedStore> export_former_store(const std::string& spool) {
  const std::string path = store_path(spool);
  const std::string written = path + ".layout-1";
  Result<ExportedStore> exported = ExportedStore();
  {
    // Who may change it is who takes its log over into it when he closes it.
    const Result<std::unique_ptr<Database>> from =
        connect_to_store(spool, Database::Access::kChange);
    if (!from) return from.error();
    exported = write_former_file(**from, written, spool);
  }
  Result<void> done = exported ? check_closed(path) : Result<void>(exported.error());
  if (done) done = put_in_place(path, written);
  if (done) return exported;
  unlink(written.c_str());
  return done.error();
}

}  // namespace plivo_dial
