// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/spool_directory.h"

#include <gmock/gmock.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <filesystem>

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
  const Result<void> result =
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

TEST(SpoolFileSystem, MayNotBeInMemoryNorOnTheNetwork) {
  EXPECT_THAT(file_system_fault(TMPFS_MAGIC), HasSubstr("in memory"));
  EXPECT_THAT(file_system_fault(static_cast<long>(RAMFS_MAGIC)), HasSubstr("in memory"));
  EXPECT_THAT(file_system_fault(NFS_SUPER_MAGIC), HasSubstr("NFS"));
  EXPECT_THAT(file_system_fault(static_cast<long>(CIFS_SUPER_MAGIC)), HasSubstr("SMB"));
  // As a signed word of 32 bits has it.
  EXPECT_THAT(file_system_fault(static_cast<int>(SMB2_SUPER_MAGIC)), HasSubstr("SMB"));
  EXPECT_THAT(file_system_fault(V9FS_MAGIC), HasSubstr("9P"));
  EXPECT_EQ(file_system_fault(EXT4_SUPER_MAGIC), "");
  EXPECT_EQ(file_system_fault(OVERLAYFS_SUPER_MAGIC), "");
}

// Where /dev/shm is a tmpfs, as on every Linux distribution.
TEST(SpoolFileSystem, IsThatOfTheDirectoryItself) {
  struct statfs kind {};
  if (statfs("/dev/shm", &kind) != 0 || kind.f_type != TMPFS_MAGIC) {
    GTEST_SKIP() << "/dev/shm is no tmpfs on this machine";
  }
  const Result<void> result = check_spool_file_system("/dev/shm");
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message,
              testing::AllOf(HasSubstr("'/dev/shm' lies in memory"), HasSubstr("on a local disk")));
  EXPECT_TRUE(check_spool_file_system("/proc/self").ok());
  EXPECT_THAT(check_spool_file_system("/nowhere").error().message, HasSubstr("/nowhere"));
}

TEST_F(SpoolDirectoryTest, WhatHoldsTheEventsMayNotBeInMemoryEither) {
  ASSERT_TRUE(std::filesystem::create_directory(spool_ + "/in"));
  const Result<void> before = check_spool_file_system(spool_);
  if (!before) GTEST_SKIP() << before.error().message;
  if (mount("none", (spool_ + "/in").c_str(), "tmpfs", 0, "size=1m") != 0) {
    GTEST_SKIP() << "a file system can be mounted by root only";
  }
  const Result<void> with = check_spool_file_system(spool_);
  EXPECT_EQ(umount((spool_ + "/in").c_str()), 0);
  ASSERT_FALSE(with);
  EXPECT_THAT(with.error().message, HasSubstr("'" + spool_ + "/in' lies in memory"));
}

}  // namespace
}  // namespace plivo_dial
