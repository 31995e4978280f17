// SPDX-License-Identifier: Apache-2.0
//
// Events through the C face: the line that a sink wrote, field by field, and the pairs of its
// request.
#include "lib/api/plivo_dial.h"
#include "tests/c/text_assert.h"

static const char kLine[] =
    "{\"v\":1,\"id\":\"01k9x4mq2rabcdefghjkmnpqrs\",\"seq\":18446744073709551615,"
    "\"received\":\"2026-11-20T09:15:02.184467Z\",\"event\":\"dial.result\","
    "\"endpoint\":\"action\",\"call\":\"c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21\","
    "\"account\":\"\",\"verified\":true,\"node\":\"pbx1\",\"late\":true,\"attempt\":2,"
    "\"dial_status\":\"busy\",\"dial_ring_status\":false,\"b_leg\":\"\","
    "\"hangup_cause_code\":null,\"stage\":1,\"sentiment\":{\"score\":0.5},"
    "\"params\":{\"DialStatus\":\"busy\",\"Tag\":[\"a\",\"\\ufffd\"]},"
    "\"params_raw\":{\"Tag\":[null,\"/w==\"]}}\n";

static int read_line(void** state) {
  plivo_dial_event* event = NULL;
  const plivo_dial_code code = plivo_dial_event_read(kLine, strlen(kLine), &event, NULL);
  *state = event;
  return code == PLIVO_DIAL_OK ? 0 : -1;
}

static int free_event(void** state) {
  plivo_dial_event_free(*state);
  return 0;
}

static void walks_fields_in_order(void** state) {
  static const char* const kExpected[][2] = {
      {"id", "01k9x4mq2rabcdefghjkmnpqrs"},
      {"seq", "18446744073709551615"},
      {"received", "2026-11-20T09:15:02.184467Z"},
      {"event", "dial.result"},
      {"endpoint", "action"},
      {"call", "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21"},
      {"account", ""},
      {"verified", "true"},
      {"node", "pbx1"},
      {"late", "true"},
      {"attempt", "2"},
      {"dial_status", "busy"},
      {"dial_ring_status", "false"},
      {"b_leg", ""},
      {"stage", "1"},
  };
  const size_t count = sizeof kExpected / sizeof kExpected[0];
  assert_int_equal(plivo_dial_event_size(*state), count);
  for (size_t i = 0; i < count; ++i) {
    plivo_dial_text name = {NULL, 0};
    plivo_dial_text value = {NULL, 0};
    assert_int_equal(plivo_dial_event_field(*state, i, &name, &value), PLIVO_DIAL_OK);
    assert_text_equal(name, kExpected[i][0]);
    assert_text_equal(value, kExpected[i][1]);
  }
}

static void finds_fields_by_name(void** state) {
  plivo_dial_text value = {NULL, 0};
  assert_int_equal(plivo_dial_event_find(*state, "dial_status", &value), PLIVO_DIAL_OK);
  assert_text_equal(value, "busy");
  assert_int_equal(plivo_dial_event_find(*state, "b_leg", &value), PLIVO_DIAL_OK);
  assert_text_equal(value, "");
  value.data = kLine;
  static const char* const kAbsent[] = {"call_status", "hangup_cause_code", "sentiment", "params",
                                        "v",           "Dial_Status"};
  for (size_t i = 0; i < sizeof kAbsent / sizeof kAbsent[0]; ++i) {
    assert_int_equal(plivo_dial_event_find(*state, kAbsent[i], &value), PLIVO_DIAL_NOT_FOUND);
  }
  assert_ptr_equal(value.data, kLine);
}

static void has_the_pairs_of_the_request(void** state) {
  static const char* const kExpected[][2] = {{"DialStatus", "busy"}, {"Tag", "a"}, {"Tag", "\xff"}};
  const plivo_dial_form* const params = plivo_dial_event_params(*state);
  assert_int_equal(plivo_dial_form_size(params), 3);
  for (size_t i = 0; i < 3; ++i) {
    plivo_dial_text name = {NULL, 0};
    plivo_dial_text value = {NULL, 0};
    assert_int_equal(plivo_dial_form_pair(params, i, &name, &value), PLIVO_DIAL_OK);
    assert_text_equal(name, kExpected[i][0]);
    assert_text_equal(value, kExpected[i][1]);
  }
}

static void reads_the_least_that_an_event_has(void** state) {
  (void)state;
  static const char kLeast[] =
      "{\"v\":1,\"id\":\"01k9x4mq2rabcdefghjkmnpqrs\",\"seq\":0,"
      "\"received\":\"2026-11-20T09:15:02.184467Z\",\"event\":\"other\",\"endpoint\":\"event\","
      "\"call\":null,\"account\":\"\",\"verified\":false,\"node\":\"\",\"params\":{}}";
  plivo_dial_event* event = NULL;
  plivo_dial_text value = {NULL, 0};
  assert_int_equal(plivo_dial_event_read(kLeast, strlen(kLeast), &event, NULL), PLIVO_DIAL_OK);
  assert_int_equal(plivo_dial_event_size(event), 8);
  assert_int_equal(plivo_dial_event_find(event, "call", &value), PLIVO_DIAL_NOT_FOUND);
  assert_int_equal(plivo_dial_event_find(event, "attempt", &value), PLIVO_DIAL_NOT_FOUND);
  assert_int_equal(plivo_dial_form_size(plivo_dial_event_params(event)), 0);
  plivo_dial_event_free(event);
}

static void says_what_is_wrong_with_a_line(void** state) {
  (void)state;
  static const char* const kRows[][2] = {
      {"", "not a JSON object"},
      {"received=2026-11-20T09:15:02.184467Z event=dial.result", "not a JSON object"},
      {"[]", "not a JSON object"},
      {"{\"v\":1}", "'id' is missing"},
      {"{\"v\":1,\"id\":7}", "'id' is not a string"},
  };
  for (size_t i = 0; i < sizeof kRows / sizeof kRows[0]; ++i) {
    plivo_dial_event* event = NULL;
    char* error = NULL;
    assert_int_equal(plivo_dial_event_read(kRows[i][0], strlen(kRows[i][0]), &event, &error),
                     PLIVO_DIAL_BAD_INPUT);
    assert_null(event);
    assert_non_null(error);
    assert_non_null(strstr(error, kRows[i][1]));
    plivo_dial_string_free(error);
    assert_int_equal(plivo_dial_event_read(kRows[i][0], strlen(kRows[i][0]), &event, NULL),
                     PLIVO_DIAL_BAD_INPUT);
  }
}

static void takes_no_part_of_a_line(void** state) {
  (void)state;
  for (size_t size = 0; size < strlen(kLine) - 1; ++size) {
    plivo_dial_event* event = NULL;
    assert_int_equal(plivo_dial_event_read(kLine, size, &event, NULL), PLIVO_DIAL_BAD_INPUT);
    assert_null(event);
  }
}

static void refuses_null_pointers(void** state) {
  plivo_dial_event* event = NULL;
  plivo_dial_text text = {NULL, 0};
  assert_int_equal(plivo_dial_event_read(NULL, 1, &event, NULL), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_event_read(NULL, 0, &event, NULL), PLIVO_DIAL_BAD_INPUT);
  assert_int_equal(plivo_dial_event_read(kLine, strlen(kLine), NULL, NULL),
                   PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_event_field(NULL, 0, &text, &text), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_event_field(*state, 15, &text, &text), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_event_field(*state, 0, NULL, &text), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_event_field(*state, 0, &text, NULL), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_event_find(NULL, "id", &text), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_event_find(*state, NULL, &text), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_event_find(*state, "id", NULL), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_event_size(NULL), 0);
  assert_null(plivo_dial_event_params(NULL));
  plivo_dial_event_free(NULL);
}

int main(void) {
  const struct CMUnitTest event[] = {
      cmocka_unit_test(walks_fields_in_order),
      cmocka_unit_test(finds_fields_by_name),
      cmocka_unit_test(has_the_pairs_of_the_request),
      cmocka_unit_test(reads_the_least_that_an_event_has),
      cmocka_unit_test(says_what_is_wrong_with_a_line),
      cmocka_unit_test(takes_no_part_of_a_line),
      cmocka_unit_test(refuses_null_pointers),
  };
  return cmocka_run_group_tests(event, read_line, free_event);
}
