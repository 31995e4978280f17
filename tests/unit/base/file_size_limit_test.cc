// SPDX-License-Identifier: Apache-2.0
#include "lib/base/file_size_limit.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace plivo_dial {
namespace {

using testing::HasSubstr;

TEST(FileSizeLimit, IsNamedWithTheRemedy) {
  const pid_t process = fork();
  if (process == 0) {
    const rlimit limit{4096, 4096};
    setrlimit(RLIMIT_FSIZE, &limit);
    const bool named = file_size_remedy().find("beyond 4096 bytes") != std::string::npos;
    _exit(named && file_size_limit() == 4096 ? 0 : 1);
  }
  int status = -1;
  EXPECT_EQ(waitpid(process, &status, 0), process);
  EXPECT_EQ(status, 0);
}

TEST(FileSizeLimit, IsTheFileSystemsWhereTheProcessHasNone) {
  if (file_size_limit()) GTEST_SKIP() << "this test was started under ulimit -f";
  EXPECT_THAT(file_size_remedy(), HasSubstr("the file system"));
}

}  // namespace
}  // namespace plivo_dial
