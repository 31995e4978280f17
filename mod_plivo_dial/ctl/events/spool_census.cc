// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/events/spool_census.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <map>
#include <thread>

#include "lib/spool/segment_format.h"
#include "lib/spool/segment_name.h"
#include "lib/spool/segment_reader.h"
#include "lib/spool/spool_layout.h"
#include "mod_plivo_dial/ctl/events/events_spool.h"

namespace plivo_dial::ctl {
namespace {

namespace fs = std::filesystem;

constexpr int kLooks = 5;
constexpr std::chrono::milliseconds kBetweenLooks{200};

// Unlike list_segments() removes nothing.
Result<std::vector<std::string>> segment_files(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(directory, error);
  if (error == std::errc::no_such_file_or_directory) return names;
  while (!error && entry != fs::directory_iterator()) {
    const std::string name = entry->path().filename().string();
    if (is_segment_name(name)) names.push_back(name);
    entry.increment(error);
  }
  if (error) return Error{"cannot read directory '" + directory + "': " + error.message()};
  std::sort(names.begin(), names.end(), segment_name_less);
  return names;
}

class Census {
 public:
  Census(const std::string& directory, CensusDepth depth) : directory_(directory), depth_(depth) {}

  // `known`: what the store has of it; null when it has nothing.
  void count_file(const std::string& name, const SegmentStatus* known);
  void note_missing(const SegmentStatus& known);
  SegmentCensus take() { return std::move(census_); }

 private:
  void differs(const std::string& name, const std::string& how) {
    census_.differences.push_back("segment " + name + " " + how);
  }
  void compare_length(const SegmentStatus& known, std::uint64_t size);
  void compare_frames(const SegmentStatus& known, std::uint64_t frames_in,
                      std::uint64_t frames_behind);

  const std::string directory_;
  const CensusDepth depth_;
  SegmentCensus census_;
};

void Census::count_file(const std::string& name, const SegmentStatus* known) {
  const std::string path = directory_ + "/" + name;
  const bool ended = known != nullptr && known->ended;
  const std::size_t offset = known == nullptr ? 0 : known->offset;
  if (depth_ == CensusDepth::kNew && ended) {
    ++census_.files;
    return;
  }
  Result<std::unique_ptr<SegmentReader>, SegmentOpenError> reader =
      SegmentReader::open_if_there(path);
  // Writers and the dispatcher remove segments; what was in this one is in the store or nothing.
  if (reader && *reader == nullptr) return;
  ++census_.files;
  if (!reader) return differs(name, "cannot be read: " + reader.error().message);
  const Result<SegmentScan> scan = (*reader)->scan(depth_ == CensusDepth::kAll ? 0 : offset);
  if (!scan) return differs(name, "cannot be read: " + scan.error().message);
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) file.st_size = static_cast<off_t>(scan->next_offset);
  std::uint64_t frames_in = 0;
  std::uint64_t frames_behind = 0;
  std::uint64_t bytes_behind = 0;
  for (const SegmentFrame& frame : scan->frames) {
    if (frame.offset < offset) {
      ++frames_in;
    } else {
      ++frames_behind;
      bytes_behind += kFrameHeaderSize + frame.payload.size();
    }
  }
  if (known != nullptr && depth_ == CensusDepth::kAll) {
    // Its writer cut off what was not accepted, after the dispatcher had seen it.
    if (!scan->is_cut) compare_length(*known, static_cast<std::uint64_t>(file.st_size));
    compare_frames(*known, frames_in, frames_behind);
  }
  if (ended) return;
  census_.new_events += frames_behind;
  census_.new_bytes += bytes_behind;
}

void Census::compare_length(const SegmentStatus& known, std::uint64_t size) {
  if (known.offset <= size) return;
  differs(known.name, "has " + std::to_string(size) + " bytes, but the store has taken in " +
                          std::to_string(known.offset) + ": the file was cut or exchanged");
}

// Fewer whole frames than the store took in are no loss: bytes rotted that are in the store.
void Census::compare_frames(const SegmentStatus& known, std::uint64_t frames_in,
                            std::uint64_t frames_behind) {
  if (frames_in > known.frames) {
    differs(known.name, "holds " + std::to_string(frames_in) + " events before offset " +
                            std::to_string(known.offset) + ", but the store has taken in " +
                            std::to_string(known.frames) + " of them: the others go nowhere");
  }
  if (known.ended && frames_behind > 0) {
    differs(known.name, "is at its end for the store, but holds " + std::to_string(frames_behind) +
                            " more events: they go nowhere");
  }
}

void Census::note_missing(const SegmentStatus& known) {
  if (known.ended) return;  // all of it is in the store, and it may be removed
  differs(known.name, "is gone, and the store had not seen its end: what it held behind offset " +
                          std::to_string(known.offset) + " is lost, if it held anything there");
}

}  // namespace

Result<SegmentCensus> count_segments(const std::string& spool,
                                     const std::vector<SegmentStatus>& segments,
                                     CensusDepth depth) {
  const std::string directory = path_in_spool(spool, kSegmentDirectory);
  const Result<std::vector<std::string>> names = segment_files(directory);
  if (!names) return names.error();
  std::map<std::string, const SegmentStatus*> missing;
  for (const SegmentStatus& segment : segments) missing[segment.name] = &segment;
  Census census(directory, depth);
  for (const std::string& name : *names) {
    const auto known = missing.find(name);
    census.count_file(name, known == missing.end() ? nullptr : known->second);
    if (known != missing.end()) missing.erase(known);
  }
  for (const auto& [name, segment] : missing) census.note_missing(*segment);
  return census.take();
}

Result<SpoolSpace> measure_spool(const std::string& spool) {
  SpoolSpace space;
  struct statvfs disk {};
  if (statvfs(spool.c_str(), &disk) != 0) {
    return Error{"cannot measure '" + spool + "': " + std::strerror(errno)};
  }
  space.free = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  const fs::path quarantine = path_in_spool(spool, kQuarantineDirectory);
  std::error_code error;
  fs::recursive_directory_iterator entry(spool, fs::directory_options::skip_permission_denied,
                                         error);
  // Files come and go meanwhile.
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    struct stat file {};
    if (lstat(entry->path().c_str(), &file) != 0) continue;
    space.used += static_cast<std::uint64_t>(file.st_blocks) * 512;
    if (S_ISREG(file.st_mode) && entry->path().parent_path() == quarantine) ++space.quarantined;
  }
  return space;
}

std::vector<std::string> SpoolAudit::differences() const {
  std::vector<std::string> all = store.balance.differences();
  all.insert(all.end(), files.differences.begin(), files.differences.end());
  return all;
}

Result<SpoolAudit> audit_spool(const std::string& spool, OperatorStore& store) {
  for (int look = 1;; ++look) {
    SpoolAudit audit;
    // In this order: what is accepted or taken in after the store was read is behind the offsets
    // that it had.
    Result<StoreInventory> inventory = store.inventory();
    if (!inventory) return store_error(store, inventory.error());
    audit.store = std::move(*inventory);
    Result<SegmentCensus> files = count_segments(spool, audit.store.segments, CensusDepth::kAll);
    if (!files) return files.error();
    audit.files = std::move(*files);
    if (look == kLooks || audit.differences().empty()) return audit;
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

}  // namespace plivo_dial::ctl
