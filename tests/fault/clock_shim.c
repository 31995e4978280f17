// SPDX-License-Identifier: Apache-2.0
//
// Clocks that are set on command, to be preloaded into any program (LD_PRELOAD). PLIVO_FAULT_CLOCK
// names a file of two 64-bit numbers, nanoseconds that are added to the wall clock and to
// CLOCK_BOOTTIME: the first alone is a clock that somebody sets, both together are time that
// passes. CLOCK_MONOTONIC, by which timeouts are counted, stays as it is.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t* offsets;  // null: none
static int (*real_clock_gettime)(clockid_t, struct timespec*);

__attribute__((constructor)) static void open_offsets(void) {
  *(void**)&real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
  const char* path = getenv("PLIVO_FAULT_CLOCK");
  const int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  void* mapped = mmap(NULL, 2 * sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (mapped != MAP_FAILED) offsets = mapped;
}

int clock_gettime(clockid_t clock, struct timespec* time) {
  const int result = real_clock_gettime(clock, time);
  const int is_wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  if (result != 0 || offsets == NULL || !(is_wall || clock == CLOCK_BOOTTIME)) return result;
  const int64_t all = time->tv_sec * INT64_C(1000000000) + time->tv_nsec + offsets[is_wall ? 0 : 1];
  time->tv_sec = all / 1000000000;
  time->tv_nsec = all % 1000000000;
  return result;
}

int gettimeofday(struct timeval* restrict time, void* restrict zone) {
  (void)zone;
  struct timespec now;
  const int result = clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return result;
}

time_t time(time_t* out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != NULL) *out = now.tv_sec;
  return now.tv_sec;
}
