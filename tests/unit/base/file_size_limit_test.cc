// SPDX-License-Identifier: Apache-2.0
#include "lib/base/file_size_limit.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace plivo_dial {
namespace {

using testing::HasSubstr;

// The exit status of a process under a limit of 4 KiB that writes a byte behind it; a signal's
// number is negative.
int write_beyond_the_limit(const std::string& path, bool survive) {
  const pid_t process = fork();
  if (process == 0) {
    const rlimit limit{4096, 4096};
    setrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGXFSZ, SIG_DFL);
    if (survive) survive_file_size_limit();
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const bool refused = pwrite(file, "x", 1, 4096) < 0 && errno == EFBIG;
    const bool named = file_size_remedy().find("beyond 4096 bytes") != std::string::npos;
    _exit(refused && named ? 0 : 1);
  }
  int status = 0;
  EXPECT_EQ(waitpid(process, &status, 0), process);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST(FileSizeLimit, IsAnErrorToWhoSurvivesIt) {
  const std::string path = testing::TempDir() + "plivo-file-size-" + std::to_string(getpid());
  EXPECT_EQ(write_beyond_the_limit(path, false), -SIGXFSZ);
  EXPECT_EQ(write_beyond_the_limit(path, true), 0);
  unlink(path.c_str());
}

TEST(FileSizeLimit, IsTheFileSystemsWhereTheProcessHasNone) {
  if (file_size_limit()) GTEST_SKIP() << "this test was started under ulimit -f";
  EXPECT_THAT(file_size_remedy(), HasSubstr("the file system"));
}

void own_handler(int) {}

TEST(FileSizeLimit, LeavesAHandlerOfTheProgramsOwn) {
  const auto before = signal(SIGXFSZ, own_handler);
  survive_file_size_limit();
  EXPECT_EQ(signal(SIGXFSZ, before), own_handler);
}

}  // namespace
}  // namespace plivo_dial
