// File: tests/unit/spool/spool_fixture.h
//
// A spool directory of its own for each test, and failures of the disk on demand.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
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

// What the wrapped system calls do to files of this process until reset.
struct DiskFaults {
  int failing_syncs = 0;     // so many fdatasync calls fail with EIO
  int failing_writes = 0;    // so many pwrite calls fail with ENOSPC
  int short_writes = 0;      // so many pwrite calls take half
  int full_allocations = 0;  // so many posix_fallocate calls fail with ENOSPC
  int syncs = 0;             // counts fdatasync calls
};
extern DiskFaults disk_faults;

}  // namespace plivo_dial
