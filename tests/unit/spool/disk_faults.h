// File: tests/unit/spool/disk_faults.h
//
// Failures of the disk on demand, for the present process: the program is linked with --wrap for
// the system calls. Writes and syncs fail only for frames; what makes a segment has its own faults.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

namespace plivo_dial {

struct DiskFaults {
  std::atomic<int> failing_syncs = 0;          // so many fdatasync calls fail with EIO
  std::atomic<int> interrupted_syncs = 0;      // so many fdatasync calls fail with EINTR
  std::atomic<int> failing_writes = 0;         // so many pwrite calls fail with ENOSPC
  std::atomic<int> interrupted_writes = 0;     // so many pwrite calls fail with EINTR
  std::atomic<int> short_writes = 0;           // so many pwrite calls take half
  std::atomic<int> empty_writes = 0;           // so many pwrite calls take nothing
  std::atomic<long> unreadable_page = -1;      // pread of any byte of it fails with EIO
  std::atomic<int> full_allocations = 0;       // so many posix_fallocate calls fail with ENOSPC
  std::atomic<bool> hold_syncs = false;        // fdatasync does not return until this is reset
  std::atomic<bool> hold_allocations = false;  // nor posix_fallocate until this is

  std::atomic<int> syncs = 0;          // counts fdatasync calls
  std::atomic<int> running_syncs = 0;  // fdatasync calls that have not returned
  std::atomic<int> allocations = 0;    // counts posix_fallocate calls

  void reset();
};
extern DiskFaults disk_faults;

}  // namespace plivo_dial
