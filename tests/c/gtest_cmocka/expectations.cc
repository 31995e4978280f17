// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "tests/c/gtest_cmocka/cmocka.h"
#include "tests/c/gtest_cmocka/runner.h"

namespace gtest_cmocka {
namespace {

// `complaint` when what was found out is not what was wanted.
std::string complain_unless(bool holds, const std::string& complaint) {
  return holds ? std::string() : complaint;
}

void expect(const char* function, const char* parameter, int count, const char* file, int line,
            Check check) {
  queues().arguments[{function, parameter}].push({std::move(check), count, {file, line}});
}

std::optional<std::uintmax_t> take_return(const char* function, const char* file, int line) {
  const auto value = queues().returns[function].take();
  if (!value) report(file, line, std::string("no value of will_return is left for ") + function);
  return value;
}

bool passes_check(const char* function, const char* parameter, std::uintmax_t value,
                  const char* file, int line) {
  const std::string name = std::string(parameter) + " of " + function;
  const auto check = queues().arguments[{function, parameter}].take();
  if (!check) {
    report(file, line, "no expectation is left for " + name);
    return false;
  }
  const std::string complaint = (*check)(value);
  if (!complaint.empty()) report(file, line, name + " " + complaint);
  return complaint.empty();
}

bool is_expected_call(const char* function, const char* file, int line) {
  auto& calls = queues().calls;
  if (calls.empty() || calls.front().content != function) {
    report(file, line,
           std::string(function) + " was called, but " +
               (calls.empty() ? "no call" : calls.front().content) + " was expected");
    return false;
  }
  if (--calls.front().count == 0) calls.pop_front();
  return true;
}

}  // namespace
}  // namespace gtest_cmocka

using gtest_cmocka::complain_unless;
using gtest_cmocka::leave;
using gtest_cmocka::printed;

void gtest_cmocka_will_return(const char* function, LargestIntegralType value, int count,
                              const char* file, int line) {
  gtest_cmocka::queues().returns[function].push({value, count, {file, line}});
}

LargestIntegralType gtest_cmocka_mock(const char* function, const char* file, int line) {
  const auto value = gtest_cmocka::take_return(function, file, line);
  if (!value) leave();
  return *value;
}

void gtest_cmocka_expect_any(const char* function, const char* parameter, int count,
                             const char* file, int line) {
  gtest_cmocka::expect(function, parameter, count, file, line,
                       [](std::uintmax_t) { return std::string(); });
}

void gtest_cmocka_expect_check(const char* function, const char* parameter,
                               CheckParameterValue check, LargestIntegralType data, int count,
                               const char* file, int line) {
  gtest_cmocka::expect(function, parameter, count, file, line, [=](std::uintmax_t value) {
    return complain_unless(check(value, data) != 0, "is refused by its check function");
  });
}

void gtest_cmocka_expect_value(const char* function, const char* parameter, int equal,
                               LargestIntegralType value, int count, const char* file, int line) {
  gtest_cmocka::expect(function, parameter, count, file, line, [=](std::uintmax_t actual) {
    return complain_unless(
        (actual == value) == (equal != 0),
        "is " + printed(actual) + (equal != 0 ? ", not " : ", which is ") + printed(value));
  });
}

void gtest_cmocka_expect_range(const char* function, const char* parameter, int inside,
                               LargestIntegralType minimum, LargestIntegralType maximum, int count,
                               const char* file, int line) {
  gtest_cmocka::expect(function, parameter, count, file, line, [=](std::uintmax_t actual) {
    return complain_unless((actual >= minimum && actual <= maximum) == (inside != 0),
                           "is " + printed(actual) + (inside != 0 ? ", not in " : ", in ") +
                               printed(minimum) + " to " + printed(maximum));
  });
}

void gtest_cmocka_expect_set(const char* function, const char* parameter, int inside,
                             const LargestIntegralType* values, std::size_t size, int count,
                             const char* file, int line) {
  const std::vector<std::uintmax_t> set(values, values + size);
  gtest_cmocka::expect(function, parameter, count, file, line, [=](std::uintmax_t actual) {
    const bool found = std::find(set.begin(), set.end(), actual) != set.end();
    return complain_unless(
        found == (inside != 0),
        "is " + printed(actual) + (inside != 0 ? ", which is not in the set" : ", in the set"));
  });
}

void gtest_cmocka_expect_string(const char* function, const char* parameter, int equal,
                                const char* string, int count, const char* file, int line) {
  gtest_cmocka::expect(
      function, parameter, count, file, line, [=, wanted = std::string(string)](std::uintmax_t v) {
        const auto* const actual = reinterpret_cast<const char*>(static_cast<std::uintptr_t>(v));
        if (actual == nullptr) return std::string("is NULL");
        return complain_unless((wanted == actual) == (equal != 0),
                               "is \"" + std::string(actual) + "\"" +
                                   (equal != 0 ? ", not \"" : ", which is \"") + wanted + "\"");
      });
}

void gtest_cmocka_expect_memory(const char* function, const char* parameter, int equal,
                                const void* memory, std::size_t size, int count, const char* file,
                                int line) {
  // Copied, as cmocka does, so that the test may reuse its buffer.
  const std::string wanted(static_cast<const char*>(memory), size);
  gtest_cmocka::expect(function, parameter, count, file, line, [=](std::uintmax_t v) {
    const auto* const actual = reinterpret_cast<const void*>(static_cast<std::uintptr_t>(v));
    if (actual == nullptr) return std::string("is NULL");
    const bool same = std::memcmp(actual, wanted.data(), wanted.size()) == 0;
    return complain_unless(same == (equal != 0),
                           equal != 0 ? "differs in memory" : "is the same memory");
  });
}

void gtest_cmocka_check_expected(const char* function, const char* parameter,
                                 LargestIntegralType value, const char* file, int line) {
  if (!gtest_cmocka::passes_check(function, parameter, value, file, line)) leave();
}

void gtest_cmocka_expect_calls(const char* function, int count, const char* file, int line) {
  gtest_cmocka::queues().calls.push_back({function, count, {file, line}});
}

void gtest_cmocka_function_called(const char* function, const char* file, int line) {
  if (!gtest_cmocka::is_expected_call(function, file, line)) leave();
}
