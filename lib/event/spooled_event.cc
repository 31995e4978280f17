// SPDX-License-Identifier: Apache-2.0
#include "lib/event/spooled_event.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace plivo_dial {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::size_t kKeyDigits = 2 * WebhookKey().size();

// And what stands behind it.
constexpr std::size_t kKeyBytes = kKeyDigits + 1;

constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i < kHexDigits.size(); ++i) {
    values[static_cast<unsigned char>(kHexDigits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr std::array<std::uint8_t, 256> kValues = make_values();

// The key of exactly kKeyDigits digits.
std::optional<WebhookKey> parse_key(std::string_view digits) {
  WebhookKey key{};
  unsigned wrong = 0;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const unsigned high = kValues[static_cast<unsigned char>(digits[2 * i])];
    const unsigned low = kValues[static_cast<unsigned char>(digits[2 * i + 1])];
    wrong |= high | low;
    key[i] = static_cast<std::uint8_t>(high << 4 | (low & 15));
  }
  return wrong > 15 ? std::nullopt : std::optional(key);
}

}  // namespace

std::string encode_spooled_event(std::span<const WebhookKey> keys, std::string_view json) {
  keys = keys.first(std::min(keys.size(), kMaxEventKeys));
  std::string payload;
  payload.reserve(keys.size() * kKeyBytes + json.size());
  for (const WebhookKey& key : keys) {
    if (!payload.empty()) payload.push_back(' ');
    for (const std::uint8_t byte : key) {
      payload.push_back(kHexDigits[byte >> 4]);
      payload.push_back(kHexDigits[byte & 15]);
    }
  }
  if (!payload.empty()) payload.push_back('\n');
  return payload.append(json);
}

Result<SpooledEvent> parse_spooled_event(std::string_view payload) {
  SpooledEvent event;
  while (!payload.starts_with('{')) {
    if (payload.size() < kKeyBytes || event.keys.size() == kMaxEventKeys) {
      return Error{"spooled event: neither an event nor 1 to 3 keys and an event"};
    }
    const std::optional<WebhookKey> key = parse_key(payload.substr(0, kKeyDigits));
    const char separator = payload[kKeyDigits];
    payload.remove_prefix(kKeyBytes);
    const bool last = separator == '\n';
    if (!key || (!last && separator != ' ') || last != payload.starts_with('{')) {
      return Error{"spooled event: a key is not 64 hexadecimal digits before a blank or an event"};
    }
    event.keys.push_back(*key);
  }
  event.json = payload;
  return event;
}

std::string_view json_of_spooled_event(std::string_view payload) {
  const std::size_t begin = payload.substr(0, kMaxEventKeys * kKeyBytes + 1).find('{');
  return begin == std::string_view::npos ? std::string_view() : payload.substr(begin);
}

}  // namespace plivo_dial
