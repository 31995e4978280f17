// File: tests/fault/soak_account.h
//
// The account of a soak: what callers were told is accepted, against what stands in the sinks'
// files. Keeps numbers of eight bytes in place of names, since there are millions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "lib/books/call_progress.h"
#include "lib/event/event.h"

namespace plivo_dial::test {

class SoakAccount {
 public:
  // A request was answered with 200. Thread-safe.
  void accepted(const std::string& call, const std::string& event);
  // One that was accepted already was answered with 200 once more. Thread-safe.
  void repeated();
  std::size_t accepted_count() const;

  // Reads a file that a sink has let go of, or from `offset` on one that it has not: whole lines
  // only. How far it read.
  std::size_t read_file_sink(const std::string& path, std::size_t offset = 0);
  std::size_t read_stream_log(const std::string& path, std::size_t offset = 0);
  // "ID ATTEMPT CALL"
  void read_hook_log(const std::string& path);
  void dead_letter(const std::string& event_id);

  // What is wrong, a sentence each.
  std::vector<std::string> differences() const;

  std::size_t in_file() const { return ids_.size(); }
  std::size_t in_stream() const { return stream_ids_.size(); }
  std::size_t at_hook() const { return hook_ids_.size(); }
  std::size_t repeats() const { return repeats_; }
  std::size_t late() const { return late_; }

 private:
  void read_event(const Event& event, const std::string& line);

  mutable std::mutex mutex_;             // guards those that are thread-safe
  std::vector<std::uint64_t> accepted_;  // of call and event
  std::size_t repeats_ = 0;

  std::unordered_set<std::uint64_t> delivered_;  // the same, in the file
  std::unordered_set<std::uint64_t> ids_;        // of events in the file
  std::unordered_set<std::uint64_t> stream_ids_;
  std::unordered_set<std::uint64_t> hook_ids_;
  std::unordered_set<std::uint64_t> results_;  // ids of dial.result in the file
  std::unordered_set<std::uint64_t> dead_;
  std::unordered_map<std::uint64_t, decltype(place_of({}))> furthest_;  // of each call
  std::size_t late_ = 0;
  std::vector<std::string> wrong_;
};

}  // namespace plivo_dial::test
