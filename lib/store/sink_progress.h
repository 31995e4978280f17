// File: lib/store/sink_progress.h
//
// How far a sink is in the log of events: through with all up to a position, and beyond that with
// ranges of numbers. Whatever is not settled waits for the sink, as far as it takes such events.
// What has a row of its own in the table `delivery` counts as settled here.
//
//   SinkProgress progress;
//   progress.settle(1, 2);
//   progress.settle(5, 5);
//   progress.position()       -> 2
//   progress.is_settled(4)    -> false
//   progress.settle(3, 4);
//   progress.position()       -> 5
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace plivo_dial {

// A value; not thread-safe.
class SinkProgress {
 public:
  explicit SinkProgress(std::uint64_t position = 0) : position_(position) {}

  std::uint64_t position() const { return position_; }
  bool is_settled(std::uint64_t seq) const;

  // Both inclusive; nothing where `last` is before `first`.
  void settle(std::uint64_t first, std::uint64_t last);

  // Nothing from `seq` on is settled any more.
  void reopen_from(std::uint64_t seq);

  // How many ranges there are beyond the position.
  std::size_t ranges() const { return ahead_.size(); }

  // The last number before the first range beyond the position, or the position where there is
  // none: what stands in between waits.
  std::uint64_t end_of_first_gap() const;

  // As the store keeps it. Nothing of what encode() did not give.
  std::string encode() const;
  static std::optional<SinkProgress> decode(std::span<const std::uint8_t> bytes);

  friend bool operator==(const SinkProgress&, const SinkProgress&) = default;

 private:
  std::uint64_t position_;
  std::map<std::uint64_t, std::uint64_t> ahead_;  // first, last; no two touch each other
};

}  // namespace plivo_dial
