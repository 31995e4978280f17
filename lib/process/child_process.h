// File: lib/process/child_process.h
//
// A program of the administrator's that runs, with all that stems from it: waits for its end, ends
// it, and knows its descendants even when they have become daemons. For exec and stream sinks.
//
//   ChildProcess process({arguments, environment, input.get(), output.get(), output.get()});
//   if (!process.started()) return process.start().error;
//   pollfd end{process.end_descriptor(), POLLIN, 0};
//   if (poll(&end, 1, 30'000) == 0) process.kill_all();
//   const int status = process.collect();
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <vector>

#include "lib/base/system_file.h"
#include "lib/process/child_start.h"

namespace plivo_dial {

// For one thread, with whose end the program's comes; different ones are independent of each other.
// This process should be a subreaper (PR_SET_CHILD_SUBREAPER): else descendants that the program
// left alone are init's, and out of reach.
class ChildProcess {
 public:
  // Starts the program; see child_start.h for how.
  explicit ChildProcess(const ChildPlan& plan);

  // Kills and collects what was not collected.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  bool started() const { return start_.process > 0; }
  const ChildStart& start() const { return start_; }

  // Becomes readable when the program has ended; -1 when descriptors have run out.
  int end_descriptor() const { return end_.get(); }

  // Whether it has ended; it stays a zombie.
  bool has_ended() const;

  // Asks the program and all that stems from it to end (SIGTERM, and SIGCONT in case it stands).
  // Like kill_all(), of no effect where it was not started.
  void terminate();

  // Kills the program and all that stems from it, until nothing is left, for at most a second.
  void kill_all();

  // Waits for the program's end and takes its status, as of waitpid(2). Once; nothing else but the
  // destructor may follow.
  int collect();

 private:
  std::vector<pid_t> family() const;
  void signal_family(int number) const;

  ChildStart start_;
  Descriptor end_;
  bool collected_;  // nothing is left to be collected
};

// Collects children of this process that ended and are no ChildProcess: what programs left behind,
// which a subreaper inherits. Thread-safe.
void reap_strays();

}  // namespace plivo_dial
