// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/init/init_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "tests/unit/ctl/command_runner.h"

namespace plivo_dial::ctl {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class NewFileTest : public testing::Test {
 protected:
  // What is in the directory, the file of this test itself left out.
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
  }
  static std::string content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static unsigned mode(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777U;
  }

  TemporaryFiles files_;
  std::string directory_ = fs::path(files_.write("other", "other")).parent_path();
  std::string path_ = directory_ + "/new";
};

TEST_F(NewFileTest, IsThereWithItsModeAndDirectory) {
  const std::string path = directory_ + "/plivo/main.token";
  Result<NewFile> file = NewFile::write({path, 0600, 0700, false}, "content\n");
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_FALSE(fs::exists(path));
  ASSERT_TRUE(file->publish().ok());
  file->keep();
  EXPECT_EQ(content(path), "content\n");
  EXPECT_EQ(mode(path), 0600U);
  EXPECT_EQ(mode(directory_ + "/plivo"), 0700U);
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_ + "/plivo"), {}), 1);
}

TEST_F(NewFileTest, IsGoneWithItsDirectoryWhenItWasNotKept) {
  const std::string path = directory_ + "/plivo/main.token";
  {
    Result<NewFile> file = NewFile::write({path, 0600, 0700, false}, "content\n");
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->publish().ok());
    EXPECT_TRUE(fs::exists(path));
  }
  EXPECT_EQ(entries(), 1U);
}

TEST_F(NewFileTest, LeavesWhatIsThere) {
  files_.write("new", "old");
  const Result<NewFile> file = NewFile::write({path_, 0644, 0755, false}, "content");
  ASSERT_FALSE(file.ok());
  EXPECT_THAT(file.error().message, HasSubstr("is there already"));
  EXPECT_THAT(file.error().message, HasSubstr("--force"));
  EXPECT_EQ(content(path_), "old");
}

TEST_F(NewFileTest, LeavesWhatCameInTheMeantime) {
  {
    Result<NewFile> file = NewFile::write({path_, 0644, 0755, false}, "content");
    ASSERT_TRUE(file.ok());
    files_.write("new", "another's");
    EXPECT_THAT(file->publish().error().message, HasSubstr("is there already"));
  }
  EXPECT_EQ(content(path_), "another's");
  EXPECT_EQ(entries(), 2U);
}

TEST_F(NewFileTest, ReplacesWhereItMay) {
  files_.write("new", "old");
  {
    Result<NewFile> file = NewFile::write({path_, 0644, 0755, true}, "content");
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->publish().ok());
    file->keep();
  }
  EXPECT_EQ(content(path_), "content");
  EXPECT_EQ(mode(path_), 0644U);
  EXPECT_EQ(entries(), 2U);
}

TEST_F(NewFileTest, BringsBackWhatItReplaced) {
  files_.write("new", "old");
  {
    Result<NewFile> file = NewFile::write({path_, 0644, 0755, true}, "content");
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->publish().ok());
    EXPECT_EQ(content(path_), "content");
  }
  EXPECT_EQ(content(path_), "old");
  EXPECT_EQ(mode(path_), 0600U);
  EXPECT_EQ(entries(), 2U);
}

TEST_F(NewFileTest, NamesTheDirectoryThatIsMissing) {
  const Result<NewFile> file = NewFile::write({directory_ + "/a/b/c", 0644, 0755, false}, "secret");
  ASSERT_FALSE(file.ok());
  EXPECT_THAT(file.error().message, HasSubstr(directory_ + "/a/b"));
  EXPECT_EQ(entries(), 1U);
}

}  // namespace
}  // namespace plivo_dial::ctl
