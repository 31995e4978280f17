// SPDX-License-Identifier: Apache-2.0
#include "lib/event/spooled_event.h"

#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

WebhookKey key_of(int number) {
  WebhookKey key{};
  for (std::size_t i = 0; i < key.size(); ++i) {
    key[i] = static_cast<std::uint8_t>(static_cast<std::size_t>(number) * 37 + i * 11);
  }
  return key;
}

TEST(SpooledEvent, ComesBackWithItsKeys) {
  const std::string json = "{\"v\":1,\"say\":\"{\\n\"}";
  for (int count = 0; count <= 3; ++count) {
    std::vector<WebhookKey> keys;
    for (int i = 0; i < count; ++i) keys.push_back(key_of(i));
    const std::string payload = encode_spooled_event(keys, json);
    const Result<SpooledEvent> event = parse_spooled_event(payload);
    ASSERT_TRUE(event.ok()) << event.error().message;
    EXPECT_EQ(event->keys, keys);
    EXPECT_EQ(event->json, json);
  }
}

TEST(SpooledEvent, IsOneLineOfHexAndTheEvent) {
  WebhookKey key{};
  key[0] = 0xAB;
  key[31] = 0x01;
  const std::string digits = "ab" + std::string(60, '0') + "01";
  EXPECT_EQ(encode_spooled_event({}, "{}"), "{}");
  EXPECT_EQ(encode_spooled_event(std::vector<WebhookKey>{key, key}, "{}"),
            digits + " " + digits + "\n{}");
}

TEST(SpooledEvent, FourthKeyIsLeftOut) {
  const std::vector<WebhookKey> four = {key_of(1), key_of(2), key_of(3), key_of(4)};
  const std::string payload = encode_spooled_event(four, "{}");
  const Result<SpooledEvent> event = parse_spooled_event(payload);
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->keys, std::vector<WebhookKey>(four.begin(), four.begin() + 3));
}

TEST(SpooledEvent, HoldsNothingThatLooksLikeAFrame) {
  std::vector<WebhookKey> keys(1);
  keys[0].fill(0xFF);
  for (const char c : encode_spooled_event(keys, "{}")) {
    EXPECT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f));
  }
}

TEST(SpooledEvent, SaysWhatIsWrong) {
  const std::string key(64, 'a');
  for (const std::string& payload :
       {std::string(), std::string("no event\n"), key,
        key + " " + key + " " + key + " " + key + "\n{}", key + " " + key + " " + key + " {}"}) {
    const Result<SpooledEvent> event = parse_spooled_event(payload);
    ASSERT_FALSE(event.ok()) << payload;
    const bool short_or_many = payload.size() < 65 || payload.ends_with("\n{}");
    EXPECT_EQ(event.error().message.find("neither an event nor 1 to 3 keys") != std::string::npos,
              short_or_many)
        << payload << ": " << event.error().message;
  }
}

TEST(SpooledEvent, EverythingElseIsRefused) {
  const std::string key(64, 'a');
  for (const std::string& payload :
       {std::string(), std::string("no event\n"), std::string("[1]"), key, key + "\n", key + "{}",
        key + " {}", key + "\n\n{}", key + "  " + key + "\n{}", key + "x" + key + "\n{}",
        "g" + key.substr(1) + "\n{}", "ag" + key.substr(2) + "\n{}", key.substr(1) + "g\n{}",
        key + "\n" + key + "\n{}", std::string(64, 'A') + "\n{}", std::string(64, 'g') + "\n{}",
        "a" + key + "\n{}", key.substr(1) + "\n{}",
        key + " " + key + " " + key + " " + key + "\n{}"}) {
    const Result<SpooledEvent> event = parse_spooled_event(payload);
    EXPECT_FALSE(event.ok()) << payload;
  }
}

}  // namespace
}  // namespace plivo_dial
