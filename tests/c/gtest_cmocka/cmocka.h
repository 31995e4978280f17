// File: tests/c/gtest_cmocka/cmocka.h
//
// The cmocka API on top of GoogleTest: a test written in C for cmocka is compiled against this
// header instead, unchanged, and its tests become GoogleTest tests of one suite, with all that
// brings (--gtest_filter, XML reports, discovery by ctest). Put this folder before the system's in
// the include path and link gtest_cmocka.
//
// Covered: one group of tests for each program, with setup and teardown of group and test; the
// asserts; fail, skip and the print functions; will_return and mock; expect_* and check_expected;
// expect_function_call and function_called. Not covered: more than one group in a program, the
// allocation checks (test_malloc), mock_assert, and the API of before cmocka 1.0.
//
// As in cmocka, a failure leaves the test by longjmp, a count of -1 means "any number of times, at
// least once", -2 "any number of times", and what is left in the queues fails the test at its end.
// Not thread-safe, as cmocka is not.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uintmax_t LargestIntegralType;

typedef void (*CMUnitTestFunction)(void** state);
typedef int (*CMFixtureFunction)(void** state);

struct CMUnitTest {
  const char* name;
  CMUnitTestFunction test_func;
  CMFixtureFunction setup_func;
  CMFixtureFunction teardown_func;
  void* initial_state;
};

// ---- Groups ------------------------------------------------------------------------------------

#define cmocka_unit_test(f) \
  { #f, f, NULL, NULL, NULL }
#define cmocka_unit_test_setup(f, setup) \
  { #f, f, setup, NULL, NULL }
#define cmocka_unit_test_teardown(f, teardown) \
  { #f, f, NULL, teardown, NULL }
#define cmocka_unit_test_setup_teardown(f, setup, teardown) \
  { #f, f, setup, teardown, NULL }
#define cmocka_unit_test_prestate(f, state) \
  { #f, f, NULL, NULL, state }
#define cmocka_unit_test_prestate_setup_teardown(f, setup, teardown, state) \
  { #f, f, setup, teardown, state }

#define cmocka_run_group_tests(tests, setup, teardown) \
  cmocka_run_group_tests_name(#tests, tests, setup, teardown)
#define cmocka_run_group_tests_name(name, tests, setup, teardown)                          \
  gtest_cmocka_run_group(name, tests, sizeof(tests) / sizeof((tests)[0]), setup, teardown, \
                         __FILE__, __LINE__)

// Registers the tests with GoogleTest and runs them; the number of those that failed.
int gtest_cmocka_run_group(const char* name, const struct CMUnitTest* tests, size_t count,
                           CMFixtureFunction setup, CMFixtureFunction teardown, const char* file,
                           int line);

// ---- Asserts -----------------------------------------------------------------------------------

#define GTEST_CMOCKA_INTEGER(value) ((LargestIntegralType)(value))
#define GTEST_CMOCKA_POINTER(value) ((LargestIntegralType)(uintptr_t)(value))
#define GTEST_CMOCKA_HERE __FILE__, __LINE__

void gtest_cmocka_assert(int holds, const char* what, const char* file, int line);
void gtest_cmocka_assert_return_code(LargestIntegralType result, size_t size, int error,
                                     const char* what, const char* file, int line);
// `equal` says whether the values must be equal or must differ; likewise below.
void gtest_cmocka_assert_integers(int equal, LargestIntegralType a, LargestIntegralType b,
                                  const char* file, int line);
void gtest_cmocka_assert_floats(int equal, float a, float b, float epsilon, const char* file,
                                int line);
void gtest_cmocka_assert_strings(int equal, const char* a, const char* b, const char* file,
                                 int line);
void gtest_cmocka_assert_memory(int equal, const void* a, const void* b, size_t size,
                                const char* file, int line);
void gtest_cmocka_assert_range(int inside, LargestIntegralType value, LargestIntegralType minimum,
                               LargestIntegralType maximum, const char* file, int line);
void gtest_cmocka_assert_set(int inside, LargestIntegralType value,
                             const LargestIntegralType* values, size_t count, const char* file,
                             int line);

#define assert_true(c) gtest_cmocka_assert((c) ? 1 : 0, #c, GTEST_CMOCKA_HERE)
#define assert_false(c) gtest_cmocka_assert((c) ? 0 : 1, "!(" #c ")", GTEST_CMOCKA_HERE)
#define assert_non_null(c) gtest_cmocka_assert((c) != NULL, #c " != NULL", GTEST_CMOCKA_HERE)
#define assert_null(c) gtest_cmocka_assert((c) == NULL, #c " == NULL", GTEST_CMOCKA_HERE)
#define assert_return_code(rc, error)                                                      \
  gtest_cmocka_assert_return_code(GTEST_CMOCKA_INTEGER(rc), sizeof(rc), (int)(error), #rc, \
                                  GTEST_CMOCKA_HERE)
#define assert_int_equal(a, b)                                                      \
  gtest_cmocka_assert_integers(1, GTEST_CMOCKA_INTEGER(a), GTEST_CMOCKA_INTEGER(b), \
                               GTEST_CMOCKA_HERE)
#define assert_int_not_equal(a, b)                                                  \
  gtest_cmocka_assert_integers(0, GTEST_CMOCKA_INTEGER(a), GTEST_CMOCKA_INTEGER(b), \
                               GTEST_CMOCKA_HERE)
#define assert_ptr_equal(a, b)                                                      \
  gtest_cmocka_assert_integers(1, GTEST_CMOCKA_POINTER(a), GTEST_CMOCKA_POINTER(b), \
                               GTEST_CMOCKA_HERE)
#define assert_ptr_not_equal(a, b)                                                  \
  gtest_cmocka_assert_integers(0, GTEST_CMOCKA_POINTER(a), GTEST_CMOCKA_POINTER(b), \
                               GTEST_CMOCKA_HERE)
#define assert_float_equal(a, b, epsilon) \
  gtest_cmocka_assert_floats(1, (float)(a), (float)(b), (float)(epsilon), GTEST_CMOCKA_HERE)
#define assert_float_not_equal(a, b, epsilon) \
  gtest_cmocka_assert_floats(0, (float)(a), (float)(b), (float)(epsilon), GTEST_CMOCKA_HERE)
#define assert_string_equal(a, b) gtest_cmocka_assert_strings(1, a, b, GTEST_CMOCKA_HERE)
#define assert_string_not_equal(a, b) gtest_cmocka_assert_strings(0, a, b, GTEST_CMOCKA_HERE)
#define assert_memory_equal(a, b, size) gtest_cmocka_assert_memory(1, a, b, size, GTEST_CMOCKA_HERE)
#define assert_memory_not_equal(a, b, size) \
  gtest_cmocka_assert_memory(0, a, b, size, GTEST_CMOCKA_HERE)
#define assert_in_range(value, minimum, maximum)                                           \
  gtest_cmocka_assert_range(1, GTEST_CMOCKA_INTEGER(value), GTEST_CMOCKA_INTEGER(minimum), \
                            GTEST_CMOCKA_INTEGER(maximum), GTEST_CMOCKA_HERE)
#define assert_not_in_range(value, minimum, maximum)                                       \
  gtest_cmocka_assert_range(0, GTEST_CMOCKA_INTEGER(value), GTEST_CMOCKA_INTEGER(minimum), \
                            GTEST_CMOCKA_INTEGER(maximum), GTEST_CMOCKA_HERE)
#define assert_in_set(value, values, count) \
  gtest_cmocka_assert_set(1, GTEST_CMOCKA_INTEGER(value), values, count, GTEST_CMOCKA_HERE)
#define assert_not_in_set(value, values, count) \
  gtest_cmocka_assert_set(0, GTEST_CMOCKA_INTEGER(value), values, count, GTEST_CMOCKA_HERE)

void gtest_cmocka_fail(const char* file, int line, const char* format, ...)
    __attribute__((format(printf, 3, 4)));
void gtest_cmocka_skip(const char* file, int line);

#define fail() gtest_cmocka_fail(GTEST_CMOCKA_HERE, "%s", "fail()")
#define fail_msg(...) gtest_cmocka_fail(GTEST_CMOCKA_HERE, __VA_ARGS__)
#define skip() gtest_cmocka_skip(GTEST_CMOCKA_HERE)

void print_message(const char* format, ...) __attribute__((format(printf, 1, 2)));
void print_error(const char* format, ...) __attribute__((format(printf, 1, 2)));

// ---- Values that a replaced function returns ---------------------------------------------------

void gtest_cmocka_will_return(const char* function, LargestIntegralType value, int count,
                              const char* file, int line);
LargestIntegralType gtest_cmocka_mock(const char* function, const char* file, int line);

#define will_return(function, value) will_return_count(function, value, 1)
#define will_return_count(function, value, count) \
  gtest_cmocka_will_return(#function, GTEST_CMOCKA_INTEGER(value), count, GTEST_CMOCKA_HERE)
#define will_return_always(function, value) will_return_count(function, value, -1)
#define will_return_maybe(function, value) will_return_count(function, value, -2)
#define mock() gtest_cmocka_mock(__func__, GTEST_CMOCKA_HERE)
#define mock_type(type) ((type)mock())
#define mock_ptr_type(type) ((type)(uintptr_t)mock())

// ---- Arguments that a replaced function receives -----------------------------------------------

typedef int (*CheckParameterValue)(LargestIntegralType value, LargestIntegralType check_data);

void gtest_cmocka_expect_any(const char* function, const char* parameter, int count,
                             const char* file, int line);
void gtest_cmocka_expect_check(const char* function, const char* parameter,
                               CheckParameterValue check, LargestIntegralType data, int count,
                               const char* file, int line);
void gtest_cmocka_expect_value(const char* function, const char* parameter, int equal,
                               LargestIntegralType value, int count, const char* file, int line);
void gtest_cmocka_expect_range(const char* function, const char* parameter, int inside,
                               LargestIntegralType minimum, LargestIntegralType maximum, int count,
                               const char* file, int line);
void gtest_cmocka_expect_set(const char* function, const char* parameter, int inside,
                             const LargestIntegralType* values, size_t size, int count,
                             const char* file, int line);
void gtest_cmocka_expect_string(const char* function, const char* parameter, int equal,
                                const char* string, int count, const char* file, int line);
void gtest_cmocka_expect_memory(const char* function, const char* parameter, int equal,
                                const void* memory, size_t size, int count, const char* file,
                                int line);
void gtest_cmocka_check_expected(const char* function, const char* parameter,
                                 LargestIntegralType value, const char* file, int line);

#define expect_any(f, p) expect_any_count(f, p, 1)
#define expect_any_always(f, p) expect_any_count(f, p, -1)
#define expect_any_count(f, p, count) gtest_cmocka_expect_any(#f, #p, count, GTEST_CMOCKA_HERE)
#define expect_check(f, p, check, data) \
  gtest_cmocka_expect_check(#f, #p, check, GTEST_CMOCKA_INTEGER(data), 1, GTEST_CMOCKA_HERE)

#define GTEST_CMOCKA_EXPECT_VALUE(f, p, equal, value, count) \
  gtest_cmocka_expect_value(#f, #p, equal, GTEST_CMOCKA_INTEGER(value), count, GTEST_CMOCKA_HERE)
#define expect_value(f, p, value) GTEST_CMOCKA_EXPECT_VALUE(f, p, 1, value, 1)
#define expect_value_count(f, p, value, count) GTEST_CMOCKA_EXPECT_VALUE(f, p, 1, value, count)
#define expect_not_value(f, p, value) GTEST_CMOCKA_EXPECT_VALUE(f, p, 0, value, 1)
#define expect_not_value_count(f, p, value, count) GTEST_CMOCKA_EXPECT_VALUE(f, p, 0, value, count)

#define GTEST_CMOCKA_EXPECT_RANGE(f, p, inside, minimum, maximum, count)   \
  gtest_cmocka_expect_range(#f, #p, inside, GTEST_CMOCKA_INTEGER(minimum), \
                            GTEST_CMOCKA_INTEGER(maximum), count, GTEST_CMOCKA_HERE)
#define expect_in_range(f, p, minimum, maximum) \
  GTEST_CMOCKA_EXPECT_RANGE(f, p, 1, minimum, maximum, 1)
#define expect_in_range_count(f, p, minimum, maximum, count) \
  GTEST_CMOCKA_EXPECT_RANGE(f, p, 1, minimum, maximum, count)
#define expect_not_in_range(f, p, minimum, maximum) \
  GTEST_CMOCKA_EXPECT_RANGE(f, p, 0, minimum, maximum, 1)
#define expect_not_in_range_count(f, p, minimum, maximum, count) \
  GTEST_CMOCKA_EXPECT_RANGE(f, p, 0, minimum, maximum, count)

#define GTEST_CMOCKA_EXPECT_SET(f, p, inside, array, count)                                 \
  gtest_cmocka_expect_set(#f, #p, inside, array, sizeof(array) / sizeof((array)[0]), count, \
                          GTEST_CMOCKA_HERE)
#define expect_in_set(f, p, array) GTEST_CMOCKA_EXPECT_SET(f, p, 1, array, 1)
#define expect_in_set_count(f, p, array, count) GTEST_CMOCKA_EXPECT_SET(f, p, 1, array, count)
#define expect_not_in_set(f, p, array) GTEST_CMOCKA_EXPECT_SET(f, p, 0, array, 1)
#define expect_not_in_set_count(f, p, array, count) GTEST_CMOCKA_EXPECT_SET(f, p, 0, array, count)

#define expect_string(f, p, string) expect_string_count(f, p, string, 1)
#define expect_string_count(f, p, string, count) \
  gtest_cmocka_expect_string(#f, #p, 1, string, count, GTEST_CMOCKA_HERE)
#define expect_not_string(f, p, string) expect_not_string_count(f, p, string, 1)
#define expect_not_string_count(f, p, string, count) \
  gtest_cmocka_expect_string(#f, #p, 0, string, count, GTEST_CMOCKA_HERE)

#define expect_memory(f, p, memory, size) expect_memory_count(f, p, memory, size, 1)
#define expect_memory_count(f, p, memory, size, count) \
  gtest_cmocka_expect_memory(#f, #p, 1, memory, size, count, GTEST_CMOCKA_HERE)
#define expect_not_memory(f, p, memory, size) expect_not_memory_count(f, p, memory, size, 1)
#define expect_not_memory_count(f, p, memory, size, count) \
  gtest_cmocka_expect_memory(#f, #p, 0, memory, size, count, GTEST_CMOCKA_HERE)

#define check_expected(parameter)                                                    \
  gtest_cmocka_check_expected(__func__, #parameter, GTEST_CMOCKA_INTEGER(parameter), \
                              GTEST_CMOCKA_HERE)
#define check_expected_ptr(parameter)                                                \
  gtest_cmocka_check_expected(__func__, #parameter, GTEST_CMOCKA_POINTER(parameter), \
                              GTEST_CMOCKA_HERE)

// ---- Order of calls ----------------------------------------------------------------------------

void gtest_cmocka_expect_calls(const char* function, int count, const char* file, int line);
void gtest_cmocka_function_called(const char* function, const char* file, int line);

#define expect_function_call(function) expect_function_calls(function, 1)
#define expect_function_calls(function, times) \
  gtest_cmocka_expect_calls(#function, times, GTEST_CMOCKA_HERE)
#define function_called() gtest_cmocka_function_called(__func__, GTEST_CMOCKA_HERE)

#ifdef __cplusplus
}
#endif
