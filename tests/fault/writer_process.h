// File: tests/fault/writer_process.h
//
// A process that writes into a spool, on a disk that fails on command. Use it to kill, starve and
// cut off a writer as httpd's children may be; the test's own process stays unharmed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lib/spool/segment_reader.h"
#include "tests/fault/ack_log.h"

namespace plivo_dial::test {

// LD_PRELOAD for a program of ours under disk_shim.c. A sanitizer's library wants to come first.
std::string preload_of_disk_shim();

// The rules of tests/fault/disk_shim.c, which a running writer obeys at its next call.
class DiskRules {
 public:
  explicit DiskRules(std::string path) : path_(std::move(path)) {}

  // Lines of rules, which replace those before; "" takes all faults away.
  void set(const std::string& rules) const;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct WriterOptions {
  int threads = 4;
  std::size_t size = 1200;  // of each event
  std::chrono::milliseconds patience{60'000};
  std::uint64_t min_free = 0;
};

class WriterProcess {
 public:
  // Starts the program. `scratch` is a directory for what belongs to the test; the file "calls"
  // there gets a line for each call that the shim sees when `log_calls`.
  WriterProcess(const std::string& spool, const std::string& scratch, const WriterOptions& options,
                bool log_calls = false);
  // Kills it if it still runs.
  ~WriterProcess();
  WriterProcess(const WriterProcess&) = delete;
  WriterProcess& operator=(const WriterProcess&) = delete;

  // Ends it in good order; its exit status, or 128 and the signal that ended it.
  int stop();

  // Ends it by SIGKILL, unless it is dead already; the same.
  int kill();

  // Waits until it dies by itself; the same. 0 when it lives after 30 seconds.
  int wait();

  // What was told about the events of this process, by now.
  std::vector<Ack> acks() const;
  std::size_t accepted() const;

  // Waits, at most 60 seconds, until at least so many more than `before` were accepted, or refused
  // for this reason.
  bool accepts(std::size_t count, std::size_t before = 0) const;
  bool refuses(SpoolFailure failure) const;

  // Waits, at most 60 seconds, until the last 50 events were all refused for this reason.
  bool accepts_no_more(SpoolFailure failure) const;

  const DiskRules& rules() const { return rules_; }

 private:
  int reap();

  const DiskRules rules_;
  const AckLog log_;
  const std::uint64_t first_id_;
  pid_t pid_ = -1;
  int standard_input_ = -1;
  int status_ = -1;  // once it is dead
};

// What stands in a spool: how often each event, and the bytes that are no frame.
struct SpoolContents {
  std::map<std::uint64_t, int> events;
  std::vector<BadRange> bad_ranges;
  std::size_t segments = 0;
};

// Reports as a failure what can't be read and what is no event of a writer's.
SpoolContents read_spool(const std::string& spool);

// Reports as a failure each accepted event (that was accepted before `until_ns`) that is not in the
// spool exactly once.
void expect_all_there(const std::vector<Ack>& acks, const SpoolContents& contents,
                      std::int64_t until_ns = INT64_MAX);

// How many of those are not there at all.
std::size_t count_lost(const std::vector<Ack>& acks, const SpoolContents& contents,
                       std::int64_t until_ns = INT64_MAX);

}  // namespace plivo_dial::test
