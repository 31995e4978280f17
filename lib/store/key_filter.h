// File: lib/store/key_filter.h
//
// Says of most keys that are not in a set that they are not, without a look at the set: a Bloom
// filter whose bits for one key share a line of the processor's cache. Sixteen bits a key, so that
// about one foreign key in a thousand passes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace plivo_dial {

// Keys have to be spread evenly, as hashes are. A value; not thread-safe while keys are added.
class KeyFilter {
 public:
  explicit KeyFilter(std::size_t keys);

  void add(std::uint64_t key);
  bool may_have(std::uint64_t key) const;

  // As the store keeps it; empty bytes, or others than encode() gave, make one that has every key.
  std::string encode() const;
  static KeyFilter decode(std::span<const std::uint8_t> bytes);

 private:
  static constexpr std::size_t kWordsOfLine = 8;

  KeyFilter() = default;
  std::size_t line_of(std::uint64_t key) const;

  std::vector<std::uint64_t> words_;
};

}  // namespace plivo_dial
