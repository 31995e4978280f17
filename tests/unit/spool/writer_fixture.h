// File: tests/unit/spool/writer_fixture.h
//
// A SpoolWriter of its own for each test, whose disk fails on demand.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "lib/spool/spool_writer.h"
#include "tests/unit/spool/disk_faults.h"
#include "tests/unit/spool/spool_fixture.h"

namespace plivo_dial {

inline constexpr std::chrono::hours kLong{1};  // a test that waits so long has failed

class WriterTest : public SpoolTest {
 protected:
  void SetUp() override {
    SpoolTest::SetUp();
    disk_faults.reset();
    open_writer();
  }
  void TearDown() override {
    disk_faults.reset();
    writer_.reset();
    SpoolTest::TearDown();
  }

  void open_writer(SpoolOptions options = {.sync_timeout = kLong}) {
    writer_.reset();
    Result<std::unique_ptr<SpoolWriter>> writer = SpoolWriter::open(spool_, options);
    ASSERT_TRUE(writer.ok()) << writer.error().message;
    writer_ = std::move(*writer);
  }

  SpoolResult<void> append(const std::string& payload) { return writer_->append(payload); }

  SpoolResult<void> append_within(std::chrono::milliseconds patience, const std::string& payload) {
    return writer_->append(payload, std::chrono::steady_clock::now() + patience);
  }

  // Until so many segments are made: one ahead, and once an event was appended one more.
  void wait_for_segments(std::size_t count) {
    ASSERT_TRUE(eventually([&] { return segments().size() == count && unfinished() == 0; }))
        << segments().size();
  }

  std::size_t unfinished() const {
    std::size_t count = 0;
    if (!std::filesystem::exists(spool_ + "/in")) return count;
    for (const auto& entry : std::filesystem::directory_iterator(spool_ + "/in")) {
      count += entry.path().extension() == ".tmp" ? 1 : 0;
    }
    return count;
  }

  // Segments that hold an event.
  std::vector<std::string> used_segments() const {
    std::vector<std::string> used;
    for (const std::string& name : segments()) {
      if (!scan(name).frames.empty()) used.push_back(name);
    }
    return used;
  }

  std::unique_ptr<SpoolWriter> writer_;
};

}  // namespace plivo_dial
