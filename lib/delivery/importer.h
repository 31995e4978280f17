// File: lib/delivery/importer.h
//
// Takes events from the spool's segments into the store, in the order in which they were accepted,
// sets harmed bytes aside, and removes segments that nobody needs any more.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/books/event_store.h"
#include "lib/books/import_batch.h"
#include "lib/log/log.h"
#include "lib/spool/segment_reader.h"

namespace plivo_dial {

// For one thread.
class Importer {
 public:
  // What is asked between two transactions: whether to go on. Also told that there are new events.
  using GoOn = std::function<bool()>;

  // All references must outlive the importer.
  Importer(std::string spool, EventStore& store, Log& log);

  // Learns from the store how far each segment is. Call it first.
  Result<void> load();

  struct Round {
    std::set<std::string> more;  // segments that have more already, accepted meanwhile
    bool complete = true;        // nothing failed, and nothing was left because of `go_on`
  };

  // Takes in what all segments have.
  Round import_all(const GoOn& go_on);

  // A moment, by the clocks that say when something was accepted.
  struct Moment {
    std::int64_t boot_ns = 0;  // CLOCK_BOOTTIME
    std::uint64_t wall_ns = 0;
  };
  static Moment now();

  // The same for those of the names, which may be anything. Only what was accepted before `until`,
  // up to which all names must be known of segments that have something new.
  Round import(const std::set<std::string>& names, const Moment& until, const GoOn& go_on);

  // A short piece of work: removes some segments that are finished for `keep`, or forgets a part of
  // those that are removed. Whether there is more to do at once.
  bool remove_some_finished(std::chrono::microseconds keep);

 private:
  struct Segment {
    std::size_t next_offset = 0;   // of the first frame that is not in the store
    std::size_t known_offset = 0;  // up to here it was read before
    bool ended = false;            // and all of it is in
    bool stored = false;           // the store knows of it
    std::size_t used = 0;          // by what it holds, once it has ended
    int failed_looks = 0;          // that the disk did not give all of
  };
  struct FrameRef {
    std::int64_t order = 0;  // over all segments: a boot's frames by CLOCK_BOOTTIME, see order_of()
    std::uint64_t time_ns = 0;
    std::uint32_t offset = 0;
  };
  // What a segment has that is new.
  struct Found {
    std::string name;
    std::vector<FrameRef> frames;
    std::vector<std::string> payloads;  // of the first frames; the others are read again
    SegmentMark end;                    // when all frames are in
    std::size_t next = 0;               // the first one that is not in
  };

  // A frame of `found`: which one of the segments, and which of its frames.
  using Choice = std::pair<std::size_t, std::size_t>;

  std::string path_of(const std::string& name) const;
  Round import_segments(const std::vector<std::string>& names, const Moment& until,
                        const GoOn& go_on);
  std::int64_t order_of(const SegmentFrame& frame, bool this_boot) const;
  bool has_failed_for_long(int* failures) const;
  void find_new(const std::string& name, const Moment& until, std::vector<Found>* all,
                Round* round);
  void list_frames(SegmentScan scan, const Moment& until, Segment* segment, Found* found,
                   Round* round);
  bool take_in(std::vector<Found> found, const GoOn& go_on);
  static std::vector<Choice> next_frames(std::vector<Found>* found);
  bool fill_batch(const std::vector<Choice>& chosen, const std::vector<Found>& found,
                  ImportBatch* batch);
  ImportFrame read_frame(const std::string& name, const FrameRef& frame, std::string_view payload);
  bool import_batch(const ImportBatch& batch);
  bool note_gone_segments(const std::vector<std::string>& names);
  void report_bad_range(const BadRange& range, const SegmentReader& reader,
                        const std::string& name);
  bool quarantine(const std::string& name, std::size_t offset, std::string_view bytes);
  bool quarantine_file(const std::string& name);
  bool remove_files(std::chrono::microseconds keep);
  void complain_once(std::string_view id, const std::string& name, const std::string& text);

  const std::string spool_;
  const std::string boot_;  // the first part of the names of this boot's segments
  EventStore& store_;
  Log& log_;
  FrameFiles files_;  // of its own: it is elsewhere in them than those who deliver
  std::map<std::string, Segment> segments_;
  std::vector<std::string> removed_;  // segments whose files are gone, and that are to be forgotten
  std::map<std::string, int> failed_opens_;  // one after the other, of each segment
  bool counts_failures_ = false;
  std::size_t kept_bytes_ = 0;        // of payloads, in the present round
  std::set<std::string> complained_;  // by id and name
};

}  // namespace plivo_dial
