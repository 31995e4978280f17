// File: lib/books/import_batch.h
//
// What the importer gives to the store in one transaction, and what it hears back.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/books/call_progress.h"
#include "lib/event/spooled_event.h"

namespace plivo_dial {

// The most frames that go into one transaction.
inline constexpr std::size_t kImportFrames = 1000;

// How long an event waits for one that ought to come before it.
inline constexpr std::chrono::milliseconds kOrderHold{300};

// For how long a request that comes again makes no second event, counted from the first by the
// store's age. Plivo's retries are over within minutes; the week is for what somebody else replays.
// What a flow sends has no nonce: its author may have put one call's id in the place of each
// call's.
inline constexpr std::chrono::hours kDedupeWindow{7 * 24};
inline constexpr std::chrono::minutes kFlowDedupeWindow{10};

// How far a segment has been taken in.
struct SegmentMark {
  std::string name;
  std::size_t offset = 0;  // where the first frame begins that is not in
  bool ended = false;      // nothing will come behind it
  bool gone = false;       // its file was removed before it ended

  friend bool operator==(const SegmentMark&, const SegmentMark&) = default;
};

// What the store must know of an event.
struct EventHead {
  std::string id;
  std::string name;  // "dial.result"
  std::optional<std::string> call;
  CallStep step;
};

struct ImportFrame {
  std::size_t segment = 0;  // index into ImportBatch::segments
  std::size_t offset = 0;
  std::int64_t accepted_us = 0;  // when it was written into the segment, by the wall clock
  std::int64_t even_us = 0;      // the same, by the even clock (store_clock.h)
  std::vector<WebhookKey> keys;
  bool of_flow = false;           // came at the endpoint `event`
  std::optional<EventHead> head;  // nothing: the frame holds no event
  std::uint64_t old_seq = 0;      // the number it has already; 0: none
};

struct ImportBatch {
  std::vector<SegmentMark> segments;  // as they stand when all frames are in
  std::vector<ImportFrame> frames;    // those of a segment in their order in the file
  std::chrono::steady_clock::time_point now;
};

struct ImportReport {
  struct Duplicate {
    std::string id;
    std::string first_id;  // of the event that was accepted first
    bool of_flow = false;
  };
  std::vector<Duplicate> duplicates;
  std::uint64_t events = 0;  // that go to the sinks now
};

}  // namespace plivo_dial
