// File: tests/unit/delivery/delivery_fixture.h
//
// A directory with a spool for each test, events to put into it, and helpers that wait for what
// another thread or process does.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "lib/event/event.h"
#include "lib/event/json.h"
#include "lib/log/log.h"
#include "lib/spool/segment_format.h"
#include "lib/spool/spool_writer.h"

namespace plivo_dial {

// Keeps lines as "PD0601 text".
class CapturingLog : public Log {
 public:
  void write(LogLevel, std::string_view id, std::string_view text) override {
    const std::lock_guard<std::mutex> guard(mutex_);
    lines_ += std::string(id) + " " + std::string(text) + "\n";
  }
  std::string lines() const {
    const std::lock_guard<std::mutex> guard(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::string lines_;
};

inline std::string read_text(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// True as soon as `condition` holds; false when it does not within 20 s.
template <class Condition>
bool eventually(const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

inline std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

class DeliveryTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "plivo-delivery-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    spool_ = directory_ + "/spool";
    std::filesystem::create_directory(spool_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  static std::string id_of(int number) {
    char id[32];
    std::snprintf(id, sizeof(id), "01hq8w3v9k2m4n6p8r0s%06d", number);
    return id;
  }

  static Event event_of(int number, const std::string& name = "dial.result",
                        const std::string& status = "completed") {
    Event event;
    event.id = id_of(number);
    event.received_us = 1'795'000'000'000'000;
    event.event = name;
    event.endpoint = "action";
    event.call = "6f1d0000-0000-0000-0000-000000000001";
    event.dial_status = status;
    event.node = "pbx";
    event.params = {{"CallUUID", "6f1d"}, {"Evil", "\n$(reboot) \xFF"}};
    return event;
  }

  // Through a writer of its own, which seals its segment.
  void spool_events(int first, int count) {
    Result<std::unique_ptr<SpoolWriter>> writer = SpoolWriter::open(spool_);
    ASSERT_TRUE(writer.ok()) << writer.error().message;
    for (int i = first; i < first + count; ++i) {
      ASSERT_TRUE((*writer)->append(to_json(event_of(i))).ok());
    }
  }

  // As a writer left them that ended an hour ago, in a segment of that number.
  void spool_old_events(int first, int count, int segment = 1) {
    using std::chrono::nanoseconds;
    const auto accepted = std::chrono::system_clock::now() - std::chrono::hours(1);
    const nanoseconds time = accepted.time_since_epoch();
    std::string bytes = encode_segment_header();
    for (int i = 0; i < count; ++i) {
      bytes += encode_frame(static_cast<std::uint64_t>(i) + 1,
                            static_cast<std::uint64_t>(time.count()), to_json(event_of(first + i)));
    }
    std::filesystem::create_directory(spool_ + "/in");
    // Whole from the moment at which it has its name: one without bytes has no writer any more.
    const std::string name = "0123abcd-1-2-" + std::to_string(segment) + ".seg";
    std::ofstream(directory_ + "/" + name) << bytes;
    std::filesystem::rename(directory_ + "/" + name, spool_ + "/in/" + name);
  }

  std::size_t segments_left() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(spool_ + "/in")) {
      count += entry.path().extension() == ".seg" ? 1 : 0;
    }
    return count;
  }

  std::string write_hook(const std::string& name, const std::string& body) const {
    const std::string path = directory_ + "/" + name;
    std::ofstream(path) << "#!/bin/sh\n" << body << "\n";
    chmod(path.c_str(), 0755);
    return path;
  }

  std::string directory_;
  std::string spool_;
  CapturingLog log_;
};

}  // namespace plivo_dial
