// File: lib/operators/store_audit.h
//
// Whether the store's sums are right: what was accepted is delivered, a duplicate, refused, pending
// or dead, once. All events are looked at for that.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lib/store/database.h"
#include "lib/store/event_names.h"

namespace plivo_dial {

// The sums of everything that was ever taken in. What was accepted is delivered, a duplicate,
// refused, pending or dead, once.
struct StoreBalance {
  struct OfSink {
    std::string name;
    std::uint64_t taken = 0;  // events that were to go there
    std::uint64_t waiting = 0;
    std::uint64_t delivered = 0;  // kept and forgotten ones
    std::uint64_t dead = 0;
    std::uint64_t dropped = 0;  // dead letters that an operator removed
    // Kept events that it takes, and that are none of the above: it was configured after them, or
    // their dead letters were removed. No difference, but none is on its way there.
    std::uint64_t not_given = 0;
  };
  std::uint64_t frames = 0;  // that were accepted into the spool and taken in from there
  std::uint64_t duplicates = 0;
  std::uint64_t refused = 0;    // frames without an event
  std::uint64_t pending = 0;    // held, or waiting for a sink
  std::uint64_t dead = 0;       // for a sink, and waiting for none
  std::uint64_t delivered = 0;  // to all sinks that wanted it; kept and forgotten ones
  std::uint64_t vanished = 0;   // segment files that somebody removed before they ended
  std::uint64_t recovered = 0;  // from dead letters, after a store was lost: no frame held them
  std::vector<OfSink> sinks;
  std::vector<std::string> wrong_sums;  // kept of a sink's rows, a sentence each

  // What does not add up, a sentence each; empty when all is well.
  std::vector<std::string> differences() const;
};

// A segment's file and how much of it is in the store.
struct SegmentStatus {
  std::string name;
  std::size_t offset = 0;  // where the first frame begins that is not in
  bool ended = false;
  std::uint64_t frames = 0;  // taken in from it
};

// The sums and the segments of one moment.
struct StoreInventory {
  StoreBalance balance;
  std::vector<SegmentStatus> segments;
};

// Both within a transaction.
StoreBalance read_balance(Database& database, const EventNames& names);
std::vector<SegmentStatus> read_segments(Database& database);

}  // namespace plivo_dial
