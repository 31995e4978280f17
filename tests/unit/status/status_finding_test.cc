// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "lib/status/status_file.h"

namespace plivo_dial {
namespace {

class StatusFileFinding : public testing::Test {
 protected:
  StatusFileFinding() { EXPECT_NE(mkdtemp(directory_.data()), nullptr); }
  ~StatusFileFinding() override { std::filesystem::remove_all(directory_); }

  std::string directory_ = testing::TempDir() + "/status-XXXXXX";
  std::string path_ = directory_ + "/the.status";
};

TEST_F(StatusFileFinding, IsFoundByTheSpool) {
  const std::string spool = directory_ + "/spool";
  std::filesystem::create_directory(spool);
  EXPECT_TRUE(find_status_files(spool).empty());
  EXPECT_TRUE(link_status_file(spool, "/first"));
  EXPECT_TRUE(link_status_file(spool, path_));
  struct stat before {};
  struct stat after {};
  ASSERT_EQ(lstat((spool + "/httpd-status").c_str(), &before), 0);
  std::ofstream(spool + "/httpd-status.new") << "keeps the next number";
  EXPECT_TRUE(link_status_file(spool, path_));
  ASSERT_EQ(lstat((spool + "/httpd-status").c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino) << "one that is right is left alone";
  EXPECT_THAT(find_status_files(spool), testing::ElementsAre(path_));
  EXPECT_FALSE(link_status_file(directory_ + "/none", path_));
  EXPECT_TRUE(link_status_file(spool, "elsewhere"));
  EXPECT_TRUE(find_status_files(spool).empty()) << "a path that is not absolute leads nowhere";
}

TEST_F(StatusFileFinding, IsFoundInTheUsualDirectoriesOnce) {
  const std::string spool = directory_ + "/spool";
  std::filesystem::create_directory(spool);
  const std::string one = directory_ + "/run-a/" + status_file_name(spool);
  const std::string two = directory_ + "/run-b/" + status_file_name(spool);
  for (const std::string& file : {one, two, directory_ + "/run-b/other.status"}) {
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file) << "x";
  }
  const std::string usual = directory_ + "/run-*";
  const std::string none = directory_ + "/none";
  const std::array<const char*, 2> runtime = {none.c_str(), usual.c_str()};
  EXPECT_THAT(find_status_files(spool, runtime), testing::UnorderedElementsAre(one, two));
  EXPECT_TRUE(link_status_file(spool, two));
  EXPECT_THAT(find_status_files(spool, runtime), testing::ElementsAre(two, one));
}

TEST_F(StatusFileFinding, LinksThatCannotBeMadeAreToldSo) {
  const std::string spool = directory_ + "/spool";
  std::filesystem::create_directories(spool + "/httpd-status.new");
  EXPECT_FALSE(link_status_file(spool, path_)) << "the name to begin with is taken";
  std::filesystem::remove(spool + "/httpd-status.new");
  std::filesystem::create_directories(spool + "/httpd-status/full");
  EXPECT_FALSE(link_status_file(spool, path_)) << "the name itself is taken";
}

}  // namespace
}  // namespace plivo_dial
