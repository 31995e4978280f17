// SPDX-License-Identifier: Apache-2.0
//
// Tests with one mistake each, run one at a time by the name given: ctest demands that each fails,
// under libcmocka and under gtest_cmocka alike, so that the mapping is shown to be able to fail.
// The names "none" and "skipped" are no mistakes and must pass, as must a name that is not known.
#include <string.h>

#include "tests/c/cmocka_api.h"

static int returns_scripted(int argument, const char* text) {
  check_expected(argument);
  check_expected_ptr(text);
  return mock_type(int);
}

static void note_call(void) {
  function_called();
}
static void note_other_call(void) {
  function_called();
}

static void announce(int argument, const char* text, int result) {
  expect_value(returns_scripted, argument, argument);
  expect_string(returns_scripted, text, text);
  will_return(returns_scripted, result);
}

static int is_even(const LargestIntegralType value, const LargestIntegralType data) {
  return value % 2 == data;
}

static void none(void** state) {
  assert_null(*state);
  announce(1, "one", 2);
  assert_int_equal(returns_scripted(1, "one"), 2);
  expect_function_calls(note_call, 2);
  expect_function_call(note_other_call);
  note_call();
  note_call();
  note_other_call();
  static const LargestIntegralType kSet[] = {1, 3};
  expect_in_set(returns_scripted, argument, kSet);
  expect_not_in_set(returns_scripted, argument, kSet);
  expect_not_value(returns_scripted, argument, 1);
  expect_not_in_range(returns_scripted, argument, 1, 3);
  expect_check(returns_scripted, argument, is_even, 0);
  expect_not_memory(returns_scripted, text, "bc", 2);
  expect_any_always(returns_scripted, text);
  will_return_always(returns_scripted, -1);
  for (int argument = 3; argument <= 11; argument += 2) {
    assert_int_equal(returns_scripted(argument == 11 ? 12 : argument, "ab"), -1);
  }
  assert_float_equal(1.0f, 1.05f, 0.1f);
  assert_float_not_equal(1.0f, 1.2f, 0.1f);
  assert_return_code(0, 0);
  assert_in_set(3, kSet, 2);
  assert_not_in_set(2, kSet, 2);
  assert_memory_not_equal("ab", "ac", 2);
  assert_not_in_range(4, 1, 3);
  assert_ptr_not_equal(state, kSet);
  assert_int_not_equal(1, 2);
  assert_false(state == NULL);
}

// What was announced before a skip is not missed.
static void skipped(void** state) {
  (void)state;
  will_return(returns_scripted, 1);
  skip();
}

static void false_condition(void** state) {
  assert_true(*state != NULL);
}
static void true_condition(void** state) {
  assert_false(*state == NULL);
}
static void null_pointer(void** state) {
  assert_non_null(*state);
}
static void set_pointer(void** state) {
  assert_null(state);
}
static void other_pointer(void** state) {
  assert_ptr_equal(state, *state);
}

static void other_integer(void** state) {
  (void)state;
  assert_int_equal(1, 2);
}
static void other_string(void** state) {
  (void)state;
  assert_string_equal("one", "two");
}
static void other_memory(void** state) {
  (void)state;
  assert_memory_equal("one", "onf", 3);
}
static void other_float(void** state) {
  (void)state;
  assert_float_equal(1.0f, 1.2f, 0.1f);
}
static void out_of_range(void** state) {
  (void)state;
  assert_in_range(4, 1, 3);
}
static void negative_return_code(void** state) {
  (void)state;
  const int result = -1;
  assert_return_code(result, 2);
}
static void plain_failure(void** state) {
  (void)state;
  fail();
}
static void failure_with_message(void** state) {
  (void)state;
  fail_msg("the value was %d", 7);
}

static void missing_value(void** state) {
  (void)state;
  expect_any(returns_scripted, argument);
  expect_any(returns_scripted, text);
  returns_scripted(1, "one");
}
static void leftover_value(void** state) {
  (void)state;
  will_return(returns_scripted, 1);
}
static void leftover_of_a_count(void** state) {
  (void)state;
  expect_any(returns_scripted, argument);
  expect_any(returns_scripted, text);
  will_return_count(returns_scripted, 1, 2);
  returns_scripted(1, "one");
}
static void missing_expectation(void** state) {
  (void)state;
  expect_any(returns_scripted, argument);
  will_return(returns_scripted, 1);
  returns_scripted(1, "one");
}
static void leftover_expectation(void** state) {
  (void)state;
  expect_value(returns_scripted, argument, 1);
}
static void unexpected_argument(void** state) {
  (void)state;
  announce(1, "one", 2);
  returns_scripted(3, "one");
}
static void unexpected_string(void** state) {
  (void)state;
  announce(1, "one", 2);
  returns_scripted(1, "two");
}
static void refused_by_check(void** state) {
  (void)state;
  expect_check(returns_scripted, argument, is_even, 0);
  expect_any(returns_scripted, text);
  will_return(returns_scripted, 1);
  returns_scripted(1, "one");
}
static void wrong_order_of_calls(void** state) {
  (void)state;
  expect_function_call(note_call);
  expect_function_call(note_other_call);
  note_other_call();
  note_call();
}
static void missing_call(void** state) {
  (void)state;
  expect_function_calls(note_call, 2);
  note_call();
}

static int failing_fixture(void** state) {
  (void)state;
  return -1;
}
static int asserting_fixture(void** state) {
  assert_non_null(*state);
  return 0;
}

int main(int count, char** arguments) {
  const struct CMUnitTest all[] = {
      cmocka_unit_test(none),
      cmocka_unit_test(skipped),
      cmocka_unit_test(false_condition),
      cmocka_unit_test(true_condition),
      cmocka_unit_test(null_pointer),
      cmocka_unit_test(set_pointer),
      cmocka_unit_test(other_pointer),
      cmocka_unit_test(other_integer),
      cmocka_unit_test(other_string),
      cmocka_unit_test(other_memory),
      cmocka_unit_test(other_float),
      cmocka_unit_test(out_of_range),
      cmocka_unit_test(negative_return_code),
      cmocka_unit_test(plain_failure),
      cmocka_unit_test(failure_with_message),
      cmocka_unit_test(missing_value),
      cmocka_unit_test(leftover_value),
      cmocka_unit_test(leftover_of_a_count),
      cmocka_unit_test(missing_expectation),
      cmocka_unit_test(leftover_expectation),
      cmocka_unit_test(unexpected_argument),
      cmocka_unit_test(unexpected_string),
      cmocka_unit_test(refused_by_check),
      cmocka_unit_test(wrong_order_of_calls),
      cmocka_unit_test(missing_call),
      {"failing_setup", none, failing_fixture, NULL, NULL},
      {"asserting_setup", none, asserting_fixture, NULL, NULL},
      {"failing_teardown", none, NULL, failing_fixture, NULL},
  };
  const char* const name = count > 1 ? arguments[1] : "";
  for (size_t i = 0; i < sizeof all / sizeof all[0]; ++i) {
    if (strcmp(all[i].name, name) != 0) continue;
    const struct CMUnitTest mistakes[] = {all[i]};
    return cmocka_run_group_tests(mistakes, NULL, NULL);
  }
  const struct CMUnitTest mistakes[] = {all[0]};
  if (strcmp(name, "failing_group_setup") == 0) {
    return cmocka_run_group_tests(mistakes, failing_fixture, NULL);
  }
  return 0;
}
