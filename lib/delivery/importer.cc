// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/importer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <queue>

#include "lib/base/system_file.h"
#include "lib/base/wall_clock.h"
#include "lib/event/event_outline.h"
#include "lib/event/spooled_event.h"
#include "lib/spool/segment_file.h"
#include "lib/spool/segment_format.h"
#include "lib/spool/segment_name.h"
#include "lib/spool/spool_layout.h"

namespace plivo_dial {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

constexpr int kReadingTries = 60;  // of import_all(), which is called once a second

constexpr std::int64_t kMicrosecond = 1000;                           // in nanoseconds
constexpr std::uint64_t kLongestTime = (std::uint64_t{1} << 62) - 1;  // the year 2116

constexpr std::size_t kReadAhead = 16 * 1024;
constexpr std::size_t kKeptBytes = 1024 * 1024;  // of payloads that need no second reading

}  // namespace

Importer::Importer(std::string spool, EventStore& store, Log& log)
    : spool_(std::move(spool)),
      boot_(this_boot()),
      store_(store),
      log_(log),
      files_(spool_, kReadAhead) {}

Importer::Moment Importer::now() {
  return {boot_time_us() * kMicrosecond, wall_clock_ns()};
}

// Frames of this boot are behind all others, and in the order of their writing: from 0 on. Those of
// earlier boots have the wall clock alone, below 0, and so have in this boot those of writers of
// former versions, as far as it goes by the even clock.
std::int64_t Importer::order_of(const SegmentFrame& frame, bool this_boot) const {
  const auto wall_ns = static_cast<std::int64_t>(frame.time_ns & kLongestTime);
  if (!this_boot) return wall_ns - static_cast<std::int64_t>(kLongestTime) - 1;
  if ((frame.sequence & kSharedSequence) != 0) {
    return static_cast<std::int64_t>(frame.sequence & ~kSharedSequence);
  }
  return std::max<std::int64_t>(0, wall_ns - store_.clock().even_us_at(0) * kMicrosecond);
}

std::string Importer::path_of(const std::string& name) const {
  return path_in_spool(spool_, kSegmentDirectory) + "/" + name;
}

Result<void> Importer::load() {
  Result<std::vector<SegmentMark>> marks = store_.intake().segments();
  if (!marks) return marks.error();
  // A store that was just made learns what it should know from the frames, from the first one on.
  const bool from_start = store_.intake().is_catching_up();
  for (const SegmentMark& mark : *marks) {
    Segment& segment = segments_[mark.name];
    segment.stored = true;
    if (from_start) continue;
    segment.next_offset = mark.offset;
    segment.ended = mark.ended;
  }
  return {};
}

Importer::Round Importer::import_all(const GoOn& go_on) {
  const Moment until = now();  // before the look: what it finds is all there is
  Result<std::vector<std::string>> names = list_segments(spool_);
  if (!names) {
    complain_once(log_id::kUnreadableSpool, "", names.error().message);
    return {{}, false};
  }
  const bool noted = note_gone_segments(*names);
  counts_failures_ = true;
  Round round = import_segments(*names, until, go_on);
  counts_failures_ = false;
  round.complete = round.complete && noted;
  return round;
}

Importer::Round Importer::import(const std::set<std::string>& names, const Moment& until,
                                 const GoOn& go_on) {
  return import_segments({names.begin(), names.end()}, until, go_on);
}

// Events of several segments come in the order of their acceptance: what was accepted before that
// moment is seen by the reading that begins now, and what is younger waits for the next round.
Importer::Round Importer::import_segments(const std::vector<std::string>& names,
                                          const Moment& until, const GoOn& go_on) {
  Round round;
  kept_bytes_ = 0;
  std::vector<Found> found;
  for (const std::string& name : names) {
    const std::size_t before = found.size();
    find_new(name, until, &found, &round);
    // Most looks find nothing in most segments, and deliveries need not hear of that.
    if (found.size() == before || go_on()) continue;
    round.complete = false;
    return round;
  }
  if (!take_in(std::move(found), go_on)) round.complete = false;
  return round;
}

// Looks at what has just changed may be many in a second.
bool Importer::has_failed_for_long(int* failures) const {
  if (counts_failures_) ++*failures;
  return *failures >= kReadingTries;
}

void Importer::find_new(const std::string& name, const Moment& until, std::vector<Found>* all,
                        Round* round) {
  if (!is_segment_name(name)) return;
  const auto known = segments_.find(name);
  if (known != segments_.end() && known->second.ended) return;
  Result<std::unique_ptr<SegmentReader>, SegmentOpenError> reader =
      SegmentReader::open_if_there(path_of(name));
  if (!reader) {
    const bool may_pass = reader.error().may_pass && !has_failed_for_long(&failed_opens_[name]);
    if (may_pass) round->complete = false;
    return complain_once(log_id::kRefusedSegment, name, reader.error().message);
  }
  failed_opens_.erase(name);
  // Gone by now, since writers remove what holds nothing; or still being made.
  if (*reader == nullptr) return;
  Segment& segment = segments_[name];
  Result<SegmentScan> scan = (*reader)->scan(segment.next_offset);
  if (!scan) {
    complain_once(log_id::kUnreadableSpool, name, scan.error().message);
    round->complete = false;
    return;
  }
  if (scan->unreadable > 0 && !has_failed_for_long(&segment.failed_looks)) {
    complain_once(log_id::kUnreadableSpool, name,
                  "cannot read " + std::to_string(scan->unreadable) + " bytes of '" +
                      path_of(name) + "'; it is tried again for a minute");
    round->complete = false;
    return;
  }
  for (const BadRange& range : scan->bad_ranges) report_bad_range(range, **reader, name);
  // What the disk does not give now may be read another day.
  segment.used = scan->unreadable > 0 ? 0 : scan->used;
  Found found;
  found.name = name;
  list_frames(std::move(*scan), until, &segment, &found, round);
  if (!found.frames.empty() || found.end.ended) {
    all->push_back(std::move(found));
  } else {
    segment.next_offset = found.end.offset;
  }
}

void Importer::list_frames(SegmentScan scan, const Moment& until, Segment* segment, Found* found,
                           Round* round) {
  const bool this_boot = !boot_.empty() && boot_of_segment(found->name) == boot_;
  found->end = {found->name, scan.next_offset, scan.state != SegmentState::kOpen};
  for (SegmentFrame& frame : scan.frames) {
    const std::int64_t order = order_of(frame, this_boot);
    const bool is_younger = this_boot ? order > until.boot_ns : frame.time_ns > until.wall_ns;
    // A clock that was set back must not hold a frame up for longer than one round.
    if (is_younger && frame.offset >= segment->known_offset) {
      found->end = {found->name, frame.offset, false};
      round->more.insert(found->name);
      break;
    }
    found->frames.push_back({order, frame.time_ns, static_cast<std::uint32_t>(frame.offset)});
    const bool all_kept = found->payloads.size() + 1 == found->frames.size();
    if (!all_kept || kept_bytes_ + frame.payload.size() > kKeptBytes) continue;
    kept_bytes_ += frame.payload.size();
    found->payloads.push_back(std::move(frame.payload));
  }
  segment->known_offset = scan.next_offset;
}

bool Importer::take_in(std::vector<Found> found, const GoOn& go_on) {
  ImportBatch batch;
  for (const Found& one : found) {
    if (one.frames.empty()) batch.segments.push_back(one.end);
  }
  for (;;) {
    const std::vector<Choice> chosen = next_frames(&found);
    if (chosen.empty() && batch.segments.empty()) return true;
    if (!fill_batch(chosen, found, &batch) || !import_batch(batch)) return false;
    batch = {};
    if (!go_on()) return false;
  }
}

// The oldest frames of all, at most so many as go into one transaction; those of one segment stay
// in their order.
std::vector<Importer::Choice> Importer::next_frames(std::vector<Found>* found) {
  using Next = std::pair<std::int64_t, std::size_t>;  // order, segment
  std::priority_queue<Next, std::vector<Next>, std::greater<>> oldest;
  const auto add = [&](std::size_t i) {
    const Found& one = (*found)[i];
    if (one.next < one.frames.size()) oldest.emplace(one.frames[one.next].order, i);
  };
  for (std::size_t i = 0; i < found->size(); ++i) add(i);
  std::vector<Choice> chosen;
  while (!oldest.empty() && chosen.size() < kImportFrames) {
    const std::size_t i = oldest.top().second;
    oldest.pop();
    chosen.emplace_back(i, (*found)[i].next++);
    add(i);
  }
  return chosen;
}

// False when a frame can't be read any more.
bool Importer::fill_batch(const std::vector<Choice>& chosen, const std::vector<Found>& found,
                          ImportBatch* batch) {
  batch->now = steady_clock::now();
  batch->frames.resize(chosen.size());
  std::map<std::size_t, std::vector<std::size_t>> by_segment;  // places in `chosen`
  for (std::size_t place = 0; place < chosen.size(); ++place) {
    by_segment[chosen[place].first].push_back(place);
  }
  for (const auto& [number, places] : by_segment) {
    const Found& one = found[number];
    for (const std::size_t place : places) {
      const std::size_t index = chosen[place].second;
      const FrameRef& frame = one.frames[index];
      if (index < one.payloads.size()) {
        batch->frames[place] = read_frame(one.name, frame, one.payloads[index]);
      } else {
        const Result<std::optional<std::string>> payload = files_.payload(one.name, frame.offset);
        if (!payload || !*payload) {
          complain_once(log_id::kUnreadableSpool, one.name,
                        payload ? "'" + path_of(one.name) + "' has no whole frame at offset " +
                                      std::to_string(frame.offset) + " any more"
                                : payload.error().message);
          return false;
        }
        batch->frames[place] = read_frame(one.name, frame, **payload);
      }
      batch->frames[place].segment = batch->segments.size();
    }
    const bool all = one.next == one.frames.size();
    batch->segments.push_back(all ? one.end
                                  : SegmentMark{one.name, one.frames[one.next].offset, false});
  }
  return true;
}

ImportFrame Importer::read_frame(const std::string& name, const FrameRef& frame,
                                 std::string_view payload) {
  ImportFrame out;
  out.offset = frame.offset;
  out.accepted_us = static_cast<std::int64_t>(frame.time_ns / kMicrosecond);
  out.even_us = frame.order < 0 ? std::min(out.accepted_us, store_.clock().even_us())
                                : store_.clock().even_us_at(frame.order / kMicrosecond);
  out.old_seq = store_.intake().old_seq_of(name, frame.offset);
  Result<SpooledEvent> spooled = parse_spooled_event(payload);
  Result<EventOutline> event = spooled ? outline_of(spooled->json) : spooled.error();
  if (event) {
    out.keys = std::move(spooled->keys);
    out.of_flow = event->of_flow;
    const CallStep step = step_of(*event);
    out.head =
        EventHead{std::move(event->id), std::move(event->name), std::move(event->call), step};
    return out;
  }
  if (quarantine(name, frame.offset, payload)) {
    log_.write(LogLevel::kError, log_id::kNoEvent,
               "'" + path_of(name) + "' offset " + std::to_string(frame.offset) +
                   " holds no event: " + escaped(event.error().message) + "; copied to quarantine");
  }
  return out;
}

bool Importer::import_batch(const ImportBatch& batch) {
  const Result<ImportReport> report = store_.intake().import(batch);
  if (!report) {
    complain_once(log_id::kNotRecorded, "import", report.error().message);
    return false;
  }
  complained_.erase(std::string(log_id::kNotRecorded) + "import");
  for (const SegmentMark& mark : batch.segments) {
    Segment& segment = segments_[mark.name];
    segment.next_offset = mark.offset;
    segment.ended = mark.ended;
    segment.stored = true;
    if (segment.ended && segment.used > 0) cut_ended_segment(path_of(mark.name), segment.used);
  }
  for (const ImportReport::Duplicate& duplicate : report->duplicates) {
    const std::string text = "event " + escaped(duplicate.id) + " is a duplicate of event " +
                             escaped(duplicate.first_id) + " and goes nowhere";
    if (!duplicate.of_flow) {
      log_.write(LogLevel::kInfo, log_id::kDuplicate, text);
      continue;
    }
    // Plivo repeats what it signs; flows are not known to, but their authors mix up variables.
    log_.write(LogLevel::kWarning, log_id::kFlowDuplicate,
               text +
                   ": a flow sent the same twice. If these were two calls, it gives both the id "
                   "of one");
  }
  return true;
}

// Nothing more will come of segments whose files somebody removed. Writers remove none that holds
// events.
bool Importer::note_gone_segments(const std::vector<std::string>& names) {
  const std::set<std::string> there(names.begin(), names.end());
  ImportBatch batch;
  batch.now = steady_clock::now();
  for (auto entry = segments_.begin(); entry != segments_.end();) {
    const auto& [name, segment] = *entry;
    const bool gone = !segment.ended && there.count(name) == 0;
    if (gone && segment.stored) {
      batch.segments.push_back({name, segment.next_offset, true, true});
      complain_once(log_id::kSegmentGone, name,
                    "'" + path_of(name) + "' was removed by somebody; events in it that no sink " +
                        "had, if any, are lost. Leave the files of the spool to "
                        "plivo-diald");
    }
    entry = gone && !segment.stored ? segments_.erase(entry) : std::next(entry);
  }
  return batch.segments.empty() || import_batch(batch);
}

void Importer::report_bad_range(const BadRange& range, const SegmentReader& reader,
                                const std::string& name) {
  const Result<std::string> bytes = reader.read_bytes(range.offset, range.length);
  const bool is_new = bytes ? quarantine(name, range.offset, *bytes) : quarantine_file(name);
  if (!is_new) return;  // reported before
  log_.write(LogLevel::kError, log_id::kHarmedSegment,
             "'" + path_of(name) + "' is harmed at offset " + std::to_string(range.offset) + ", " +
                 std::to_string(range.length) + " bytes" +
                 (range.at_end ? " at its end, as a rule an event that its writer died over and "
                                 "never accepted"
                               : "") +
                 (bytes ? "; copied to quarantine"
                        : ", which cannot be read; the file is kept in "
                          "quarantine") +
                 ", the rest is delivered");
}

// Where bytes cannot be read now, somebody may read them later. False when it is there already.
bool Importer::quarantine_file(const std::string& name) {
  const std::string directory = path_in_spool(spool_, kQuarantineDirectory);
  const std::string path = directory + "/" + name;
  Result<void> kept = make_directory(directory);
  if (kept && link(path_of(name).c_str(), path.c_str()) != 0) {
    if (errno == EEXIST) return false;
    kept = system_error("cannot create", path);
  }
  if (!kept) log_.write(LogLevel::kError, log_id::kQuarantineFailed, kept.error().message);
  return true;
}

// False when the same bytes are there already.
bool Importer::quarantine(const std::string& name, std::size_t offset, std::string_view bytes) {
  const std::string directory = path_in_spool(spool_, kQuarantineDirectory);
  const std::string path = directory + "/" + name + "-" + std::to_string(offset);
  Result<void> kept = make_directory(directory);
  if (kept) {
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    const Descriptor file(open(path.c_str(), flags, kSpoolFileMode));
    if (!file.valid() && errno == EEXIST) return false;
    kept = file.valid() ? write_all(file.get(), path, bytes) : system_error("cannot create", path);
    if (kept && fsync(file.get()) != 0) kept = system_error("cannot sync", path);
  }
  if (!kept) log_.write(LogLevel::kError, log_id::kQuarantineFailed, kept.error().message);
  return true;
}

bool Importer::remove_some_finished(microseconds keep) {
  if (removed_.empty()) return remove_files(keep);
  const std::string& name = removed_.back();
  const Result<bool> more = store_.upkeep().forget_some_of(name);
  if (!more) {
    complain_once(log_id::kNotRecorded, "removal", more.error().message);
    removed_.clear();  // they are found again
    return false;
  }
  if (*more) return true;
  segments_.erase(name);
  removed_.pop_back();
  return true;
}

// Of finished segments. Whether there were any.
bool Importer::remove_files(microseconds keep) {
  const Result<std::vector<std::string>> finished =
      store_.upkeep().finished_segments(store_.clock().even_us(), keep);
  if (!finished) {
    complain_once(log_id::kNotRecorded, "removal", finished.error().message);
    return false;
  }
  std::vector<std::string> removed;
  for (const std::string& name : *finished) {
    if (unlink(path_of(name).c_str()) == 0 || errno == ENOENT) {
      removed.push_back(name);
    } else {
      complain_once(log_id::kUnreadableSpool, name,
                    system_error("cannot remove", path_of(name)).message);
    }
  }
  if (removed.empty()) return false;
  // A file that came back after a power cut would be taken in again.
  const std::string directory = path_in_spool(spool_, kSegmentDirectory);
  const Descriptor parent(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!parent.valid() || fsync(parent.get()) != 0) {
    complain_once(log_id::kUnreadableSpool, directory,
                  system_error("cannot sync directory", directory).message);
    return false;
  }
  removed_ = std::move(removed);
  return true;
}

void Importer::complain_once(std::string_view id, const std::string& name,
                             const std::string& text) {
  if (complained_.insert(std::string(id) + name).second) log_.write(LogLevel::kError, id, text);
}

}  // namespace plivo_dial
