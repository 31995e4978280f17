// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/importer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "lib/delivery/system_file.h"
#include "lib/event/json.h"

namespace plivo_dial {
namespace {

// The numbers that recorded runs give to the frames of a segment, walked over in file order.
class RecordedNumbers {
 public:
  explicit RecordedNumbers(std::vector<ImportedRun> runs) : runs_(std::move(runs)) {}

  // The number of the frame at `offset`, or 0 when it has none yet.
  std::uint64_t next(std::size_t offset) {
    while (run_ + 1 < runs_.size() && runs_[run_ + 1].offset <= offset) {
      ++run_;
      used_ = 0;
    }
    if (run_ >= runs_.size() || runs_[run_].offset > offset || used_ == runs_[run_].count) return 0;
    return runs_[run_].first_seq + used_++;
  }

 private:
  std::vector<ImportedRun> runs_;
  std::size_t run_ = 0;
  std::uint64_t used_ = 0;
};

}  // namespace

Importer::Importer(std::string spool, DeliveryStore& store, EventQueue& queue, Log& log)
    : spool_(std::move(spool)), store_(store), queue_(queue), log_(log) {}

std::string Importer::path_of(const std::string& name) const {
  return spool_ + "/in/" + name;
}

void Importer::scan_all() {
  Result<std::vector<std::string>> names = list_segments(spool_);
  if (!names) {
    complain_once(log_id::kUnreadableSpool, "", names.error().message);
    return;
  }
  for (const std::string& name : *names) scan(name);
}

void Importer::scan(const std::string& name) {
  if (!is_segment_name(name)) return;
  const auto known = segments_.find(name);
  if (known != segments_.end() && known->second.ended) return;
  Result<std::unique_ptr<SegmentReader>> reader = SegmentReader::open(path_of(name));
  if (!reader) {
    // A notice of the file system may come late, when the segment has been delivered and removed.
    if (access(path_of(name).c_str(), F_OK) != 0 && errno == ENOENT) return;
    complain_once(log_id::kRefusedSegment, name, reader.error().message);
    return;
  }
  Segment& segment = segments_[name];
  if (!segment.name) segment.name = std::make_shared<const std::string>(name);
  Result<SegmentScan> scan = (*reader)->scan(segment.next_offset);
  if (!scan) {
    complain_once(log_id::kUnreadableSpool, name, scan.error().message);
    return;
  }
  take(*scan, **reader, &segment);
}

void Importer::take(const SegmentScan& scan, const SegmentReader& reader, Segment* segment) {
  for (const BadRange& range : scan.bad_ranges) report_bad_range(range, reader, *segment->name);
  number_frames(scan, segment);
  segment->next_offset = scan.next_offset;
  segment->ended = scan.state != SegmentState::kOpen;
}

void Importer::number_frames(const SegmentScan& scan, Segment* segment) {
  RecordedNumbers recorded(segment->next_offset == 0 ? store_.runs(*segment->name)
                                                     : std::vector<ImportedRun>());
  std::vector<std::uint64_t> numbers;
  for (const SegmentFrame& frame : scan.frames) numbers.push_back(recorded.next(frame.offset));
  const auto missing = std::count(numbers.begin(), numbers.end(), std::uint64_t{0});
  if (missing > 0) {
    const auto first = std::find(numbers.begin(), numbers.end(), std::uint64_t{0});
    const std::size_t offset =
        scan.frames[static_cast<std::size_t>(first - numbers.begin())].offset;
    std::uint64_t seq = 0;
    const Result<void> saved =
        store_.record_import(*segment->name, offset, static_cast<std::uint64_t>(missing), &seq);
    if (!saved) complain_once(log_id::kNotRecorded, "import", saved.error().message);
    for (std::uint64_t& number : numbers) number = number == 0 ? seq++ : number;
  }

  std::vector<QueuedEvent> events;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const SegmentFrame& frame = scan.frames[i];
    segment->last_seq = std::max(segment->last_seq, numbers[i]);
    if (const Result<Event> event = event_from_json(frame.payload); !event) {
      if (quarantine(*segment->name, frame.offset, frame.payload)) {
        log_.write(LogLevel::kError, log_id::kNoEvent,
                   "'" + path_of(*segment->name) + "' offset " + std::to_string(frame.offset) +
                       " holds no event: " + escaped(event.error().message) +
                       "; copied to quarantine");
      }
      continue;
    }
    events.push_back({numbers[i], segment->name, frame.offset});
  }
  queue_.add(std::move(events));
}

void Importer::report_bad_range(const BadRange& range, const SegmentReader& reader,
                                const std::string& name) {
  Result<std::string> bytes = reader.read_bytes(range.offset, range.length);
  if (bytes && !quarantine(name, range.offset, *bytes)) return;  // reported before a restart
  log_.write(LogLevel::kError, log_id::kHarmedSegment,
             "'" + path_of(name) + "' is harmed at offset " + std::to_string(range.offset) + ", " +
                 std::to_string(range.length) + " bytes" +
                 (range.at_end ? " at its end, as a rule an event that its writer died over and "
                                 "never accepted"
                               : "") +
                 "; copied to quarantine, the rest is delivered");
}

// False when the same bytes are there already.
bool Importer::quarantine(const std::string& name, std::size_t offset, std::string_view bytes) {
  const std::string directory = spool_ + "/quarantine";
  const std::string path = directory + "/" + name + "-" + std::to_string(offset);
  Result<void> kept = make_directory(directory);
  if (kept) {
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    const Descriptor file(open(path.c_str(), flags, 0640));
    if (!file.valid() && errno == EEXIST) return false;
    kept = file.valid() ? write_all(file.get(), path, bytes) : system_error("cannot create", path);
    if (kept && fsync(file.get()) != 0) kept = system_error("cannot sync", path);
  }
  if (!kept) log_.write(LogLevel::kError, log_id::kQuarantineFailed, kept.error().message);
  return true;
}

void Importer::remove_delivered(std::uint64_t delivered_seq) {
  bool prepared = false;
  for (auto entry = segments_.begin(); entry != segments_.end();) {
    const auto& [name, segment] = *entry;
    if (!segment.ended || segment.last_seq > delivered_seq) {
      ++entry;
      continue;
    }
    if (!prepared) {
      const Result<void> saved = store_.prepare_removal();
      if (!saved) complain_once(log_id::kNotRecorded, "removal", saved.error().message);
      prepared = true;
    }
    queue_.remove_segment(name);
    if (unlink(path_of(name).c_str()) != 0 && errno != ENOENT) {
      complain_once(log_id::kUnreadableSpool, name,
                    system_error("cannot remove", path_of(name)).message);
      ++entry;
      continue;
    }
    store_.forget(name);
    entry = segments_.erase(entry);
  }
}

void Importer::complain_once(std::string_view id, const std::string& name,
                             const std::string& text) {
  if (complained_.insert(std::string(id) + name).second) log_.write(LogLevel::kError, id, text);
}

}  // namespace plivo_dial
