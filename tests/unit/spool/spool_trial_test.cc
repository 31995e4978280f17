// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/spool_trial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace plivo_dial {
namespace {

using testing::HasSubstr;

class SpoolTrial : public testing::Test {
 protected:
  SpoolTrial() { EXPECT_NE(mkdtemp(spool_.data()), nullptr); }
  ~SpoolTrial() override { std::filesystem::remove_all(spool_); }

  std::string spool_ = testing::TempDir() + "/trial-XXXXXX";
};

TEST_F(SpoolTrial, LeavesNothingBehind) {
  EXPECT_TRUE(try_spool(spool_, 0));
  EXPECT_TRUE(std::filesystem::is_empty(spool_));
  std::filesystem::create_directory(spool_ + "/in");
  EXPECT_TRUE(try_spool(spool_, 0));
  EXPECT_TRUE(std::filesystem::is_empty(spool_ + "/in"));
}

TEST_F(SpoolTrial, SaysWhatFailed) {
  const SpoolResult<void> gone = try_spool(spool_ + "/gone", 0);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().error_number, ENOENT);
  EXPECT_THAT(gone.error().message, HasSubstr("cannot create '" + spool_ + "/gone/trial-"));
  EXPECT_THAT(spool_remedy(gone.error(), spool_), HasSubstr("ChrootDir"));
  const SpoolResult<void> full = try_spool(spool_, UINT64_MAX);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().failure, SpoolFailure::kFull);
  EXPECT_THAT(full.error().message, HasSubstr("minFree="));
  EXPECT_TRUE(std::filesystem::is_empty(spool_));
}

// As at configtest: whoever tries is not ended by the signal that comes with it.
TEST_F(SpoolTrial, LimitOnFileSizesIsAFullDisk) {
  const pid_t process = fork();
  if (process == 0) {
    const rlimit limit{512 * 1024, 512 * 1024};
    setrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGXFSZ, SIG_DFL);
    const SpoolResult<void> tried = try_spool(spool_, 0);
    if (tried || tried.error().failure != SpoolFailure::kFull) _exit(1);
    const bool named =
        spool_remedy(tried.error(), spool_).find("beyond 524288 bytes") != std::string::npos;
    _exit(named ? 0 : 2);
  }
  int status = -1;
  ASSERT_EQ(waitpid(process, &status, 0), process);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(std::filesystem::is_empty(spool_));
}

TEST_F(SpoolTrial, EachKindOfErrorHasARemedy) {
  for (const int error :
       {EROFS, EACCES, EPERM, ENOENT, ENOTDIR, ENOSPC, EDQUOT, EFBIG, EIO, EMFILE}) {
    EXPECT_NE(spool_remedy(spool_error("cannot create", spool_, error), spool_), "") << error;
  }
  EXPECT_EQ(spool_remedy(SpoolError{{"x"}}, spool_), "");
}

TEST_F(SpoolTrial, IsMadeByTheUserWhoServesAndChangesNobodyElse) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  const Identity nobody{65534, 65534, {65534}};
  ASSERT_EQ(chmod(spool_.c_str(), 0700), 0);
  const SpoolResult<void> refused = try_spool_as(nobody, spool_, 0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error_number, EACCES);
  ASSERT_EQ(chown(spool_.c_str(), 65534, 65534), 0);
  EXPECT_TRUE(try_spool_as(nobody, spool_, 0));
  // By a group of his alone.
  ASSERT_EQ(chown(spool_.c_str(), 0, 4242), 0);
  ASSERT_EQ(chmod(spool_.c_str(), 0770), 0);
  EXPECT_FALSE(try_spool_as(nobody, spool_, 0));
  EXPECT_TRUE(try_spool_as({65534, 65534, {4242}}, spool_, 0));
  EXPECT_EQ(geteuid(), 0U);
  EXPECT_TRUE(try_spool(spool_, 0)) << "root is root still";
}

}  // namespace
}  // namespace plivo_dial
