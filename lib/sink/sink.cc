// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/sink.h"

#include <algorithm>

namespace plivo_dial {
namespace {

constexpr std::chrono::milliseconds kTimeOfRow{50};

}  // namespace

std::chrono::milliseconds delay_after(unsigned waits) {
  constexpr std::chrono::milliseconds kFirst{100};
  constexpr std::chrono::milliseconds kLast{5000};
  return std::min(kLast, kFirst * (1 << std::min(waits, 10u)));
}

Sink::Row Sink::attempt_all(const Events& events, const Stop& stop) {
  Row row;
  const auto end = std::chrono::steady_clock::now() + kTimeOfRow;
  for (const SinkEvent& event : *events) {
    row.last = attempt(event, stop);
    if (row.last.outcome != Attempt::Outcome::kDone) break;
    ++row.done;
    if (std::chrono::steady_clock::now() >= end) break;
  }
  return row;
}

}  // namespace plivo_dial
