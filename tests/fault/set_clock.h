// File: tests/fault/set_clock.h
//
// The file that clock_shim.c reads: sets the clocks of all programs that it is preloaded into.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace plivo_dial::test {

class SetClock {
 public:
  // Makes the file at `path`, for everybody to read.
  explicit SetClock(const std::string& path);
  ~SetClock();
  SetClock(const SetClock&) = delete;
  SetClock& operator=(const SetClock&) = delete;

  // How far the wall clock is from the right time from now on.
  void set_wrong_by(std::chrono::nanoseconds time);

  // So much time passes at once.
  void pass(std::chrono::nanoseconds time);

 private:
  void write();

  std::int64_t* offsets_ = nullptr;  // mapped
  std::int64_t wrong_by_ns_ = 0;
  std::int64_t passed_ns_ = 0;
};

}  // namespace plivo_dial::test
