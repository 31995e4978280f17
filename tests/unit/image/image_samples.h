// File: tests/unit/image/image_samples.h
//
// Images for the tests of their room.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "lib/image/image.h"
#include "lib/image/image_writer.h"

namespace plivo_dial::test {

inline constexpr std::int64_t kMadeAt = 1'767'225'600'000'000;  // 2026-01-01

// Two tables and an empty one.
inline ImageWriter small_writer() {
  ImageWriter writer;
  EXPECT_TRUE(writer.add("numbers", "14155550199", "sales").ok());
  EXPECT_TRUE(writer.add("numbers", "442079460000", "").ok());
  EXPECT_TRUE(writer.add("prefixes", "1", "america").ok());
  EXPECT_TRUE(writer.add("prefixes", "1415", "san francisco").ok());
  EXPECT_TRUE(writer.add("prefixes", "14155550", "block").ok());
  EXPECT_TRUE(writer.add_table("nothing").ok());
  return writer;
}

inline std::string small_image(std::int64_t made_us = kMadeAt) {
  return small_writer().bytes(made_us).value();
}

// The number `index` of many that differ in their last digits.
inline std::string number_at(std::size_t index) {
  return std::to_string(14'155'000'000 + index);
}

// Numbers from 0, each with itself and a sign as its value.
inline std::string image_of(std::size_t keys) {
  ImageWriter writer;
  for (std::size_t i = 0; i < keys; ++i) {
    EXPECT_TRUE(writer.add("numbers", number_at(i), "+" + number_at(i)).ok());
  }
  return writer.bytes(kMadeAt).value();
}

}  // namespace plivo_dial::test
