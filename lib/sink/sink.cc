// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/sink.h"

#include <algorithm>

namespace plivo_dial {

std::chrono::milliseconds delay_after(unsigned waits) {
  constexpr std::chrono::milliseconds kFirst{100};
  constexpr std::chrono::milliseconds kLast{5000};
  return std::min(kLast, kFirst * (1 << std::min(waits, 10u)));
}

}  // namespace plivo_dial
