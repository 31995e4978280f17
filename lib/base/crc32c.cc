// SPDX-License-Identifier: Apache-2.0
#include "lib/base/crc32c.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace plivo_dial {
namespace {

constexpr std::uint32_t kReversedPolynomial = 0x82F63B78;
constexpr std::size_t kStep = 8;  // bytes that are looked up together

// kTables[i][byte] is what a byte adds that stands i bytes before the end of a step.
using Tables = std::array<std::array<std::uint32_t, 256>, kStep>;

constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value >> 1) ^ ((value & 1) != 0 ? kReversedPolynomial : 0);
    }
    tables[0][byte] = value;
  }
  for (std::size_t i = 1; i < kStep; ++i) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[i - 1][byte];
      tables[i][byte] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();

std::uint32_t add_byte(std::uint32_t value, char c) {
  return (value >> 8) ^ kTables[0][(value ^ static_cast<unsigned char>(c)) & 0xFF];
}

std::uint64_t word_at(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, kStep);
  return word;
}

std::uint32_t by_tables(std::uint32_t value, std::string_view bytes) {
  if constexpr (std::endian::native == std::endian::little) {
    for (; bytes.size() >= kStep; bytes.remove_prefix(kStep)) {
      const std::uint64_t word = word_at(bytes.data()) ^ value;
      value = 0;
      for (std::size_t i = 0; i < kStep; ++i) {
        value ^= kTables[kStep - 1 - i][(word >> (8 * i)) & 0xFF];
      }
    }
  }
  for (const char c : bytes) value = add_byte(value, c);
  return value;
}

#if defined(__x86_64__)
// By the instruction that processors since 2008 have for this very polynomial.
__attribute__((target("sse4.2"))) std::uint32_t by_instruction(std::uint32_t value,
                                                               std::string_view bytes) {
  std::uint64_t wide = value;
  for (; bytes.size() >= kStep; bytes.remove_prefix(kStep)) {
    wide = _mm_crc32_u64(wide, word_at(bytes.data()));
  }
  value = static_cast<std::uint32_t>(wide);
  for (const char c : bytes) value = _mm_crc32_u8(value, static_cast<unsigned char>(c));
  return value;
}

bool has_instruction() {
  static const bool has = __builtin_cpu_supports("sse4.2") != 0;
  return has;
}
#endif

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t previous) {
#if defined(__x86_64__)
  if (has_instruction()) return ~by_instruction(~previous, bytes);
#endif
  return ~by_tables(~previous, bytes);
}

std::uint32_t crc32c_by_tables(std::string_view bytes, std::uint32_t previous) {
  return ~by_tables(~previous, bytes);
}

}  // namespace plivo_dial
