// SPDX-License-Identifier: Apache-2.0
#include "lib/schedule/override_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace plivo_dial {
namespace {

using testing::HasSubstr;

class OverrideWatchTest : public testing::Test {
 protected:
  OverrideWatchTest() {
    char name[] = "/tmp/override-XXXXXX";
    directory_ = mkdtemp(name);
    path_ = directory_ + "/office";
  }
  ~OverrideWatchTest() override { std::filesystem::remove_all(directory_); }

  void say(const std::string& text) {
    std::ofstream(path_ + ".new") << text;
    std::filesystem::rename(path_ + ".new", path_);
  }
  std::optional<bool> open_at(OverrideWatch& watch, std::int64_t second) {
    return watch.current(second * 1'000'000).open;
  }

  std::string directory_;
  std::string path_;
};

TEST_F(OverrideWatchTest, HoldsASecondAfterItWasWritten) {
  OverrideWatch watch(path_);
  EXPECT_EQ(open_at(watch, 10), std::nullopt) << "there is no file";
  say("closed\n");
  EXPECT_EQ(open_at(watch, 10), std::nullopt) << "nobody has looked again";
  EXPECT_EQ(open_at(watch, 11), false);
  say("open\n");
  EXPECT_EQ(open_at(watch, 12), true);
  say("");
  EXPECT_EQ(open_at(watch, 13), std::nullopt);
  say("closed");
  EXPECT_EQ(open_at(watch, 14), false);
  std::filesystem::remove(path_);
  EXPECT_EQ(open_at(watch, 15), std::nullopt) << "a file that is gone says nothing";
}

TEST_F(OverrideWatchTest, WithAFaultChangesNothingAndSaysSoOnce) {
  say("closed");
  OverrideWatch watch(path_);
  EXPECT_EQ(open_at(watch, 10), false);
  EXPECT_EQ(watch.new_fault(10'000'000), std::nullopt);
  say("opne");
  EXPECT_EQ(open_at(watch, 11), false);
  const auto fault = watch.new_fault(11'000'000);
  ASSERT_TRUE(fault);
  EXPECT_THAT(*fault, HasSubstr(path_));
  EXPECT_THAT(*fault, HasSubstr("did you mean open?"));
  EXPECT_EQ(watch.new_fault(12'000'000), std::nullopt);
  say("clsed");
  EXPECT_THAT(watch.new_fault(13'000'000).value_or(""), HasSubstr("clsed"));
  say("open");
  EXPECT_EQ(open_at(watch, 14), true);
  EXPECT_EQ(watch.new_fault(14'000'000), std::nullopt);
}

TEST_F(OverrideWatchTest, OfADirectoryIsAFault) {
  std::filesystem::create_directory(path_);
  OverrideWatch watch(path_);
  EXPECT_EQ(open_at(watch, 10), std::nullopt);
  EXPECT_THAT(watch.new_fault(10'000'000).value_or(""), HasSubstr(path_));
}

}  // namespace
}  // namespace plivo_dial
