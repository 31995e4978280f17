// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/set_clock.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>

namespace plivo_dial::test {
namespace {

constexpr std::size_t kSize = 2 * sizeof(std::int64_t);

}  // namespace

SetClock::SetClock(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  void* mapped = MAP_FAILED;
  if (file >= 0 && fchmod(file, 0644) == 0 && ftruncate(file, kSize) == 0) {
    mapped = mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  }
  const int error = errno;
  close(file);
  if (mapped == MAP_FAILED) throw std::system_error(error, std::generic_category(), path);
  offsets_ = static_cast<std::int64_t*>(mapped);
}

SetClock::~SetClock() {
  munmap(offsets_, kSize);
}

void SetClock::set_wrong_by(std::chrono::nanoseconds time) {
  wrong_by_ns_ = time.count();
  write();
}

void SetClock::pass(std::chrono::nanoseconds time) {
  passed_ns_ += time.count();
  write();
}

void SetClock::write() {
  std::atomic_ref(offsets_[0]).store(passed_ns_ + wrong_by_ns_);
  std::atomic_ref(offsets_[1]).store(passed_ns_);
}

}  // namespace plivo_dial::test
