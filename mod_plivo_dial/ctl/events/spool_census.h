// File: mod_plivo_dial/ctl/events/spool_census.h
//
// What the files of a spool hold beside the dispatcher's store, and whether both agree. Use it with
// or without a dispatcher and writers at work.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/operators/operator_store.h"

namespace plivo_dial::ctl {

struct SegmentCensus {
  std::uint64_t files = 0;
  std::uint64_t new_events = 0;          // accepted, and not yet in the store
  std::uint64_t new_bytes = 0;           // that they take
  std::vector<std::string> differences;  // a sentence each
};

enum class CensusDepth {
  kNew,  // counts what is not in the store
  kAll,  // reads all frames, and compares
};

// Reads the segment files of `spool`. `segments` tells what is in the store; take it before, so
// that what is accepted in between counts as not in the store. Makes and removes nothing.
Result<SegmentCensus> count_segments(const std::string& spool,
                                     const std::vector<SegmentStatus>& segments, CensusDepth depth);

// What the spool takes on its disk.
struct SpoolSpace {
  std::uint64_t used = 0;         // bytes on disk of all files below it
  std::uint64_t free = 0;         // bytes that are free for its user
  std::uint64_t quarantined = 0;  // files with bytes that are no event
};
Result<SpoolSpace> measure_spool(const std::string& spool);

struct SpoolAudit {
  StoreInventory store;
  SegmentCensus files;

  // Everything that was accepted and is there.
  std::uint64_t accepted() const { return store.balance.frames + files.new_events; }
  std::uint64_t pending() const { return store.balance.pending + files.new_events; }
  std::vector<std::string> differences() const;
};

// Compares the store with itself and with the files. Looks again when something differs, since a
// dispatcher that takes in, ends and removes a segment at this moment makes it seem so.
Result<SpoolAudit> audit_spool(const std::string& spool, OperatorStore& store);

}  // namespace plivo_dial::ctl
