// SPDX-License-Identifier: Apache-2.0
#include "lib/access/program_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace plivo_dial {
namespace {

using testing::HasSubstr;

class ProgramFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "plivo-program-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    ASSERT_EQ(chmod(directory_.c_str(), 0755), 0);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string write(const std::string& name, std::string_view content, mode_t mode = 0755) {
    const std::string path = directory_ + "/" + name;
    std::ofstream(path, std::ios::trunc) << content;
    EXPECT_EQ(chmod(path.c_str(), mode), 0);
    return path;
  }
  static std::string check(const std::string& path) {
    const Result<void> result = check_program_file(path, Identity{54321, 54321, {}});
    return result ? "ok" : result.error().message;
  }

  std::string directory_;
};

TEST_F(ProgramFileTest, MustBeOneThatTheKernelStarts) {
  const struct {
    std::string_view content;
    std::string_view words;
  } cases[] = {
      {"", "is empty"},
      {"echo hello\n", "does not begin with #!"},
      {"a\tb\r\n", "does not begin with #!"},
      {"\n#!/bin/sh\n", "does not begin with #!"},
      {"#", "does not begin with #!"},
      {"\xEF\xBB\xBF#!/bin/sh\n", "begins with a byte order mark"},
      {"#!/bin/sh\r\necho hello\r\n", "has CR LF behind its line #!/bin/sh, "},
      {"#!/bin/sh -e\r\n", "has CR LF behind its line #!/bin/sh -e, "},
      {"#!\n", "has nothing behind #!"},
      {"#! \t\n", "has nothing behind #!"},
      {"#!sh\n", "which is no absolute path"},
      {"#!/usr/bin/pyhton3\nprint()\n", "#!/usr/bin/pyhton3: No such file or directory; install"},
      {"#! /no/such/perl -w\n", "#!/no/such/perl: No such file or directory; install"},
      {"#!/usr/bin/env pyhton3\n", "has no pyhton3; install it"},
      {"#!/usr/bin/env\tpyhton3 -u\n", "has no pyhton3; install it"},
  };
  for (const auto& [content, words] : cases) {
    EXPECT_THAT(check(write("hook", content)), HasSubstr(words)) << content;
  }
}

TEST_F(ProgramFileTest, WhatTheKernelMayStartPasses) {
  constexpr std::string_view kBinary(
      "\x7F"
      "ELF\x02\x01\x01\0\0",
      9);
  for (const std::string_view content :
       {std::string_view("#!/bin/sh"), std::string_view("#! /bin/sh -e\nexit 0\n"),
        std::string_view("#!/bin/sh\necho hello\r\n"), std::string_view("#!/usr/bin/env sh\n"),
        std::string_view("#!/usr/bin/env -S none -e\n"), std::string_view("#!/usr/bin/env\n"),
        std::string_view("#!/usr/bin/env X=1 none\n"),
        std::string_view("#!/usr/bin/env /no/such/program\n"), kBinary}) {
    EXPECT_EQ(check(write("hook", content)), "ok") << content;
  }
  EXPECT_EQ(check(directory_ + "/none"), "ok") << "others look whether it is there";
}

TEST_F(ProgramFileTest, InterpreterMustBeExecutable) {
  const std::string interpreter = write("interpreter", "#!/bin/sh\n", 0744);
  EXPECT_THAT(check(write("hook", "#!" + interpreter + "\n")),
              HasSubstr("may not execute '" + interpreter));
}

TEST_F(ProgramFileTest, ScriptMustBeReadableAsWell) {
  const std::string hook = write("hook", "#!/bin/sh\n", 0711);
  EXPECT_THAT(check(hook), HasSubstr("may not read '" + hook));
  EXPECT_EQ(check(write("binary", "\x7F\x01", 0711)), "ok");
}

}  // namespace
}  // namespace plivo_dial
