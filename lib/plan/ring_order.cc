// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/ring_order.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include "lib/base/fnv1a.h"

namespace plivo_dial {

std::optional<Ring> ring_of(std::string_view word) {
  constexpr Ring kRings[] = {Ring::kAll, Ring::kOrder, Ring::kMemory, Ring::kRandom};
  const auto* const place = std::ranges::find(kRingWords, word);
  if (place == std::end(kRingWords)) return std::nullopt;
  return kRings[place - std::begin(kRingWords)];
}

std::vector<Stage> stages_of(Stage line) {
  const Ring ring = line.targets.size() < 2 ? Ring::kAll : line.ring;
  if (ring != Ring::kRandom) line.ring = Ring::kAll;
  if (ring == Ring::kAll) return {std::move(line)};
  std::vector<Stage> stages(line.targets.size(), line);
  for (std::size_t i = 0; i < stages.size(); ++i) {
    stages[i].place = i;
    if (ring == Ring::kRandom) continue;
    const auto begin = line.targets.begin();
    const auto end = begin + static_cast<std::ptrdiff_t>(i) + 1;
    stages[i].targets.assign(ring == Ring::kMemory ? begin : end - 1, end);
  }
  return stages;
}

std::size_t drawn_target(std::string_view call, std::size_t first, std::size_t count,
                         std::size_t place) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::uint64_t state = fnv1a(call) + first;
  // SplitMix64 (Steele, Lea, Flood 2014), whose next number any node makes of the last.
  const auto next = [&state] {
    std::uint64_t mixed = state += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  };
  for (std::size_t i = 0; i + 1 < count; ++i) {
    std::swap(order[i], order[i + static_cast<std::size_t>(next() % (count - i))]);
  }
  return order[place];
}

}  // namespace plivo_dial
