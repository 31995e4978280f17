// File: tests/httpd/polling.h
//
// Waiting without guessing: asks again and again until a condition holds or a deadline has passed.
// Use it wherever another process has to get something done.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <thread>

namespace plivo_dial::test {

inline constexpr std::chrono::seconds kPatience{30};

// Whether `condition()` became true within `patience`.
template <class Condition>
bool wait_for(Condition&& condition, std::chrono::milliseconds patience = kPatience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace plivo_dial::test
