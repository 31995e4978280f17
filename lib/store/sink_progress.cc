// SPDX-License-Identifier: Apache-2.0
#include "lib/store/sink_progress.h"

#include <algorithm>
#include <iterator>

#include "lib/store/byte_order.h"

namespace plivo_dial {

bool SinkProgress::is_settled(std::uint64_t seq) const {
  if (seq <= position_) return true;
  const auto behind = ahead_.upper_bound(seq);
  return behind != ahead_.begin() && std::prev(behind)->second >= seq;
}

void SinkProgress::settle(std::uint64_t first, std::uint64_t last) {
  first = std::max(first, position_ + 1);
  if (last < first) return;
  auto at = ahead_.upper_bound(first);
  if (at != ahead_.begin() && std::prev(at)->second + 1 >= first) --at;
  while (at != ahead_.end() && at->first <= last + 1) {
    first = std::min(first, at->first);
    last = std::max(last, at->second);
    at = ahead_.erase(at);
  }
  if (first == position_ + 1) {
    position_ = last;
  } else {
    ahead_.emplace_hint(at, first, last);
  }
}

void SinkProgress::reopen_from(std::uint64_t seq) {
  position_ = std::min(position_, seq - 1);
  ahead_.erase(ahead_.lower_bound(seq), ahead_.end());
  if (!ahead_.empty()) {
    std::uint64_t& last = ahead_.rbegin()->second;
    last = std::min(last, seq - 1);
  }
}

std::uint64_t SinkProgress::end_of_first_gap() const {
  return ahead_.empty() ? position_ : ahead_.begin()->first - 1;
}

std::string SinkProgress::encode() const {
  std::string bytes;
  put_number<8>(&bytes, position_);
  for (const auto& [first, last] : ahead_) {
    put_number<8>(&bytes, first);
    put_number<8>(&bytes, last);
  }
  return bytes;
}

std::optional<SinkProgress> SinkProgress::decode(std::span<const std::uint8_t> bytes) {
  if (bytes.size() % 16 != 8) return std::nullopt;
  SinkProgress progress(number_from<8>(bytes.data()));
  for (std::size_t at = 8; at < bytes.size(); at += 16) {
    progress.settle(number_from<8>(&bytes[at]), number_from<8>(&bytes[at + 8]));
  }
  return progress;
}

}  // namespace plivo_dial
