// SPDX-License-Identifier: Apache-2.0
#include "lib/base/ask_within.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLong{20000};

TEST(AskWithin, GivesWhatIsSaid) {
  EXPECT_EQ(ask_within(kLong, [] { return std::string("yes"); }), "yes");
  EXPECT_EQ(ask_within(kLong, [] { return std::string(); }), "");
  const std::string much(1 << 20, 'x');
  EXPECT_EQ(ask_within(kLong, [&] { return much; }), much);
}

TEST(AskWithin, WaitsNoLongerThanItIsToldTo) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const auto begin = std::chrono::steady_clock::now();
  const auto hang = [] {
    sleep(3);  // and not longer: it is nobody's child
    return std::string("never");
  };
  EXPECT_EQ(ask_within(milliseconds(100), hang), std::nullopt);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(100));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kLong);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "there is nobody to collect";
  // The one that hangs has nothing of ours open: the pipe's last writer is here.
  close(ends[1]);
  char byte = 0;
  EXPECT_EQ(read(ends[0], &byte, 1), 0);
  close(ends[0]);
}

TEST(AskWithin, OneThatDiesHasSaidNothing) {
  const auto die = []() -> std::string { _exit(0); };
  EXPECT_EQ(ask_within(kLong, die), std::nullopt);
}

}  // namespace
}  // namespace plivo_dial
