// File: lib/books/prior_progress.h
//
// How far delivery had come, as far as a store that was just made can learn it: from the files of
// version 0.1.0, which had no database, or from `<spool>/dispatch/delivered.json`, which the store
// writes once a minute for the case that it gets lost. Only looked at until everything that the
// spool holds has been taken in.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/log/log.h"

namespace plivo_dial {

// What delivered.json holds: {"v":2,"next_seq":N,"sinks":{"crm":{"<segment>":offset}}}. A sink is
// through with all frames of a segment that begin before its offset.
struct DeliveredMarks {
  std::uint64_t next_seq = 1;  // all numbers given so far are below it
  std::map<std::string, std::map<std::string, std::size_t>> sinks;

  friend bool operator==(const DeliveredMarks&, const DeliveredMarks&) = default;
};

Result<void> write_delivered_marks(const std::string& spool, const DeliveredMarks& marks);

class PriorProgress {
 public:
  // Reads what is there; nothing may be. A file that cannot be understood is renamed, with a line
  // in the log: its events come again, none is skipped.
  static Result<PriorProgress> read(const std::string& spool, Log& log);

  // Nothing is known: the spool is new.
  bool empty() const { return kind_ == Kind::kNone; }

  // A store was there and is lost, as against an upgrade.
  bool is_of_lost_store() const { return kind_ == Kind::kMarks; }

  // What was there could not be understood: anything may have been delivered.
  bool was_harmed() const { return harmed_; }

  // All numbers given so far are below it.
  std::uint64_t next_seq() const { return marks_.next_seq; }

  // The number that the frame at `offset` has already, or 0. Asked for all frames of a segment, in
  // their order; for any of them as often as one likes.
  std::uint64_t seq_of(const std::string& segment, std::size_t offset);

  bool knows_sink(const std::string& sink) const;

  // Whether `sink` is through with this frame, whose number by seq_of was `seq`.
  bool delivered(const std::string& sink, const std::string& segment, std::size_t offset,
                 std::uint64_t seq) const;

  // Removes the files of version 0.1.0.
  static void remove_old_files(const std::string& spool);

 private:
  enum class Kind { kNone, kOldFiles, kMarks };

  // `count` frames, the first of which begins at `offset`, have the numbers from `first_seq` on.
  struct Run {
    std::size_t offset = 0;
    std::uint64_t count = 0;
    std::uint64_t first_seq = 0;
  };
  struct Runs {
    std::vector<Run> runs;  // by offset
    std::size_t present = 0;
    std::uint64_t used = 0;                      // frames of the present run
    std::map<std::size_t, std::uint64_t> given;  // by offset
  };

  Result<void> read_marks(const std::string& directory, Log& log);
  Result<void> read_positions(const std::string& directory, Log& log);
  Result<void> read_runs(const std::string& directory);
  Result<void> read_runs_of(const std::string& path, const std::string& segment);

  Kind kind_ = Kind::kNone;
  bool harmed_ = false;
  DeliveredMarks marks_;
  std::map<std::string, std::uint64_t> positions_;  // of the old files: through up to this number
  std::map<std::string, Runs> runs_;
};

}  // namespace plivo_dial
