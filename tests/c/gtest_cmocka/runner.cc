// SPDX-License-Identifier: Apache-2.0
#include "tests/c/gtest_cmocka/runner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "tests/c/gtest_cmocka/cmocka.h"

namespace gtest_cmocka {
namespace {

struct Group {
  const char* name = nullptr;
  CMFixtureFunction setup = nullptr;
  CMFixtureFunction teardown = nullptr;
  void* state = nullptr;
  bool ready = false;
};
Group group;

std::jmp_buf way_out;
bool running = false;

// Runs `function` of the C program; false when it left by leave(). Only constants live across the
// jump.
template <class Function>
bool run_until_left(const Function& function) {
  running = true;
  if (setjmp(way_out) != 0) {
    running = false;
    return false;
  }
  function();
  running = false;
  return true;
}

// What a setup or teardown function returned, -1 when it was left by a failure.
int run_fixture(CMFixtureFunction function, void** state) {
  static int result;
  result = 0;
  const bool returned = run_until_left([&] { result = function(state); });
  return returned ? result : -1;
}

void report_leftovers() {
  for (const auto& [function, values] : queues().returns) {
    if (const auto location = values.leftover()) {
      report(location->file.c_str(), location->line,
             "a value of will_return for " + function + " was not used");
    }
  }
  for (const auto& [name, checks] : queues().arguments) {
    if (const auto location = checks.leftover()) {
      report(location->file.c_str(), location->line,
             "an expectation for " + name.second + " of " + name.first + " was not checked");
    }
  }
  for (const auto& call : queues().calls) {
    report(call.location.file.c_str(), call.location.line,
           "an expected call of " + call.content + " was not made");
  }
}

class GroupFixture : public testing::Test {
 public:
  static void SetUpTestSuite() {
    group.ready = group.setup == nullptr || run_fixture(group.setup, &group.state) == 0;
    if (!group.ready) ADD_FAILURE() << "the setup of group " << group.name << " failed";
  }
  static void TearDownTestSuite() {
    if (group.teardown == nullptr || run_fixture(group.teardown, &group.state) == 0) return;
    ADD_FAILURE() << "the teardown of group " << group.name << " failed";
  }
};

class GroupTest : public GroupFixture {
 public:
  explicit GroupTest(const CMUnitTest& test) : test_(test) {}

  void TestBody() override {
    if (!group.ready) FAIL() << "not run: the setup of the group failed";
    queues() = {};
    void* state = test_.initial_state == nullptr ? group.state : test_.initial_state;
    if (test_.setup_func != nullptr && run_fixture(test_.setup_func, &state) != 0) {
      FAIL() << "not run: the setup of the test failed";
    }
    if (run_until_left([&] { test_.test_func(&state); })) report_leftovers();
    // The next function starts afresh, and so does teardown.
    queues() = {};
    if (test_.teardown_func != nullptr && run_fixture(test_.teardown_func, &state) != 0) {
      ADD_FAILURE() << "the teardown of the test failed";
    }
  }

 private:
  const CMUnitTest test_;
};

// cmocka gets no arguments of the command line, GoogleTest wants them for its flags.
void initialize_googletest() {
  static std::vector<std::string> arguments;
  static std::vector<char*> pointers;
  std::ifstream file("/proc/self/cmdline");
  for (std::string argument; std::getline(file, argument, '\0');) arguments.push_back(argument);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  int count = static_cast<int>(pointers.size());
  pointers.push_back(nullptr);
  if (count == 0) {
    testing::InitGoogleTest();
  } else {
    testing::InitGoogleTest(&count, pointers.data());
  }
}

}  // namespace

Queues& queues() {
  static Queues queues;
  return queues;
}

void report(const char* file, int line, const std::string& message) {
  ADD_FAILURE_AT(file, line) << message;
}

std::string printed(std::uintmax_t value) {
  char text[48];
  std::snprintf(text, sizeof text, "%#jx", value);
  return text;
}

void leave() {
  if (!running) {
    std::fputs("gtest_cmocka: a check failed while no test was running\n", stderr);
    std::abort();
  }
  std::longjmp(way_out, 1);
}

}  // namespace gtest_cmocka

int gtest_cmocka_run_group(const char* name, const CMUnitTest* tests, std::size_t count,
                           CMFixtureFunction setup, CMFixtureFunction teardown, const char* file,
                           int line) {
  using gtest_cmocka::group;
  if (group.name != nullptr) {
    std::fprintf(stderr, "%s:%d: gtest_cmocka runs one group for each program\n", file, line);
    return 1;
  }
  group = {name, setup, teardown, nullptr, false};
  gtest_cmocka::initialize_googletest();
  for (std::size_t i = 0; i < count; ++i) {
    const CMUnitTest& test = tests[i];
    testing::RegisterTest(
        name, test.name, nullptr, nullptr, file, line,
        [test]() -> gtest_cmocka::GroupFixture* { return new gtest_cmocka::GroupTest(test); });
  }
  if (RUN_ALL_TESTS() == 0) return 0;
  // A fixture of the group that fails is no failed test, but it is a failure.
  return std::max(1, testing::UnitTest::GetInstance()->failed_test_count());
}
