// File: tests/fault/fault_test.h
//
// A spool and a scratch directory of its own for each test.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace plivo_dial::test {

class FaultTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "plivo-fault-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    scratch_ = pattern;
    spool_ = scratch_ + "/spool";
    std::filesystem::create_directory(spool_);
  }
  void TearDown() override { std::filesystem::remove_all(scratch_); }

  static std::string read_all(const std::string& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
  }

  std::string scratch_;
  std::string spool_;
};

}  // namespace plivo_dial::test
