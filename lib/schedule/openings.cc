// SPDX-License-Identifier: Apache-2.0
#include "lib/schedule/openings.h"

#include "lib/base/crc32c.h"

namespace plivo_dial {
namespace {

void append_number(std::uint64_t value, std::size_t bytes, std::string& out) {
  for (std::size_t i = 0; i < bytes; ++i) {
    out.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
  }
}

void append_u32(std::size_t value, std::string& out) {
  append_number(value, 4, out);
}

void append_i64(std::int64_t value, std::string& out) {
  append_number(static_cast<std::uint64_t>(value), 8, out);
}

// All behind the crc, but for the size, whose place is the first four bytes.
std::string encode_body(const Openings& openings) {
  std::string text;
  std::string reasons;
  for (const std::string& reason : openings.reasons) {
    append_u32(text.size(), reasons);
    append_u32(reason.size(), reasons);
    text += reason;
  }
  std::string body;
  append_u32(openings.offsets.size(), body);
  append_u32(openings.changes.size(), body);
  append_u32(openings.reasons.size(), body);
  append_u32(text.size(), body);
  append_u32(0, body);
  append_i64(openings.from, body);
  append_i64(openings.until, body);
  for (const OffsetChange& offset : openings.offsets) {
    append_i64(offset.at, body);
    append_u32(static_cast<std::uint32_t>(offset.seconds), body);
    append_u32(0, body);
  }
  for (const OpeningsChange& change : openings.changes) {
    append_i64(change.at, body);
    append_u32(change.reason, body);
    append_u32(change.open ? 1 : 0, body);
  }
  return body + reasons + text;
}

}  // namespace

std::string encode_openings(const Openings& openings) {
  constexpr std::size_t kBeforeBody = 20;
  const std::string body = encode_body(openings);
  std::string sized;
  append_u32(kBeforeBody + body.size(), sized);
  sized += body;
  std::string bytes(kOpeningsMagic);
  append_u32(kOpeningsVersion, bytes);
  append_u32(crc32c(sized), bytes);
  return bytes + sized;
}

}  // namespace plivo_dial
