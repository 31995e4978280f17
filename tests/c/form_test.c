// SPDX-License-Identifier: Apache-2.0
//
// Forms through the C face: decoding, walking, finding, and a callback for each pair.
#include "lib/api/plivo_dial.h"
#include "tests/c/text_assert.h"

static const char kEncoded[] = "To=%2B14155550199&to=own+desk&DialBLegUUID=&To=second";

static int decode_form(void** state) {
  plivo_dial_form* form = NULL;
  const plivo_dial_code code = plivo_dial_form_decode(kEncoded, strlen(kEncoded), &form, NULL);
  *state = form;
  return code == PLIVO_DIAL_OK ? 0 : -1;
}

static int free_form(void** state) {
  plivo_dial_form_free(*state);
  return 0;
}

static void walks_pairs_in_order(void** state) {
  const char* const expected[][2] = {
      {"To", "+14155550199"}, {"to", "own desk"}, {"DialBLegUUID", ""}, {"To", "second"}};
  assert_int_equal(plivo_dial_form_size(*state), 4);
  for (size_t i = 0; i < 4; ++i) {
    plivo_dial_text name = {NULL, 0};
    plivo_dial_text value = {NULL, 0};
    assert_int_equal(plivo_dial_form_pair(*state, i, &name, &value), PLIVO_DIAL_OK);
    assert_text_equal(name, expected[i][0]);
    assert_text_equal(value, expected[i][1]);
  }
}

static void finds_first_pair_of_a_name(void** state) {
  plivo_dial_text value = {NULL, 0};
  assert_int_equal(plivo_dial_form_find(*state, "To", &value), PLIVO_DIAL_OK);
  assert_text_equal(value, "+14155550199");
  assert_int_equal(plivo_dial_form_find(*state, "to", &value), PLIVO_DIAL_OK);
  assert_text_equal(value, "own desk");
  assert_int_equal(plivo_dial_form_find(*state, "DialBLegUUID", &value), PLIVO_DIAL_OK);
  assert_text_equal(value, "");
  value.data = kEncoded;
  assert_int_equal(plivo_dial_form_find(*state, "TO", &value), PLIVO_DIAL_NOT_FOUND);
  assert_ptr_equal(value.data, kEncoded);
}

// A callback that plays back what the test announced.
static int note_pair(plivo_dial_text name, plivo_dial_text value, void* context) {
  char first[32] = "";
  char second[32] = "";
  assert_in_range(name.size, 0, sizeof first - 1);
  assert_in_range(value.size, 0, sizeof second - 1);
  memcpy(first, name.data, name.size);
  memcpy(second, value.data, value.size);
  check_expected_ptr(first);
  check_expected_ptr(second);
  check_expected_ptr(context);
  return mock_type(int);
}

static void calls_back_for_each_pair(void** state) {
  int last = -1;
  expect_string(note_pair, first, "To");
  expect_string(note_pair, first, "to");
  expect_string(note_pair, first, "DialBLegUUID");
  expect_string(note_pair, first, "To");
  expect_string(note_pair, second, "+14155550199");
  expect_not_string(note_pair, second, "+14155550199");
  expect_string(note_pair, second, "");
  expect_memory(note_pair, second, "second", sizeof "second");
  expect_value_count(note_pair, context, (uintptr_t)state, 4);
  will_return_count(note_pair, 0, 4);
  assert_int_equal(plivo_dial_for_each_pair(*state, note_pair, state, &last), PLIVO_DIAL_OK);
  assert_int_equal(last, 0);
}

static void stops_when_the_callback_says_so(void** state) {
  int last = -1;
  expect_any_count(note_pair, first, 2);
  expect_any_count(note_pair, second, 2);
  expect_any_count(note_pair, context, 2);
  will_return(note_pair, 0);
  will_return(note_pair, 7);
  assert_int_equal(plivo_dial_for_each_pair(*state, note_pair, NULL, &last), PLIVO_DIAL_OK);
  assert_int_equal(last, 7);
}

static void does_not_call_back_for_an_empty_form(void** state) {
  (void)state;
  plivo_dial_form* form = NULL;
  int last = -1;
  assert_int_equal(plivo_dial_form_decode(NULL, 0, &form, NULL), PLIVO_DIAL_OK);
  assert_int_equal(plivo_dial_form_size(form), 0);
  assert_int_equal(plivo_dial_for_each_pair(form, note_pair, NULL, &last), PLIVO_DIAL_OK);
  assert_int_equal(last, 0);
  plivo_dial_form_free(form);
}

static void says_which_cap_was_exceeded(void** state) {
  (void)state;
  char encoded[2 + 8192 + 1];
  memset(encoded, 'v', sizeof encoded);
  memcpy(encoded, "n=", 2);
  plivo_dial_form* form = NULL;
  char* error = NULL;
  assert_int_equal(plivo_dial_form_decode(encoded, sizeof encoded - 1, &form, &error),
                   PLIVO_DIAL_OK);
  assert_null(error);
  plivo_dial_form_free(form);

  form = NULL;
  assert_int_equal(plivo_dial_form_decode(encoded, sizeof encoded, &form, &error),
                   PLIVO_DIAL_BAD_INPUT);
  assert_null(form);
  assert_non_null(error);
  assert_non_null(strstr(error, "8192"));
  plivo_dial_string_free(error);
  assert_int_equal(plivo_dial_form_decode(encoded, sizeof encoded, &form, NULL),
                   PLIVO_DIAL_BAD_INPUT);
}

static void refuses_null_pointers(void** state) {
  plivo_dial_form* form = NULL;
  plivo_dial_text text = {NULL, 0};
  assert_int_equal(plivo_dial_form_decode(NULL, 1, &form, NULL), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_form_decode("a=b", 3, NULL, NULL), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_form_pair(NULL, 0, &text, &text), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_form_pair(*state, 4, &text, &text), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_form_pair(*state, 0, NULL, &text), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_form_pair(*state, 0, &text, NULL), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_form_find(NULL, "a", &text), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_form_find(*state, NULL, &text), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_form_find(*state, "a", NULL), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_for_each_pair(NULL, note_pair, NULL, NULL), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_for_each_pair(*state, NULL, NULL, NULL), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_form_size(NULL), 0);
  plivo_dial_form_free(NULL);
}

int main(void) {
  const struct CMUnitTest form[] = {
      cmocka_unit_test(walks_pairs_in_order),
      cmocka_unit_test(finds_first_pair_of_a_name),
      cmocka_unit_test(calls_back_for_each_pair),
      cmocka_unit_test(stops_when_the_callback_says_so),
      cmocka_unit_test(does_not_call_back_for_an_empty_form),
      cmocka_unit_test(says_which_cap_was_exceeded),
      cmocka_unit_test(refuses_null_pointers),
  };
  return cmocka_run_group_tests(form, decode_form, free_form);
}
