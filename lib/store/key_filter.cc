// SPDX-License-Identifier: Apache-2.0
#include "lib/store/key_filter.h"

#include "lib/store/byte_order.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kBitsOfKey = 16;
constexpr std::size_t kBitsOfLine = 512;
constexpr int kBitsSet = 7;

// Other bits of the key than those that choose the line.
std::uint64_t mixed(std::uint64_t key) {
  return key * 0x9E3779B97F4A7C15u;
}

// Calls `visit` with word and mask of each bit of a key; ends as soon as that says false.
template <class Visit>
bool for_each_bit(std::uint64_t key, const Visit& visit) {
  std::uint64_t bits = mixed(key);
  for (int i = 0; i < kBitsSet; ++i, bits >>= 9) {
    if (!visit((bits >> 6) & 7, std::uint64_t{1} << (bits & 63))) return false;
  }
  return true;
}

}  // namespace

KeyFilter::KeyFilter(std::size_t keys)
    : words_((keys * kBitsOfKey / kBitsOfLine + 1) * kWordsOfLine) {}

std::size_t KeyFilter::line_of(std::uint64_t key) const {
  const std::size_t lines = words_.size() / kWordsOfLine;
  return static_cast<std::size_t>((key >> 32) * lines >> 32) * kWordsOfLine;
}

void KeyFilter::add(std::uint64_t key) {
  std::uint64_t* const line = &words_[line_of(key)];
  for_each_bit(key, [line](std::size_t word, std::uint64_t mask) {
    line[word] |= mask;
    return true;
  });
}

bool KeyFilter::may_have(std::uint64_t key) const {
  if (words_.empty()) return true;
  const std::uint64_t* const line = &words_[line_of(key)];
  return for_each_bit(
      key, [line](std::size_t word, std::uint64_t mask) { return (line[word] & mask) != 0; });
}

std::string KeyFilter::encode() const {
  std::string bytes;
  bytes.reserve(words_.size() * sizeof(std::uint64_t));
  for (const std::uint64_t word : words_) put_number<8>(&bytes, word);
  return bytes;
}

KeyFilter KeyFilter::decode(std::span<const std::uint8_t> bytes) {
  KeyFilter filter;
  if (bytes.size() % (kWordsOfLine * 8) != 0) return filter;
  filter.words_.reserve(bytes.size() / 8);
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    filter.words_.push_back(number_from<8>(&bytes[at]));
  }
  return filter;
}

}  // namespace plivo_dial
