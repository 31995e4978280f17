// File: tests/unit/compile/compile_fixture.h
//
// Files as people write them, and the tables that are made of them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "lib/compile/compile_tables.h"

namespace plivo_dial {

inline constexpr std::int64_t kCompileNow = 1'796'054'400'000'000;  // 2026-11-30T16:00 UTC

class CompileFixture : public testing::Test {
 protected:
  CompileFixture() {
    char name[] = "/tmp/compile-XXXXXX";
    directory_ = mkdtemp(name);
  }
  ~CompileFixture() override { std::filesystem::remove_all(directory_); }

  std::string put(const std::string& name, const std::string& text) {
    std::ofstream(directory_ + "/" + name) << text;
    return directory_ + "/" + name;
  }

  void add_schedule(std::vector<std::string> words) {
    config_.schedules.push_back({std::move(words), "/a.conf:1"});
  }
  void add_map(const std::string& text, std::vector<std::string> plans = {}) {
    const std::string path = put("map" + std::to_string(config_.maps.size()), text);
    config_.maps.push_back({path, std::move(plans), "/a.conf:2"});
  }
  void add_list(const std::string& text) {
    const std::string path = put("list" + std::to_string(config_.lists.size()), text);
    config_.lists.push_back({path, "/a.conf:3"});
  }

  std::vector<std::string> faults() {
    const auto tables = compile_tables(config_, kCompileNow);
    return tables ? std::vector<std::string>() : tables.error().faults;
  }

  std::string directory_;
  TablesConfig config_;
};

}  // namespace plivo_dial
