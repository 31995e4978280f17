// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <string>

#include "tests/c/gtest_cmocka/cmocka.h"
#include "tests/c/gtest_cmocka/runner.h"

namespace gtest_cmocka {
namespace {

std::string shown(const char* text) {
  return text == nullptr ? "NULL" : "\"" + std::string(text) + "\"";
}

bool report_unless(bool holds, const char* file, int line, const std::string& message) {
  if (!holds) report(file, line, message);
  return holds;
}

bool same_strings(const char* a, const char* b) {
  return a == b || (a != nullptr && b != nullptr && std::strcmp(a, b) == 0);
}

bool check_integers(bool equal, std::uintmax_t a, std::uintmax_t b, const char* file, int line) {
  return report_unless((a == b) == equal, file, line,
                       printed(a) + (equal ? " != " : " == ") + printed(b));
}

bool check_floats(bool equal, float a, float b, float epsilon, const char* file, int line) {
  return report_unless((std::fabs(a - b) <= epsilon) == equal, file, line,
                       std::to_string(a) + (equal ? " != " : " == ") + std::to_string(b));
}

bool check_strings(bool equal, const char* a, const char* b, const char* file, int line) {
  return report_unless(same_strings(a, b) == equal, file, line,
                       shown(a) + (equal ? " != " : " == ") + shown(b));
}

bool check_memory(bool equal, const void* a, const void* b, std::size_t size, const char* file,
                  int line) {
  const auto* const left = static_cast<const unsigned char*>(a);
  const auto* const right = static_cast<const unsigned char*>(b);
  const std::size_t same =
      static_cast<std::size_t>(std::mismatch(left, left + size, right).first - left);
  return report_unless(
      (same == size) == equal, file, line,
      equal ? "the memory differs at offset " + std::to_string(same) : "the memory is the same");
}

bool check_range(bool inside, std::uintmax_t value, std::uintmax_t minimum, std::uintmax_t maximum,
                 const char* file, int line) {
  return report_unless((value >= minimum && value <= maximum) == inside, file, line,
                       printed(value) + (inside ? " is not in " : " is in ") + printed(minimum) +
                           " to " + printed(maximum));
}

bool check_set(bool inside, std::uintmax_t value, const std::uintmax_t* values, std::size_t count,
               const char* file, int line) {
  const bool found = std::find(values, values + count, value) != values + count;
  return report_unless(found == inside, file, line,
                       printed(value) + (inside ? " is not in the set" : " is in the set"));
}

bool check_return_code(std::uintmax_t result, std::size_t size, int error, const char* what,
                       const char* file, int line) {
  // The sign bit of the type that the function returns, before it was widened.
  const bool negative = ((result >> (size * 8 - 1)) & 1) != 0;
  return report_unless(!negative, file, line,
                       std::string(what) + " is negative: " + std::strerror(error));
}

void mark_skipped() {
  GTEST_SKIP() << "by the test itself: it calls cmocka's skip(), which takes no reason";
}

}  // namespace
}  // namespace gtest_cmocka

using gtest_cmocka::leave;

void gtest_cmocka_assert(int holds, const char* what, const char* file, int line) {
  if (holds != 0) return;
  gtest_cmocka::report(file, line, what);
  leave();
}

void gtest_cmocka_assert_return_code(LargestIntegralType result, std::size_t size, int error,
                                     const char* what, const char* file, int line) {
  if (!gtest_cmocka::check_return_code(result, size, error, what, file, line)) leave();
}

void gtest_cmocka_assert_integers(int equal, LargestIntegralType a, LargestIntegralType b,
                                  const char* file, int line) {
  if (!gtest_cmocka::check_integers(equal != 0, a, b, file, line)) leave();
}

void gtest_cmocka_assert_floats(int equal, float a, float b, float epsilon, const char* file,
                                int line) {
  if (!gtest_cmocka::check_floats(equal != 0, a, b, epsilon, file, line)) leave();
}

void gtest_cmocka_assert_strings(int equal, const char* a, const char* b, const char* file,
                                 int line) {
  if (!gtest_cmocka::check_strings(equal != 0, a, b, file, line)) leave();
}

void gtest_cmocka_assert_memory(int equal, const void* a, const void* b, std::size_t size,
                                const char* file, int line) {
  if (!gtest_cmocka::check_memory(equal != 0, a, b, size, file, line)) leave();
}

void gtest_cmocka_assert_range(int inside, LargestIntegralType value, LargestIntegralType minimum,
                               LargestIntegralType maximum, const char* file, int line) {
  if (!gtest_cmocka::check_range(inside != 0, value, minimum, maximum, file, line)) leave();
}

void gtest_cmocka_assert_set(int inside, LargestIntegralType value,
                             const LargestIntegralType* values, std::size_t count, const char* file,
                             int line) {
  if (!gtest_cmocka::check_set(inside != 0, value, values, count, file, line)) leave();
}

void gtest_cmocka_fail(const char* file, int line, const char* format, ...) {
  char message[1024];
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  gtest_cmocka::report(file, line, message);
  leave();
}

void gtest_cmocka_skip(const char*, int) {
  gtest_cmocka::mark_skipped();
  // What was announced for the rest of the test will not be used.
  gtest_cmocka::queues() = {};
  leave();
}

void print_message(const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  std::vprintf(format, arguments);
  va_end(arguments);
}

void print_error(const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  std::vfprintf(stderr, format, arguments);
  va_end(arguments);
}
