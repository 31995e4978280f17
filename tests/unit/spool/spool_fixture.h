// File: tests/unit/spool/spool_fixture.h
//
// A spool directory of its own for each test.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "lib/spool/segment_reader.h"

namespace plivo_dial {

class SpoolTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "plivo-spool-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    spool_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(spool_); }

  std::vector<std::string> segments() const {
    Result<std::vector<std::string>> names = list_segments(spool_);
    EXPECT_TRUE(names.ok());
    return names.ok() ? *names : std::vector<std::string>();
  }

  std::string path_of(const std::string& name) const { return spool_ + "/in/" + name; }

  // The segment's scan from its beginning.
  SegmentScan scan(const std::string& name) const {
    Result<std::unique_ptr<SegmentReader>> reader = SegmentReader::open(path_of(name));
    EXPECT_TRUE(reader.ok()) << reader.error().message;
    if (!reader) return {};
    Result<SegmentScan> result = (*reader)->scan(0);
    EXPECT_TRUE(result.ok());
    return result ? *result : SegmentScan();
  }

  // All payloads in the spool; reports harmed bytes as a failure.
  std::vector<std::string> payloads() const {
    std::vector<std::string> all;
    for (const std::string& name : segments()) {
      const SegmentScan result = scan(name);
      EXPECT_TRUE(result.bad_ranges.empty()) << name;
      for (const SegmentFrame& frame : result.frames) all.push_back(frame.payload);
    }
    return all;
  }

  // Waits, at most 30 seconds, until `condition` holds.
  template <class Condition>
  static bool eventually(const Condition& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < deadline) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return condition();
  }

  static std::string read_all(const std::string& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
  }

  static void write_all_to(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }

  std::string spool_;
};

}  // namespace plivo_dial
