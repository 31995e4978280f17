// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/spool_directory.h"

#include <gmock/gmock.h>
#include <linux/magic.h>
#include <sys/stat.h>

#include "tests/unit/spool/spool_fixture.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;

class SpoolDirectoryTest : public SpoolTest {
 protected:
  const Identity stranger_{54321, 54321, {}};
};

TEST_F(SpoolDirectoryTest, AcceptsDirectoryOfOwner) {
  struct stat status {};
  ASSERT_EQ(stat(spool_.c_str(), &status), 0);
  const Result<std::string> result =
      check_spool_directory(spool_, Identity{status.st_uid, status.st_gid, {}});
  EXPECT_TRUE(result.ok()) << result.error().message;
}

TEST_F(SpoolDirectoryTest, RefusalsNameTheRemedy) {
  write_all_to(spool_ + "/file", "x");
  EXPECT_THAT(check_spool_directory("spool", stranger_).error().message,
              HasSubstr("'spool' is not an absolute path"));
  EXPECT_THAT(check_spool_directory(spool_ + "/none", stranger_).error().message,
              testing::AllOf(HasSubstr("does not exist; mkdir -p -m 0750"),
                             HasSubstr("chown 54321:54321")));
  EXPECT_THAT(check_spool_directory(spool_ + "/file", stranger_).error().message,
              HasSubstr("is not a directory"));
  ASSERT_EQ(chmod(spool_.c_str(), 0700), 0);
  EXPECT_THAT(check_spool_directory(spool_, stranger_).error().message,
              testing::AllOf(HasSubstr("may not search '" + spool_),
                             HasSubstr("chown 54321:54321 '" + spool_)));
  ASSERT_EQ(chmod(spool_.c_str(), 0755), 0);
  EXPECT_THAT(check_spool_directory(spool_, stranger_).error().message,
              HasSubstr("may not write to '" + spool_));
}

TEST(FileSystemWarning, WarnsOfMemoryAndNetworkOnly) {
  EXPECT_THAT(file_system_warning(TMPFS_MAGIC), HasSubstr("in memory"));
  EXPECT_THAT(file_system_warning(static_cast<long>(RAMFS_MAGIC)), HasSubstr("in memory"));
  EXPECT_THAT(file_system_warning(NFS_SUPER_MAGIC), HasSubstr("NFS"));
  EXPECT_EQ(file_system_warning(EXT4_SUPER_MAGIC), "");
}

// Where /dev/shm is a tmpfs, as on every Linux distribution.
TEST(FileSystemWarning, LooksAtTheDirectoryItself) {
  const Result<std::string> result = check_spool_directory("/dev/shm", Identity{});
  if (!result.ok()) GTEST_SKIP() << "no /dev/shm here: " << result.error().message;
  EXPECT_THAT(*result, HasSubstr("'/dev/shm' lies in memory"));
}

}  // namespace
}  // namespace plivo_dial
