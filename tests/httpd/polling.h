// File: tests/httpd/polling.h
//
// Waiting without guessing: asks again and again until a condition holds or a deadline has passed.
// Use it wherever another process has to get something done.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

namespace plivo_dial::test {

inline constexpr std::chrono::seconds kPatience{30};

// Whether `condition()` became true within `patience`. It asks less and less often, since asking
// may cost the processor that the others need: reading /proc does.
template <class Condition>
bool wait_for(Condition&& condition, std::chrono::milliseconds patience = kPatience) {
  using std::chrono::milliseconds;
  const auto begin = std::chrono::steady_clock::now();
  while (!condition()) {
    const auto waited =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
    if (waited > patience) return false;
    std::this_thread::sleep_for(std::clamp(waited / 20, milliseconds(5), milliseconds(200)));
  }
  return true;
}

}  // namespace plivo_dial::test
