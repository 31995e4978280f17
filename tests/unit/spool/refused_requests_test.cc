// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/refused_requests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <vector>

#include "lib/base/timestamp.h"
#include "tests/unit/base/own_process.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kNow = 1'800'000'000'000'000;
constexpr std::int64_t kSecond = 1'000'000;

class RefusedRequestsTest : public testing::Test {
 protected:
  RefusedRequestsTest()
      : spool_(testing::TempDir() + "refused_requests_" + std::to_string(getpid())) {
    std::filesystem::remove_all(spool_);
    std::filesystem::create_directory(spool_);
  }
  ~RefusedRequestsTest() override { std::filesystem::remove_all(spool_); }

  Result<std::string> keep(std::int64_t now_us, std::string_view text = "POST / HTTP/1.1\r\n\r\n") {
    return keep_refused_request(spool_, text, 0, now_us);
  }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory())) {
      names.push_back(entry.path().filename());
    }
    std::ranges::sort(names);
    return names;
  }

  std::string directory() const { return spool_ + "/refused"; }

  std::string spool_;
};

unsigned mode_of(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

TEST_F(RefusedRequestsTest, AreClosedToOthersAndWhole) {
  const std::string text = std::string("POST /a HTTP/1.1\r\n\r\nTo=1") + '\0' + "\n";
  const mode_t former = umask(0);
  const Result<std::string> kept = keep(kNow, text);
  umask(former);
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(mode_of(*kept), 0600U);
  EXPECT_EQ(mode_of(directory()), 0700U);
  std::ifstream file(*kept, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text);
}

TEST_F(RefusedRequestsTest, TheYoungestStay) {
  for (std::size_t i = 0; i < kMostRefusedRequests + 5; ++i) {
    ASSERT_TRUE(keep(kNow + static_cast<std::int64_t>(i) * kSecond));
  }
  EXPECT_EQ(names().size(), kMostRefusedRequests);
  EXPECT_THAT(names().front(), HasSubstr(format_timestamp(kNow + 5 * kSecond)));
}

TEST_F(RefusedRequestsTest, OldOnesGoAndOtherFilesStay) {
  ASSERT_TRUE(keep(kNow));
  ASSERT_TRUE(keep(kNow + 10 * kSecond));
  std::ofstream(directory() + "/notes.http") << "mine";
  forget_refused_requests(spool_, kNow + kRefusedRequestUs + 5 * kSecond);
  EXPECT_EQ(names().size(), 2U);
  ASSERT_TRUE(keep(kNow + kRefusedRequestUs + 20 * kSecond));
  EXPECT_EQ(names().size(), 2U);
  EXPECT_EQ(names().back(), "notes.http");
}

TEST_F(RefusedRequestsTest, WhatIsNamedAlmostLikeOneStays) {
  ASSERT_TRUE(keep(kNow));
  for (const char* const end : {"_1.http", "-1.text", "Z-1.http"}) {
    std::ofstream(directory() + "/" + format_timestamp(kNow) + end) << "mine";
  }
  forget_refused_requests(spool_, kNow + 2 * kRefusedRequestUs);
  EXPECT_EQ(names().size(), 3U);
}

TEST_F(RefusedRequestsTest, ForgettingMakesNothing) {
  forget_refused_requests(spool_, kNow);
  forget_refused_requests(spool_ + "/none", kNow);
  EXPECT_FALSE(std::filesystem::exists(directory()));
}

TEST_F(RefusedRequestsTest, NoLinkIsFollowed) {
  const std::string elsewhere = spool_ + "/elsewhere";
  std::filesystem::create_directory(elsewhere);
  const std::string old = elsewhere + "/" + format_timestamp(kNow) + "-1.http";
  std::ofstream(old) << "another's";
  std::filesystem::create_symlink(elsewhere, directory());
  EXPECT_FALSE(keep(kNow));
  forget_refused_requests(spool_, kNow + 2 * kRefusedRequestUs);
  EXPECT_TRUE(std::filesystem::exists(old));
}

TEST_F(RefusedRequestsTest, AnOpenDirectoryIsNotUsed) {
  std::filesystem::create_directory(directory());
  chmod(directory().c_str(), 0755);
  const Result<std::string> kept = keep(kNow);
  ASSERT_FALSE(kept);
  EXPECT_THAT(kept.error().message, HasSubstr("open to others: rm -r "));
}

TEST_F(RefusedRequestsTest, ADiskThatIsNearlyFullIsLeftAlone) {
  EXPECT_FALSE(keep_refused_request(spool_, "x", UINT64_MAX, kNow));
  EXPECT_TRUE(names().empty());
}

TEST_F(RefusedRequestsTest, OneThatCanNotBeWrittenWholeLeavesNoFile) {
  in_own_process([this] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{8, 8};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
    const Result<std::string> kept = keep(kNow);
    ASSERT_FALSE(kept);
    EXPECT_THAT(kept.error().message, HasSubstr("it can't be written: File too large"));
    EXPECT_TRUE(names().empty());
  });
}

}  // namespace
}  // namespace plivo_dial
