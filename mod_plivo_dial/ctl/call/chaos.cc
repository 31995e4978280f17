// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/chaos.h"

#include <algorithm>
#include <utility>

namespace plivo_dial::ctl {
namespace {

// One of so many, on the average.
constexpr std::uint64_t kDropped = 8;
constexpr std::uint64_t kDoubled = 4;
constexpr std::uint64_t kLate = 3;
constexpr std::uint64_t kLateAgain = 2;
constexpr std::uint64_t kLongestWait = 5;  // moments

// Any other number than 0 makes a sequence of its own.
constexpr std::uint64_t kOrderSeed = 0x6f72646572;

}  // namespace

std::uint64_t SplitMix64::next() {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

Chaos::Chaos(std::uint64_t seed) : fates_(seed), order_(SplitMix64(seed ^ kOrderSeed).next()) {}

void Chaos::begin_moment() {
  ++moment_;
  for (Copy& copy : copies_) {
    if (copy.wait > 0) --copy.wait;
  }
}

bool Chaos::ask() {
  begin_moment();
  newest_sent_ = moment_;
  return fates_.below(kDoubled) == 0;
}

bool Chaos::add(const DueReport& report) {
  begin_moment();
  // All are drawn each time: what becomes of a report does not depend on those before it.
  const bool dropped = fates_.below(kDropped) == 0;
  const bool doubled = fates_.below(kDoubled) == 0;
  const bool late = fates_.below(kLate) == 0;
  const std::uint64_t wait = 1 + fates_.below(kLongestWait);
  const bool late_again = fates_.below(kLateAgain) == 0;
  const std::uint64_t wait_again = 1 + fates_.below(kLongestWait);
  if (dropped) return false;
  copies_.push_back({report, moment_, late ? wait : 0});
  if (doubled) copies_.push_back({report, moment_, late_again ? wait_again : 0});
  return true;
}

std::optional<Delivery> Chaos::take() {
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < copies_.size(); ++i) {
    if (copies_[i].wait == 0) ready.push_back(i);
  }
  if (ready.empty()) return std::nullopt;
  const auto chosen =
      copies_.begin() + static_cast<std::ptrdiff_t>(ready[order_.below(ready.size())]);
  Delivery delivery{std::move(chosen->report), std::ranges::count(sent_, chosen->moment) > 0,
                    newest_sent_ > chosen->moment};
  sent_.push_back(chosen->moment);
  newest_sent_ = std::max(newest_sent_, chosen->moment);
  copies_.erase(chosen);
  return delivery;
}

void Chaos::end() {
  for (Copy& copy : copies_) copy.wait = 0;
}

}  // namespace plivo_dial::ctl
