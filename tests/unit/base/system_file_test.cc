// SPDX-License-Identifier: Apache-2.0
#include "lib/base/system_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/unit/base/own_process.h"
#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class SystemFileTest : public DeliveryTest {
 protected:
  void SetUp() override {
    DeliveryTest::SetUp();
    fs::create_directories(spool_ + "/in/deep");
    std::ofstream(directory_ + "/outside") << "x";
    std::ofstream(spool_ + "/file") << "x";
    std::ofstream(spool_ + "/in/deep/file") << "x";
    fs::create_symlink("file", spool_ + "/link");
    fs::create_symlink("deep/file", spool_ + "/in/link");
    fs::create_symlink("/etc", spool_ + "/in/etc");
  }

  bool opens(const std::string& name, int flags = O_RDONLY) const {
    return open_beneath(spool_, name, flags).valid();
  }
};

TEST_F(SystemFileTest, NothingIsOpenedOutsideOfADirectory) {
  EXPECT_TRUE(opens("in", O_RDONLY | O_DIRECTORY));
  EXPECT_TRUE(opens("in/deep/file"));
  for (const char* name : {"..", "../outside", "link", "in/link", "in/etc/passwd", "/etc/passwd",
                           "none", "in/../../outside"}) {
    EXPECT_FALSE(opens(name)) << name;
  }
  EXPECT_FALSE(open_beneath(spool_ + "/file", "file", O_RDONLY).valid());
}

TEST_F(SystemFileTest, DescriptorsAreClosedForPrograms) {
  const Descriptor file = open_beneath(spool_, "file", O_RDONLY);
  EXPECT_EQ(fcntl(file.get(), F_GETFD), FD_CLOEXEC);
}

// Kernels before 5.6 do not know openat2(2), and filters of some containers refuse it.
TEST_F(SystemFileTest, NamesAreOpenedWithoutTheKernelsHelpAndPathsAreNot) {
  for (const int error : {ENOSYS, EPERM}) {
    in_own_process([&] {
      refuse_system_call(SYS_openat2, static_cast<std::uint32_t>(error));
      EXPECT_TRUE(opens("file")) << error;
      EXPECT_TRUE(opens("in", O_RDONLY | O_DIRECTORY)) << error;
      for (const char* name : {"..", "../outside", "link", "in/deep/file", "in/link", "none"}) {
        EXPECT_FALSE(opens(name)) << name << error;
      }
    });
  }
}

TEST_F(SystemFileTest, DirectoryThatIsThereIsNoError) {
  EXPECT_TRUE(make_directory(directory_ + "/new").ok());
  struct stat status {};
  ASSERT_EQ(stat((directory_ + "/new").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 027u, 0u) << "nothing for others";
  EXPECT_TRUE(make_directory(directory_ + "/new").ok());
  const Result<void> made = make_directory(directory_ + "/none/new");
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().message,
            "cannot make directory '" + directory_ + "/none/new': No such file or directory");
}

TEST_F(SystemFileTest, FilesAreReplacedWhole) {
  const std::string long_text(200'000, 'x');
  ASSERT_TRUE(replace_file(directory_, "state", long_text).ok());
  EXPECT_EQ(*read_file(directory_ + "/state"), long_text);
  ASSERT_TRUE(replace_file(directory_, "state", "short").ok());
  EXPECT_EQ(*read_file(directory_ + "/state"), "short");
  EXPECT_FALSE(fs::exists(directory_ + "/state.tmp"));
  struct stat status {};
  ASSERT_EQ(stat((directory_ + "/state").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0137u, 0u);
}

TEST_F(SystemFileTest, WhatCannotBeReplacedStaysAndIsNamed) {
  EXPECT_THAT(replace_file(directory_ + "/none", "state", "x").error().message,
              StartsWith("cannot create '" + directory_ + "/none/state.tmp'"));
  fs::create_directories(directory_ + "/state/full");
  EXPECT_THAT(replace_file(directory_, "state", "x").error().message,
              StartsWith("cannot replace '" + directory_ + "/state'"));
  fs::create_symlink("outside", directory_ + "/trap.tmp");
  EXPECT_FALSE(replace_file(directory_, "trap", "y").ok()) << "a link is not followed";
  EXPECT_EQ(*read_file(directory_ + "/outside"), "x");
}

TEST_F(SystemFileTest, OnlyAFileThatIsMissingIsEmpty) {
  EXPECT_EQ(*read_file(directory_ + "/none"), "");
  EXPECT_THAT(read_file(spool_ + "/link").error().message,
              StartsWith("cannot open '" + spool_ + "/link'"));
  EXPECT_THAT(read_file(directory_).error().message, StartsWith("cannot read '" + directory_));
}

TEST_F(SystemFileTest, AFileThatMayNotGrowIsSaidWithTheRemedy) {
  in_own_process([&] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
    const Result<void> replaced = replace_file(directory_, "state", std::string(4097, 'x'));
    ASSERT_FALSE(replaced.ok());
    EXPECT_THAT(replaced.error().message,
                testing::AllOf(StartsWith("cannot write '" + directory_ + "/state.tmp': File too"),
                               HasSubstr("beyond 4096 bytes")));
    EXPECT_TRUE(replace_file(directory_, "state", std::string(4096, 'x')).ok());
  });
}

TEST(DescriptorTest, ClosesWhatItOwnsOnce) {
  const int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
  Descriptor one(zero);
  Descriptor other(std::move(one));
  EXPECT_FALSE(one.valid());  // NOLINT: what is left of it
  one.reset();
  EXPECT_GE(fcntl(zero, F_GETFD), 0);
  other.reset();
  EXPECT_EQ(fcntl(zero, F_GETFD), -1);
  EXPECT_FALSE(other.valid());
}

// 0 is a descriptor as others are, for a process that was started without a standard input.
TEST(DescriptorTest, OwnsTheFirstDescriptorToo) {
  in_own_process([] {
    {
      const Descriptor first(STDIN_FILENO);
      EXPECT_TRUE(first.valid());
    }
    EXPECT_EQ(fcntl(STDIN_FILENO, F_GETFD), -1);
  });
}

TEST(MemoryFile, IsReadFromItsBeginning) {
  const std::string text(10'000, 'x');
  const Descriptor file = memory_file(text);
  ASSERT_TRUE(file.valid());
  char first = 0;
  ASSERT_EQ(read(file.get(), &first, 1), 1);
  EXPECT_EQ(first, 'x');
  EXPECT_EQ(read_from_start(file.get()), text) << "wherever it stands";
  EXPECT_EQ(read_from_start(memory_file("").get()), "");
}

}  // namespace
}  // namespace plivo_dial
