// SPDX-License-Identifier: Apache-2.0
#include "lib/process/own_descriptors.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <thread>

#include "lib/base/system_file.h"
#include "lib/base/thread_sanitizer.h"
#include "tests/unit/base/own_process.h"

namespace plivo_dial {
namespace {

constexpr int kLater = 77;

bool is_open(int descriptor) {
  return fcntl(descriptor, F_GETFD) >= 0;
}

std::string target_of(int descriptor) {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/thread-self/fd/" + std::to_string(descriptor), error);
}

void expect_a_table_of_its_own() {
  const Descriptor before(open("/dev/zero", O_RDONLY | O_CLOEXEC));
  const std::string errors = target_of(STDERR_FILENO);
  ASSERT_FALSE(is_open(kLater));
  std::thread([&] {
    take_own_descriptors();
    EXPECT_FALSE(is_open(before.get()));
    EXPECT_EQ(target_of(STDIN_FILENO), "/dev/null");
    EXPECT_EQ(target_of(STDOUT_FILENO), "/dev/null");
    EXPECT_EQ(target_of(STDERR_FILENO), errors);
    EXPECT_FALSE(is_open(STDERR_FILENO + 1)) << "that of /dev/null, too";
    EXPECT_EQ(dup2(STDERR_FILENO, kLater), kLater);
  }).join();
  EXPECT_TRUE(is_open(before.get()));
  EXPECT_FALSE(is_open(kLater));
  EXPECT_EQ(target_of(STDERR_FILENO), errors);
}

class OwnDescriptors : public testing::Test {
 protected:
  void SetUp() override {
    if (kThreadSanitizer) GTEST_SKIP() << "it knows one table of descriptors for a process";
  }
};

TEST_F(OwnDescriptors, AreNobodyElses) {
  expect_a_table_of_its_own();
}

// Kernels before 5.9 have no close_range(2).
TEST_F(OwnDescriptors, AreHadFromOlderKernelsToo) {
  in_own_process([] {
    refuse_system_call(SYS_close_range, ENOSYS);
    expect_a_table_of_its_own();
  });
}

TEST_F(OwnDescriptors, StayAsTheyAreWhereTheKernelRefusesThem) {
  in_own_process([] {
    refuse_system_call(SYS_close_range, EPERM);
    refuse_system_call(SYS_unshare, EPERM);
    const Descriptor before(open("/dev/zero", O_RDONLY | O_CLOEXEC));
    dup2(before.get(), STDIN_FILENO);
    std::thread([&] {
      take_own_descriptors();
      EXPECT_TRUE(is_open(before.get()));
      EXPECT_EQ(target_of(STDIN_FILENO), "/dev/zero");
    }).join();
    EXPECT_TRUE(is_open(before.get()));
  });
}

}  // namespace
}  // namespace plivo_dial
