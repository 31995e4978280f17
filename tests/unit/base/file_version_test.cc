// SPDX-License-Identifier: Apache-2.0
#include "lib/base/file_version.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace plivo_dial {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

class FileVersionTest : public testing::Test {
 protected:
  FileVersionTest() {
    char name[] = "/tmp/file-version-XXXXXX";
    directory_ = mkdtemp(name);
    path_ = directory_ + "/file";
  }
  ~FileVersionTest() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& text) { std::ofstream(path_) << text; }
  void replace(const std::string& text) {
    std::ofstream(path_ + ".new") << text;
    std::filesystem::rename(path_ + ".new", path_);
  }

  std::string directory_;
  std::string path_;
};

TEST_F(FileVersionTest, TellsWhatWasReplacedOrChanged) {
  EXPECT_EQ(FileVersion::of(path_), FileVersion());
  write("one");
  const FileVersion first = FileVersion::of(path_);
  EXPECT_EQ(first.size, 3);
  EXPECT_EQ(FileVersion::of(path_), first);
  replace("two");
  const FileVersion second = FileVersion::of(path_);
  EXPECT_NE(second, first) << "of the same size";
  EXPECT_NE(to_string(second), to_string(first));
  std::filesystem::last_write_time(
      path_, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  EXPECT_NE(FileVersion::of(path_), second);
}

TEST_F(FileVersionTest, WatchLooksOnceASecond) {
  FileWatch watch(path_);
  EXPECT_FALSE(watch.has_changed(10 * kSecond)) << "there is none";
  EXPECT_FALSE(watch.is_there());
  write("one");
  EXPECT_FALSE(watch.has_changed(11 * kSecond - 1));
  EXPECT_TRUE(watch.has_changed(11 * kSecond));
  EXPECT_TRUE(watch.is_there());
  EXPECT_FALSE(watch.has_changed(12 * kSecond));
  std::filesystem::remove(path_);
  EXPECT_TRUE(watch.has_changed(13 * kSecond));
  EXPECT_FALSE(watch.is_there());
}

TEST_F(FileVersionTest, WatchFindsWhatIsThereAtItsFirstLook) {
  write("one");
  FileWatch watch(path_);
  EXPECT_TRUE(watch.has_changed(0));
  EXPECT_EQ(watch.path(), path_);
}

TEST_F(FileVersionTest, ClockThatWasSetBackIsNoReasonToWait) {
  FileWatch watch(path_);
  watch.has_changed(1000 * kSecond);
  write("one");
  EXPECT_TRUE(watch.has_changed(5 * kSecond));
}

}  // namespace
}  // namespace plivo_dial
