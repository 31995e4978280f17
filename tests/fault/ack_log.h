// File: tests/fault/ack_log.h
//
// What a writer was told about each event, kept where a kill -9 and a cut of its disk do not reach:
// in a shared mapping of a file on another file system. The writer program fills it in, the test
// reads it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "lib/spool/spool_error.h"

namespace plivo_dial::test {

struct Ack {
  std::uint64_t id = 0;
  bool accepted = false;
  SpoolFailure failure = SpoolFailure::kFailed;  // when not accepted
  std::int64_t begun_ns = 0;                     // CLOCK_MONOTONIC
  std::int64_t ended_ns = 0;
};

std::int64_t monotonic_ns();

class AckLog {
 public:
  // Opens `path`, which is made when it is missing. Ends the program when that fails.
  explicit AckLog(const std::string& path);
  ~AckLog();
  AckLog(const AckLog&) = delete;
  AckLog& operator=(const AckLog&) = delete;

  // Thread-safe. What comes after the two-millionth is dropped.
  void add(const Ack& ack);

  // All that were added by now, by whatever process.
  std::vector<Ack> read() const;

 private:
  struct Entry {
    Ack ack;
    std::atomic<bool> complete;
  };
  struct Contents;

  Contents* contents_;
};

}  // namespace plivo_dial::test
