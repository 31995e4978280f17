// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/ack_log.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace plivo_dial::test {
namespace {

constexpr std::size_t kMostEntries = 2'000'000;

[[noreturn]] void die(const char* action, const std::string& path) {
  std::perror((std::string(action) + " " + path).c_str());
  std::abort();
}

}  // namespace

struct AckLog::Contents {
  std::atomic<std::size_t> begun;
  Entry entries[kMostEntries];
};

std::int64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

AckLog::AckLog(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) die("open", path);
  if (ftruncate(file, sizeof(Contents)) != 0) die("ftruncate", path);  // a hole: takes no space
  void* memory = mmap(nullptr, sizeof(Contents), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory == MAP_FAILED) die("mmap", path);
  close(file);
  contents_ = static_cast<Contents*>(memory);  // zeros are an empty log
}

AckLog::~AckLog() {
  munmap(contents_, sizeof(Contents));
}

void AckLog::add(const Ack& ack) {
  const std::size_t at = contents_->begun.fetch_add(1);
  if (at >= kMostEntries) return;
  contents_->entries[at].ack = ack;
  contents_->entries[at].complete.store(true, std::memory_order_release);
}

std::vector<Ack> AckLog::read() const {
  std::vector<Ack> acks;
  for (std::size_t at = 0; at < contents_->begun && at < kMostEntries; ++at) {
    const Entry& entry = contents_->entries[at];
    if (entry.complete.load(std::memory_order_acquire)) acks.push_back(entry.ack);
  }
  return acks;
}

}  // namespace plivo_dial::test
