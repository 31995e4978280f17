// SPDX-License-Identifier: Apache-2.0
//
// Causes, statuses and text for documents through the C face.
#include "lib/api/plivo_dial.h"
#include "tests/c/text_assert.h"

static void explains_a_hangup_cause(void** state) {
  (void)state;
  plivo_dial_hangup_cause cause;
  assert_int_equal(plivo_dial_hangup_cause_find(1010, &cause), PLIVO_DIAL_OK);
  assert_int_equal(cause.code, 1010);
  assert_string_equal(cause.name, "Canceled (Out Of Credits)");
  assert_string_equal(cause.side, "operator");
  assert_non_null(strstr(cause.meaning, "credit"));
  assert_non_null(strstr(cause.remedy, "Recharge"));
  assert_int_equal(plivo_dial_hangup_cause_find(4000, &cause), PLIVO_DIAL_OK);
  assert_string_equal(cause.side, "normal");
  assert_string_equal(cause.remedy, "");
}

static void knows_no_other_cause(void** state) {
  (void)state;
  plivo_dial_hangup_cause cause = {-5, "", "", "", ""};
  assert_int_equal(plivo_dial_hangup_cause_find(4001, &cause), PLIVO_DIAL_NOT_FOUND);
  assert_int_equal(cause.code, -5);
  assert_int_equal(plivo_dial_hangup_cause_find(4000, NULL), PLIVO_DIAL_BAD_ARGUMENT);
}

static void normalizes_dial_statuses(void** state) {
  (void)state;
  static const char* const kRows[][2] = {{"completed", "completed"}, {"No Answer", "no-answer"},
                                         {"NO_ANSWER", "no-answer"}, {"Cancelled", "cancel"},
                                         {"Busy/Rejected", "busy"},  {"timeout", "timeout"},
                                         {"answered", "completed"}};
  const char* word = NULL;
  for (size_t i = 0; i < sizeof kRows / sizeof kRows[0]; ++i) {
    assert_int_equal(plivo_dial_normalize_dial_status(kRows[i][0], &word), PLIVO_DIAL_OK);
    assert_string_equal(word, kRows[i][1]);
  }
  assert_int_equal(plivo_dial_normalize_dial_status("talked", &word), PLIVO_DIAL_NOT_FOUND);
  assert_int_equal(plivo_dial_normalize_dial_status("", &word), PLIVO_DIAL_NOT_FOUND);
  assert_int_equal(plivo_dial_normalize_dial_status(NULL, &word), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_normalize_dial_status("busy", NULL), PLIVO_DIAL_BAD_ARGUMENT);
}

static void gates_text_for_documents(void** state) {
  (void)state;
  char* xml = NULL;
  assert_int_equal(plivo_dial_xml_text("a\0<\xC3\xA9\xFF", 6, &xml), PLIVO_DIAL_OK);
  assert_string_equal(xml, "a\xEF\xBF\xBD<\xC3\xA9\xEF\xBF\xBD");
  plivo_dial_string_free(xml);
  assert_int_equal(plivo_dial_xml_text(NULL, 0, &xml), PLIVO_DIAL_OK);
  assert_string_equal(xml, "");
  plivo_dial_string_free(xml);
  assert_int_equal(plivo_dial_xml_text(NULL, 1, &xml), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_xml_text("a", 1, NULL), PLIVO_DIAL_BAD_ARGUMENT);
  plivo_dial_string_free(NULL);
}

static void has_a_sentence_for_each_code(void** state) {
  (void)state;
  for (int code = PLIVO_DIAL_OK; code <= PLIVO_DIAL_NOT_TRUSTED; ++code) {
    assert_string_not_equal(plivo_dial_code_text((plivo_dial_code)code), "unknown code");
  }
  assert_string_equal(plivo_dial_code_text((plivo_dial_code)7), "unknown code");
}

int main(void) {
  const struct CMUnitTest vocabulary[] = {
      cmocka_unit_test(explains_a_hangup_cause),      cmocka_unit_test(knows_no_other_cause),
      cmocka_unit_test(normalizes_dial_statuses),     cmocka_unit_test(gates_text_for_documents),
      cmocka_unit_test(has_a_sentence_for_each_code),
  };
  return cmocka_run_group_tests(vocabulary, NULL, NULL);
}
