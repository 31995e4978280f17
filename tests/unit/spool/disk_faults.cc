// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/spool/disk_faults.h"

#include <sys/types.h>

#include <cerrno>
#include <chrono>
#include <thread>

namespace plivo_dial {
namespace {

// Takes one from `count`, if there is any.
bool take_one(std::atomic<int>& count) {
  int before = count;
  while (before > 0 && !count.compare_exchange_weak(before, before - 1)) {
  }
  return before > 0;
}

void wait_while(const std::atomic<bool>& held) {
  while (held) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

bool is_frames(const void* bytes, size_t length) {
  return length > 0 && *static_cast<const unsigned char*>(bytes) == 0xFF;
}

}  // namespace

DiskFaults disk_faults;

void DiskFaults::reset() {
  for (std::atomic<int>* count :
       {&failing_syncs, &interrupted_syncs, &failing_writes, &interrupted_writes, &short_writes,
        &empty_writes, &full_allocations, &syncs, &allocations}) {
    *count = 0;
  }
  unreadable_page = -1;
  hold_syncs = false;
  hold_allocations = false;
}

}  // namespace plivo_dial

using plivo_dial::disk_faults;

extern "C" {
ssize_t __real_pwrite(int, const void*, size_t, off_t);
ssize_t __real_pread(int, void*, size_t, off_t);
int __real_fdatasync(int);
int __real_posix_fallocate(int, off_t, off_t);

ssize_t __wrap_pwrite(int file, const void* bytes, size_t length, off_t offset) {
  if (plivo_dial::is_frames(bytes, length)) {
    if (plivo_dial::take_one(disk_faults.failing_writes)) {
      errno = ENOSPC;
      return -1;
    }
    if (plivo_dial::take_one(disk_faults.interrupted_writes)) {
      errno = EINTR;
      return -1;
    }
    if (plivo_dial::take_one(disk_faults.empty_writes)) return 0;
    if (plivo_dial::take_one(disk_faults.short_writes)) length /= 2;
  }
  return __real_pwrite(file, bytes, length, offset);
}

ssize_t __wrap_pread(int file, void* bytes, size_t length, off_t offset) {
  const long page = disk_faults.unreadable_page;
  const auto end = offset + static_cast<off_t>(length);
  if (page >= 0 && offset < (page + 1) * 4096 && end > page * 4096) {
    errno = EIO;
    return -1;
  }
  return __real_pread(file, bytes, length, offset);
}

int __wrap_fdatasync(int file) {
  ++disk_faults.syncs;
  ++disk_faults.running_syncs;
  plivo_dial::wait_while(disk_faults.hold_syncs);
  --disk_faults.running_syncs;
  if (plivo_dial::take_one(disk_faults.failing_syncs)) {
    errno = EIO;
    return -1;
  }
  if (plivo_dial::take_one(disk_faults.interrupted_syncs)) {
    errno = EINTR;
    return -1;
  }
  return __real_fdatasync(file);
}

int __wrap_posix_fallocate(int file, off_t offset, off_t length) {
  ++disk_faults.allocations;
  plivo_dial::wait_while(disk_faults.hold_allocations);
  if (plivo_dial::take_one(disk_faults.full_allocations)) return ENOSPC;
  return __real_posix_fallocate(file, offset, length);
}
}
