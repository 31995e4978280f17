// SPDX-License-Identifier: Apache-2.0
#include "lib/schedule/openings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "lib/base/crc32c.h"
#include "lib/schedule/openings_view.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;

Openings sample() {
  return {1000,
          9000,
          {{0, 3600}, {5000, 7200}},
          {{1000, false, 0}, {2000, true, 1}, {3000, true, 2}, {4000, false, 0}, {8000, true, 1}},
          {"weekly hours", "a.txt:4: \xC3\xA9", ""}};
}

TEST(Openings, ComeBackFromBytes) {
  const Openings openings = sample();
  const std::string bytes = encode_openings(openings);
  EXPECT_EQ(bytes.size(), 56u + 2 * 16 + 5 * 16 + 3 * 8 + 12 + 11);
  const auto view = OpeningsView::open(bytes);
  ASSERT_TRUE(view.ok()) << view.error().message;
  EXPECT_TRUE(view->check().ok());
  EXPECT_EQ(view->decode(), openings);
  EXPECT_EQ(encode_openings(view->decode()), bytes);
  const std::string longer = bytes + "the next table";
  ASSERT_TRUE(OpeningsView::open(longer).ok());
  EXPECT_TRUE(OpeningsView::open(longer)->check().ok()) << "what follows is another's";
}

TEST(Openings, AreFixedOverVersions) {
  const std::string bytes = encode_openings({1, 2, {{1, -1}}, {{1, true, 0}}, {"x"}});
  std::string hex;
  for (const char c : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex += kDigits[static_cast<unsigned char>(c) >> 4];
    hex += kDigits[static_cast<unsigned char>(c) & 15];
  }
  EXPECT_EQ(hex.substr(0, 24), "504c564f50454e5301000000");
  EXPECT_EQ(hex.substr(32),
            "61000000010000000100000001000000010000000000000001000000000000000200000000000000"
            "0100000000000000ffffffff00000000"
            "01000000000000000000000001000000"
            "000000000100000078");
}

TEST(Openings, TellTheStateAtAnInstant) {
  const std::string bytes = encode_openings(sample());
  const OpeningsView view = *OpeningsView::open(bytes);
  EXPECT_FALSE(view.state_at(999));
  EXPECT_FALSE(view.state_at(9000));
  EXPECT_FALSE(view.state_at(1000)->open);
  EXPECT_EQ(view.state_at(1000)->reason, "weekly hours");
  EXPECT_FALSE(view.state_at(1999)->open);
  EXPECT_TRUE(view.state_at(2000)->open);
  EXPECT_EQ(view.state_at(2999)->reason, "a.txt:4: \xC3\xA9");
  EXPECT_TRUE(view.state_at(3000)->open);
  EXPECT_EQ(view.state_at(3000)->reason, "");
  EXPECT_EQ(view.state_at(3999)->since, 3000);
  EXPECT_FALSE(view.state_at(4000)->open);
  EXPECT_TRUE(view.state_at(8999)->open);
}

TEST(Openings, TellTheNextChangeOfTheState) {
  const std::string bytes = encode_openings(sample());
  const OpeningsView view = *OpeningsView::open(bytes);
  EXPECT_FALSE(view.next_change(999));
  EXPECT_EQ(view.next_change(1000), 2000);
  EXPECT_EQ(view.next_change(2000), 4000) << "another reason is no other state";
  EXPECT_EQ(view.next_change(3999), 4000);
  EXPECT_EQ(view.next_change(4000), 8000);
  EXPECT_FALSE(view.next_change(8000));
  EXPECT_EQ(view.wall_at(4999), 8599);
  EXPECT_EQ(view.wall_at(5000), 12200);
  EXPECT_EQ(view.instant_at(9000, WallMeaning::kOpening), 5000);
}

// Reads all that can be read of `bytes`, in a block of exactly that size, so that a sanitizer sees
// whatever is outside.
void read_all(const std::string& bytes) {
  const auto block = std::make_unique<char[]>(bytes.size());
  bytes.copy(block.get(), bytes.size());
  const auto view = OpeningsView::open({block.get(), bytes.size()});
  if (!view) return;
  const bool good = view->check().ok();
  for (const Instant instant : {kEarliestInstant, Instant{0}, Instant{1000}, Instant{2500},
                                Instant{8999}, kLatestInstant}) {
    const auto state = view->state_at(instant);
    if (state && !state->reason.empty()) {
      const char* const start = state->reason.data();
      EXPECT_TRUE(block.get() <= start &&
                  start + state->reason.size() <= block.get() + bytes.size());
    }
    view->next_change(instant);
    view->wall_at(instant);
    view->instant_at(instant, WallMeaning::kOpening);
    view->instant_at(instant, WallMeaning::kClosing);
    view->instant_at(instant, WallMeaning::kEvent);
  }
  if (good) {
    EXPECT_EQ(encode_openings(view->decode()).size(), bytes.size());
  }
}

TEST(Openings, RefuseEachTruncation) {
  const std::string bytes = encode_openings(sample());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(OpeningsView::open(bytes.substr(0, size)).ok()) << size;
    read_all(bytes.substr(0, size));
  }
}

TEST(Openings, RefuseEachFlippedBit) {
  const std::string bytes = encode_openings(sample());
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const auto view = OpeningsView::open(flipped);
    EXPECT_FALSE(view.ok() && view->check().ok()) << bit;
    read_all(flipped);
  }
}

// A check value that belongs to the bytes, as somebody makes it who wants to harm.
std::string sealed(std::string bytes) {
  const std::uint32_t crc = crc32c(std::string_view(bytes).substr(16));
  for (unsigned i = 0; i < 4; ++i) bytes[12 + i] = static_cast<char>((crc >> (8 * i)) & 0xFF);
  return bytes;
}

TEST(Openings, AreReadWithinBoundsWhateverTheyHold) {
  const std::string bytes = encode_openings(sample());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const char value : {'\x00', '\x01', '\x7F', '\x80', '\xFF'}) {
      std::string hostile = bytes;
      hostile[at] = value;
      read_all(sealed(hostile));
      for (std::size_t i = at; i < std::min(at + 8, bytes.size()); ++i) hostile[i] = value;
      read_all(sealed(hostile));
    }
  }
}

struct Damage {
  Openings openings;
  const char* message;
};

TEST(Openings, AreRefusedWhereTheySayWhatCannotBe) {
  std::vector<Damage> damages;
  const auto damage = [&damages](const char* message) -> Openings& {
    damages.push_back({sample(), message});
    return damages.back().openings;
  };
  damage("no offsets that are any").offsets.clear();
  damage("no offsets that are any").offsets.resize(kMostOffsets + 1);
  damage("no changes that are any").changes.clear();
  damage("too many reasons").reasons.resize(6);
  damage("its period is none").until = 1000;
  damage("its period is none").from = kEarliestInstant - 1;
  damage("its period is none").until = kLatestInstant + 1;
  damage("offset 1 of its zone is none").offsets[1].at = 0;
  damage("offset 0 of its zone is none").offsets[0].seconds = kLargestOffset + 1;
  damage("offset 1 of its zone is none").offsets[1].at = kLatestInstant + 1;
  damage("change 0 is none").changes[0].at = 1001;
  damage("change 2 is none").changes[2].at = 2000;
  damage("change 4 is none").changes[4].at = 9000;
  damage("change 3 is none").changes[3].reason = 3;
  damage("reason 1 is no text").reasons[1] = "\xFF";
  for (const Damage& one : damages) {
    const std::string bytes = encode_openings(one.openings);
    const auto view = OpeningsView::open(bytes);
    const std::string message = !view            ? view.error().message
                                : !view->check() ? view->check().error().message
                                                 : "";
    EXPECT_THAT(message, HasSubstr(one.message));
    EXPECT_THAT(message, HasSubstr("make it anew")) << one.message;
  }
}

TEST(Openings, OfAnotherVersionAreRefused) {
  std::string bytes = encode_openings(sample());
  bytes[8] = 2;
  EXPECT_EQ(
      OpeningsView::open(sealed(bytes)).error().message,
      "the table of openings is of version 2, and this program reads version 1; make it anew");
}

}  // namespace
}  // namespace plivo_dial
