// File: lib/store/byte_order.h
//
// Numbers in the store's binary values: little-endian, of as many bytes as is said.
//
//   put_number<4>(&bytes, 258);      // 02 01 00 00
//   number_from<4>(bytes.data())       -> 258
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace plivo_dial {

template <std::size_t kBytes>
void put_number(std::string* bytes, std::uint64_t number) {
  char text[kBytes];
  for (std::size_t i = 0; i < kBytes; ++i) text[i] = static_cast<char>(number >> (8 * i));
  bytes->append(text, kBytes);
}

template <std::size_t kBytes>
std::uint64_t number_from(const std::uint8_t* bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < kBytes; ++i) number |= std::uint64_t{bytes[i]} << (8 * i);
  return number;
}

// The bytes of a string, as Query takes and gives them.
inline std::span<const std::uint8_t> bytes_of(const std::string& bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

}  // namespace plivo_dial
