// File: lib/store/event_log.h
//
// The events that were taken in, in the order of their numbers, and where each stands: the events
// themselves stay in the spool's segments. Some dozens of entries make a row of the table `block`,
// so that a number is found by one look, and a sink that goes from one to the next reads few rows.
//
//   EventLog log(database);                                 // within a transaction
//   log.append({entries, age_ms});
//   for (const LogEntry& entry : log.from(position + 1)) hand_over(entry);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/event/id.h"
#include "lib/store/database.h"

namespace plivo_dial {

struct LogEntry {
  std::uint64_t seq = 0;
  std::int64_t accepted_us = 0;  // by the wall clock
  std::int64_t even_us = 0;      // the same by the even clock (store_clock.h)
  std::int64_t begun_ms = 0;     // when it was taken in, by the store's age; of its block
  std::int64_t lane = 0;         // of its call, lane_of_call(); 0: it is of none
  std::uint32_t segment = 0;     // the segment's number in the store
  std::uint32_t offset = 0;      // of its frame there
  std::uint8_t name = 0;         // number of its name, see EventNames
  bool late = false;
  bool presumed = false;  // nobody can say that no sink was given it before
  std::array<char, kEventIdLength> id_bytes{};

  std::string_view id() const;
  void set_id(std::string_view id);

  // The lane of its delivery: an event of no call has one of its own.
  std::int64_t delivery_lane() const { return lane == 0 ? -static_cast<std::int64_t>(seq) : lane; }
};

// Not thread-safe; each call belongs into a transaction of its database, whose failure it shares.
class EventLog {
 public:
  static constexpr std::size_t kEntriesOfBlock = 128;

  explicit EventLog(Database& database) : database_(database) {}

  // Adds entries, whose numbers are their own; they need not follow each other.
  void append(std::span<const LogEntry> entries);

  std::optional<LogEntry> find(std::uint64_t seq);

  // Those of one block, from `seq` on; where that block has none, of the next. Empty: there is
  // none.
  std::vector<LogEntry> from(std::uint64_t seq);

  // Those of one block before `seq`, by number; where it has none, of the one before. Empty: there
  // is none.
  std::vector<LogEntry> before(std::uint64_t seq);

  // The number of the first event of the first block that may have one accepted at `us` or later.
  std::optional<std::uint64_t> first_since(std::int64_t us);

  // Whether all before `seq` were accepted before `us`.
  bool is_all_before(std::uint64_t seq, std::int64_t us);

  // The frame of that event stands elsewhere now.
  void move(std::uint64_t seq, std::uint32_t segment, std::uint32_t offset);

  // Removes the block with this number.
  void remove_block_of(std::uint64_t seq);

 private:
  void append_block(std::span<const LogEntry> entries);

  Database& database_;
};

}  // namespace plivo_dial
