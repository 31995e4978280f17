// SPDX-License-Identifier: Apache-2.0
#include "lib/access/file_access.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace plivo_dial {
namespace {

using testing::HasSubstr;

class FileAccessTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "plivo-access-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    ASSERT_EQ(chmod(root_.c_str(), 0755), 0);
    directory_ = root_ + "/directory";
    file_ = directory_ + "/file";
    std::filesystem::create_directory(directory_);
    std::ofstream(file_) << "x";
    set_modes(0755, 0644);
  }
  void TearDown() override {
    chmod(directory_.c_str(), 0755);
    std::filesystem::remove_all(root_);
  }

  void set_modes(mode_t directory, mode_t file) {
    ASSERT_EQ(chmod(directory_.c_str(), 0755), 0);  // else an ordinary user can't reach the file
    ASSERT_EQ(chmod(file_.c_str(), file), 0);
    ASSERT_EQ(chmod(directory_.c_str(), directory), 0);
  }

  const Identity owner_{geteuid() == 0 ? 0 : geteuid(), getegid(), {}};
  const Identity group_{54321, 54321, {getegid()}};
  const Identity stranger_{54321, 54321, {}};
  std::string root_, directory_, file_;
};

TEST_F(FileAccessTest, OneClassDecidesAlone) {
  set_modes(0755, 0604);
  EXPECT_TRUE(may_read(file_, stranger_).ok());
  EXPECT_THAT(may_read(file_, group_).error().message,
              HasSubstr("uid 54321 may not read '" + file_ + "'; chmod g+r '" + file_ + "'"));
  set_modes(0755, 0640);
  EXPECT_TRUE(may_read(file_, group_).ok());
  EXPECT_THAT(may_read(file_, stranger_).error().message, HasSubstr("chmod o+r"));
  EXPECT_THAT(may_write(file_, group_).error().message, HasSubstr("chmod g+w"));
}

TEST_F(FileAccessTest, EveryDirectoryAboveMustBeSearchable) {
  set_modes(0700, 0666);
  EXPECT_THAT(may_write(file_, stranger_).error().message,
              HasSubstr("may not search '" + directory_ +
                        "'; move what it holds to where everybody may go, such as " +
                        "/usr/local, or chmod o+x '" + directory_ + "'"));
  set_modes(0701, 0666);
  EXPECT_TRUE(may_write(file_, stranger_).ok());
}

TEST_F(FileAccessTest, SaysWhatOpensItToNobodyElse) {
  EXPECT_THAT(may_write(file_, stranger_).error().message,
              testing::EndsWith("write to '" + file_ + "'; chown 54321 '" + file_ + "'"));
  EXPECT_THAT(may_write(directory_, stranger_).error().message,
              testing::EndsWith("; make a directory of its own: install -d -o 54321 -m 0750 '" +
                                directory_ + "/plivo-dial'"));
  EXPECT_THAT(may_execute(file_, stranger_).error().message,
              testing::EndsWith("; if it is the program that is meant, chmod 755 '" + file_ + "'"));
  set_modes(0705, 0644);
  EXPECT_THAT(may_read(file_, group_).error().message,
              testing::EndsWith("search '" + directory_ + "'; chmod g+x '" + directory_ +
                                "', or change its owner"));
  set_modes(0751, 0644);
  EXPECT_THAT(may_read(directory_, stranger_).error().message,
              testing::EndsWith("; chmod o+r '" + directory_ + "', or change its owner"));
}

// What counts for others does not count for those of the group, even to their good.
TEST_F(FileAccessTest, GroupIsOnesOwnOrAnAdditionalOne) {
  set_modes(0755, 0640);
  EXPECT_TRUE(may_read(file_, {54321, getegid(), {}}).ok());
  EXPECT_TRUE(may_read(file_, {54321, 54321, {54322, getegid()}}).ok());
  EXPECT_FALSE(may_read(file_, {54321, 54321, {54322}}).ok());
}

// A slash at the end of a directory makes it none of those above it.
TEST_F(FileAccessTest, ADirectoryIsNotAboveItself) {
  set_modes(0754, 0644);
  EXPECT_TRUE(may_read(directory_, stranger_).ok());
  EXPECT_TRUE(may_read(directory_ + "/", stranger_).ok());
}

TEST_F(FileAccessTest, RootMayAllButExecuteWhatNobodyMay) {
  const Identity root{};
  set_modes(0000, 0000);
  EXPECT_TRUE(may_read(file_, root).ok() || geteuid() != 0);
  EXPECT_FALSE(may_execute(file_, root).ok());
  set_modes(0700, 0100);
  EXPECT_TRUE(may_execute(file_, root).ok());
}

TEST_F(FileAccessTest, ExecutesRegularFilesAndSearchesDirectories) {
  set_modes(0755, 0755);
  EXPECT_TRUE(may_execute(file_, stranger_).ok());
  EXPECT_TRUE(may_search(directory_, stranger_).ok());
  EXPECT_THAT(may_execute(directory_, stranger_).error().message, HasSubstr("not a regular file"));
  EXPECT_THAT(may_search(file_, stranger_).error().message, HasSubstr("is not a directory"));
}

TEST_F(FileAccessTest, NamesWhatIsMissingOrRelative) {
  EXPECT_THAT(may_read(directory_ + "/none", stranger_).error().message,
              HasSubstr("none': No such file"));
  EXPECT_THAT(may_search(directory_ + "/none", stranger_).error().message,
              HasSubstr("none': No such file"));
  EXPECT_THAT(may_read("file", stranger_).error().message, HasSubstr("not an absolute path"));
  EXPECT_THAT(may_read("", stranger_).error().message, HasSubstr("not an absolute path"));
}

TEST_F(FileAccessTest, FollowsLinksToWhatTheyName) {
  const std::string link = root_ + "/link";
  std::filesystem::create_symlink(file_, link);
  EXPECT_TRUE(may_read(link, stranger_).ok());
  set_modes(0750, 0644);
  EXPECT_THAT(may_read(link, stranger_).error().message, HasSubstr(directory_));
}

TEST_F(FileAccessTest, FindsWhatEverybodyMayReplace) {
  EXPECT_TRUE(not_writable_by_others(file_).ok()) << "/tmp is sticky";
  set_modes(0777, 0644);
  EXPECT_THAT(not_writable_by_others(file_).error().message,
              HasSubstr("'" + directory_ + "' is writable by everybody; chmod o-w"));
  set_modes(01777, 0644);
  EXPECT_TRUE(not_writable_by_others(file_).ok());
  set_modes(0755, 0646);
  EXPECT_THAT(not_writable_by_others(file_).error().message, HasSubstr(file_));
}

TEST_F(FileAccessTest, LooksBehindLinksForWhatEverybodyMayReplace) {
  const std::string link = root_ + "/link";
  std::filesystem::create_symlink(file_, link);
  set_modes(0777, 0644);
  EXPECT_THAT(not_writable_by_others(link).error().message, HasSubstr(directory_));
}

}  // namespace
}  // namespace plivo_dial
