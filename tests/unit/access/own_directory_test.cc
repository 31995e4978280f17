// SPDX-License-Identifier: Apache-2.0
#include "lib/access/own_directory.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

namespace plivo_dial {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class OwnDirectory : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "plivo-own-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    ASSERT_EQ(chmod(pattern.c_str(), 0755), 0);
    above_ = std::filesystem::canonical(pattern);
    spool_ = above_ + "/spool";
    ASSERT_EQ(mkdir(spool_.c_str(), 0750), 0);
  }
  void TearDown() override { std::filesystem::remove_all(above_); }

  std::string complaint(const Identity& identity) const {
    const Result<void> judged = may_own_directory(spool_, identity);
    return judged ? "" : judged.error().message;
  }

  std::string above_;
  std::string spool_;
};

TEST_F(OwnDirectory, OfAnotherIsGivenToTheUserByName) {
  const passwd* const user = getpwnam("nobody");
  ASSERT_NE(user, nullptr);
  const Identity nobody{user->pw_uid, user->pw_gid, {}};
  const group* const group = getgrgid(nobody.gid);
  ASSERT_NE(group, nullptr);
  EXPECT_EQ(complaint(nobody), "user nobody may not enter '" + spool_ +
                                   "': chown -R nobody:" + group->gr_name + " '" + spool_ +
                                   "' && chmod 0750 '" + spool_ + "'");
  EXPECT_THAT(complaint({54321, 54321, {}}), HasSubstr("chown -R 54321:54321 "));
}

TEST_F(OwnDirectory, NeedsAllThreePermissions) {
  const Identity stranger{54321, 54321, {}};
  ASSERT_EQ(chmod(spool_.c_str(), 0755), 0);
  EXPECT_THAT(complaint(stranger), HasSubstr("may not write into"));
  ASSERT_EQ(chmod(spool_.c_str(), 0753), 0);
  EXPECT_THAT(complaint(stranger), HasSubstr("may not read"));
  ASSERT_EQ(chmod(spool_.c_str(), 0757), 0);
  EXPECT_EQ(complaint(stranger), "");
}

// What one user left behind when httpd got another one, who was given the directory alone.
TEST_F(OwnDirectory, AllThatIsBelowItIsJudged) {
  const Identity stranger{54321, 54321, {}};
  ASSERT_EQ(chmod(spool_.c_str(), 0757), 0);
  const auto make_file = [&](const std::string& path, mode_t mode) {
    std::ofstream(path) << "x";
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
  };
  const std::string segments = spool_ + "/in";
  ASSERT_EQ(mkdir(segments.c_str(), 0750), 0);
  const std::string remedy = "': chown -R 54321:54321 '" + spool_ + "'";
  EXPECT_EQ(complaint(stranger), "user 54321 may not enter '" + segments + remedy);
  ASSERT_EQ(chmod(segments.c_str(), 0777), 0);
  EXPECT_EQ(complaint(stranger), "");
  make_file(segments + "/1.seg", 0644);
  EXPECT_EQ(complaint(stranger), "user 54321 may not write '" + segments + "/1.seg" + remedy);
  ASSERT_EQ(chmod((segments + "/1.seg").c_str(), 0666), 0);
  make_file(spool_ + "/lock", 0600);
  EXPECT_EQ(complaint(stranger), "user 54321 may not read '" + spool_ + "/lock" + remedy);
  ASSERT_EQ(chmod((spool_ + "/lock").c_str(), 0666), 0);
  // A link leads to what others judge; mkfs made this one.
  std::filesystem::create_symlink("/etc/shadow", spool_ + "/httpd-status");
  ASSERT_EQ(mkdir((spool_ + "/lost+found").c_str(), 0700), 0);
  EXPECT_EQ(complaint(stranger), "");
}

TEST_F(OwnDirectory, WhatIsRemovedMeanwhileIsNothingToComplainOf) {
  ASSERT_EQ(chmod(spool_.c_str(), 0757), 0);
  const mode_t mask = umask(0);
  std::atomic<bool> done{false};
  std::thread other([&] {
    // No name comes twice, as in a spool.
    for (int i = 0; !done; ++i) {
      const std::string path = spool_ + "/" + std::to_string(i);
      const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
      close(file);
      unlink((spool_ + "/" + std::to_string(i - 25)).c_str());
    }
  });
  std::string complaints;
  for (int i = 0; i < 300; ++i) {
    const std::string text = complaint({54321, 54321, {}});
    if (!text.empty()) complaints += text + "\n";
  }
  done = true;
  other.join();
  umask(mask);
  EXPECT_EQ(complaints, "");
}

TEST_F(OwnDirectory, FilesOfItsOwnerAreHisWhateverTheirMode) {
  std::ofstream(spool_ + "/dead") << "x";
  ASSERT_EQ(chmod((spool_ + "/dead").c_str(), 0400), 0);
  EXPECT_EQ(complaint({geteuid(), getegid(), {}}), "");
}

// Whatever the order in which they are found.
TEST_F(OwnDirectory, WhatIsPassedOverHidesNothingBehindIt) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  for (const auto& [one, other] : {std::pair("a", "b"), std::pair("b", "a")}) {
    std::filesystem::remove_all(spool_);
    for (const char* name : {"", "/a", "/b"}) {
      ASSERT_EQ(mkdir((spool_ + name).c_str(), 0700), 0);
      ASSERT_EQ(chown((spool_ + name).c_str(), 54321, 54321), 0);
    }
    EXPECT_EQ(complaint({54321, 54321, {}}), "");
    const std::string own = spool_ + "/" + one + "/own";
    std::ofstream(own) << "x";
    ASSERT_EQ(chmod(own.c_str(), 0000), 0);
    ASSERT_EQ(chown(own.c_str(), 54321, 54321), 0);
    EXPECT_EQ(complaint({54321, 54321, {}}), "") << "he may change the mode of what is his";
    ASSERT_EQ(mkdir((spool_ + "/" + one + "/lost+found").c_str(), 0700), 0);
    const std::string bad = spool_ + "/" + other + "/of-root";
    std::ofstream(bad) << "x";
    ASSERT_EQ(chmod(bad.c_str(), 0600), 0);
    EXPECT_THAT(complaint({54321, 54321, {}}), HasSubstr("may not read '" + bad + "'"));
  }
}

TEST_F(OwnDirectory, IsNotGivenAwayForADirectoryAboveIt) {
  ASSERT_EQ(chmod(above_.c_str(), 0700), 0);
  EXPECT_THAT(complaint({54321, 54321, {}}),
              AllOf(HasSubstr("'" + above_ + "'"), Not(HasSubstr("chown"))));
}

TEST_F(OwnDirectory, LeavesWhatIsNoDirectoryToOthers) {
  EXPECT_TRUE(may_own_directory(above_ + "/none", {54321, 54321, {}}).ok());
  std::ofstream(above_ + "/file") << "x";
  EXPECT_TRUE(may_own_directory(above_ + "/file", {54321, 54321, {}}).ok());
}

TEST_F(OwnDirectory, BehindALinkIsTheOneThatIsMeant) {
  const std::string link = above_ + "/link";
  std::filesystem::create_symlink(spool_, link);
  EXPECT_THAT(may_own_directory(link, {54321, 54321, {}}).error().message,
              HasSubstr("enter '" + spool_ + "'"));
}

}  // namespace
}  // namespace plivo_dial
