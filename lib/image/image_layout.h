// File: lib/image/image_layout.h
//
// How the bytes of an image are laid out, for the reader and the writer. All numbers are little
// endian and may stand at any address.
//
//   header     kHeaderSize bytes, see below
//   directory  one entry of kEntrySize bytes a table, in the order of their names
//   tables     of each its slots, then its records
//
// A slot is the low half of the key's hash and the place of the key's record in the file, 0 where
// the slot is free. A key lies in the slot that the upper bits of its hash say, or in one of those
// behind it (behind the last comes the first). Never more than half of the slots are taken, so a
// look-up costs the same in large and small tables. A record is the sizes of key and value, and
// both.
//
// The directory's check value is looked at whenever an image is opened, that of the content (all
// behind the header) only by Image::verify(). Whoever changes what any byte means gives
// kImageVersion another value.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace plivo_dial::image_layout {

inline constexpr std::string_view kMagic{"PlvDial\x1a", 8};
inline constexpr std::uint32_t kImageVersion = 1;

inline constexpr std::size_t kHeaderSize = 64;
inline constexpr std::size_t kVersionAt = 8;
inline constexpr std::size_t kTablesAt = 12;
inline constexpr std::size_t kSizeAt = 16;
inline constexpr std::size_t kMadeAt = 24;
inline constexpr std::size_t kContentAt = 32;
inline constexpr std::size_t kDirectoryCrcAt = 40;
inline constexpr std::size_t kHeaderCrcAt = 60;  // of all bytes before it

inline constexpr std::size_t kEntrySize = 72;
inline constexpr std::size_t kNameSize = 48;  // filled up with zeros, one at least
inline constexpr std::size_t kSlotsAt = 48;   // where the slots begin in the file
inline constexpr std::size_t kSlotBitsAt = 52;
inline constexpr std::size_t kKeysAt = 56;
inline constexpr std::size_t kProbesAt = 60;   // the most slots that a key has to be looked for in
inline constexpr std::size_t kLengthsAt = 64;  // bit n: a key of n bytes is there, see kMostPrefix

inline constexpr std::size_t kSlotSize = 8;
inline constexpr std::size_t kRecordSize = 8;  // and key and value

inline constexpr std::uint32_t kMostSlotBits = 28;

// The bytes of a number in the order of the file, or back; nothing is done on most machines.
template <class Number>
Number in_file_order(Number number) {
  if constexpr (std::endian::native == std::endian::big) {
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    std::reverse(bytes, bytes + sizeof number);
    std::memcpy(&number, bytes, sizeof number);
  }
  return number;
}

template <class Number>
Number load(const char* from) {
  Number number;
  std::memcpy(&number, from, sizeof number);
  return in_file_order(number);
}

template <class Number>
void store(Number number, char* to) {
  number = in_file_order(number);
  std::memcpy(to, &number, sizeof number);
}

// A key's hash from its FNV-1a, whose upper bits alone would hardly tell numbers apart that differ
// in their last digit.
constexpr std::uint64_t key_hash(std::uint64_t fnv) {
  fnv ^= fnv >> 32;
  return fnv * 0x9e3779b97f4a7c15u;
}
constexpr std::uint32_t tag_of(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash);
}
// `bits` is 1 to kMostSlotBits.
constexpr std::size_t first_slot(std::uint64_t hash, std::uint32_t bits) {
  return static_cast<std::size_t>(hash >> (64 - bits));
}

}  // namespace plivo_dial::image_layout
