// What is left of a secret in memory that was given back. A program of its own, since it replaces
// the operators that give memory back.
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <new>
#include <utility>
#include <vector>

#include "lib/access/secret_file.h"

namespace {

constexpr std::string_view kShort = "sh0rt-T0ken";
constexpr std::string_view kLong =
    "l0ng-Token/of+a=hundred.characters~0123456789-0123456789-0123456789-0123456789-0123456789-end";

// A text to look for in each block that is given back, and in how many blocks it was.
std::atomic<const std::string_view*> sought{nullptr};
std::atomic<int> blocks_with_it{0};

bool holds(const void* memory, std::size_t size, std::string_view text) {
  return memmem(memory, size, text.data(), text.size()) != nullptr;
}

void give_back(void* block) noexcept {
  const std::string_view* const text = sought.load();
  if (block != nullptr && text != nullptr && holds(block, malloc_usable_size(block), *text)) {
    ++blocks_with_it;
  }
  std::free(block);
}

}  // namespace

void* operator new(std::size_t size) {
  void* const block = std::calloc(1, size == 0 ? 1 : size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void operator delete(void* block) noexcept {
  give_back(block);
}
void operator delete(void* block, std::size_t) noexcept {
  give_back(block);
}

namespace plivo_dial {
namespace {

// Counts the blocks with `text` that were given back while `action` ran.
int blocks_left_with(std::string_view text, const std::function<void()>& action) {
  blocks_with_it = 0;
  sought = &text;
  action();
  sought = nullptr;
  return blocks_with_it;
}

// Whether `text` is on the stack on which `action` ran, after it has ended.
bool is_left_on_stack(std::string_view text, std::function<void()> action) {
  constexpr std::size_t kBytes = 1 << 20;
  void* const stack =
      mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack == MAP_FAILED) throw std::bad_alloc();
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstack(&attributes, stack, kBytes);
  pthread_t thread;
  const auto run = [](void* argument) -> void* {
    (*static_cast<std::function<void()>*>(argument))();
    return nullptr;
  };
  const int failed = pthread_create(&thread, &attributes, run, &action);
  if (failed == 0) pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  const bool left = holds(stack, kBytes, text);
  munmap(stack, kBytes);
  if (failed != 0) throw std::bad_alloc();
  return left;
}

class SecretMemoryTest : public testing::TestWithParam<std::string_view> {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "plivo-secret-memory-XXXXXX";
    const int file = mkstemp(path_.data());
    ASSERT_GE(file, 0);
    const std::string_view token = GetParam();
    EXPECT_EQ(write(file, token.data(), token.size()), static_cast<ssize_t>(token.size()));
    close(file);
  }
  void TearDown() override { unlink(path_.c_str()); }

  std::string path_;
};

INSTANTIATE_TEST_SUITE_P(Tokens, SecretMemoryTest, testing::Values(kShort, kLong));

TEST_P(SecretMemoryTest, TheSearchFindsWhatAStringLeaves) {
  const std::string_view token = GetParam();
  EXPECT_EQ(blocks_left_with(token, [&] { std::vector<char>(token.begin(), token.end()); }), 1);
  EXPECT_TRUE(is_left_on_stack(token, [&] {
    volatile char copy[1 << 16];  // its begin is deep enough to outlast the end of the thread
    for (std::size_t i = 0; i < token.size(); ++i) copy[i] = token[i];
    ASSERT_EQ(copy[0], token[0]);
  }));
}

TEST_P(SecretMemoryTest, ASecretErasesItselfWhereverItWasMoved) {
  const std::string_view token = GetParam();
  const auto use = [&] {
    Secret first(token);
    Secret second(std::move(first));
    Secret third("another");
    third = std::move(second);
    Secret overwritten(token);
    overwritten = Secret("another");
    std::vector<Secret> many;
    for (int i = 0; i < 20; ++i) many.emplace_back(token);
    Result<Secret> result = Secret(token);
    third = std::move(result).value();
  };
  EXPECT_EQ(blocks_left_with(token, use), 0);
  EXPECT_FALSE(is_left_on_stack(token, use));
}

TEST_P(SecretMemoryTest, ReadingLeavesNothing) {
  const std::string_view token = GetParam();
  bool right = false;
  const auto use = [&] {
    const Result<Secret> secret = read_secret_file(path_, geteuid());
    right = secret.ok() && secret->view() == token;
  };
  EXPECT_EQ(blocks_left_with(token, use), 0);
  EXPECT_TRUE(right);
  EXPECT_FALSE(is_left_on_stack(token, use));
}

TEST_P(SecretMemoryTest, RefusingLeavesNothing) {
  const int file = open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  ASSERT_EQ(write(file, "\nx", 2), 2);
  close(file);
  bool refused = false;
  const auto use = [&] { refused = !read_secret_file(path_, geteuid()).ok(); };
  EXPECT_EQ(blocks_left_with(GetParam(), use), 0);
  EXPECT_TRUE(refused);
  EXPECT_FALSE(is_left_on_stack(GetParam(), use));
}

}  // namespace
}  // namespace plivo_dial
