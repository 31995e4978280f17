// SPDX-License-Identifier: Apache-2.0
#include "lib/event/id.h"
#include "lib/base/text.h"

#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace plivo_dial {
namespace {

constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t kBytes = 16;

std::array<std::uint8_t, 10> random_bits() {
  std::array<std::uint8_t, 10> bits{};
  if (getentropy(bits.data(), bits.size()) != 0) {
    // An id that could repeat would make two events one; better none at all.
    throw std::runtime_error("getentropy failed: no random bits for an event id");
  }
  return bits;
}

}  // namespace

std::string encode_event_id(std::uint64_t milliseconds,
                            const std::array<std::uint8_t, 10>& random) {
  std::array<std::uint8_t, kBytes> bytes{};
  for (std::size_t i = 6; i-- > 0; milliseconds >>= 8) {
    bytes[i] = static_cast<std::uint8_t>(milliseconds);
  }
  std::copy(random.begin(), random.end(), bytes.begin() + 6);

  // 128 bits fill 25.6 characters; the two missing bits are zeros in front, so that the order of
  // ids is the order of the numbers.
  std::string id;
  id.reserve(kEventIdLength);
  std::uint32_t buffer = 0;
  int bits = 2;
  for (const std::uint8_t byte : bytes) {
    buffer = (buffer << 8 | byte) & 0xFFFF;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      id.push_back(kAlphabet[(buffer >> bits) & 31]);
    }
  }
  return id;
}

std::string make_event_id(std::int64_t received_us) {
  return encode_event_id(static_cast<std::uint64_t>(std::max<std::int64_t>(received_us, 0)) / 1000,
                         random_bits());
}

bool is_event_id(std::string_view text) {
  return text.size() == kEventIdLength && std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'z');
         });
}

}  // namespace plivo_dial
