// SPDX-License-Identifier: Apache-2.0
//
// Memory that runs out on demand: the linker puts __wrap_malloc in the place of malloc
// (-Wl,--wrap=malloc), and each test says which allocations succeed.
#include <stdlib.h>

#include "lib/api/plivo_dial.h"
#include "tests/c/text_assert.h"

void* __real_malloc(size_t size);
void* __wrap_malloc(size_t size);

// Whether the running test announced what malloc is to do.
static int scripted = 0;

void* __wrap_malloc(size_t size) {
  if (!scripted) return __real_malloc(size);
  function_called();
  check_expected(size);
  return mock_type(int) != 0 ? __real_malloc(size) : NULL;
}

static int start_script(void** state) {
  (void)state;
  scripted = 1;
  return 0;
}

static int end_script(void** state) {
  (void)state;
  scripted = 0;
  return 0;
}

static void announce_malloc(int succeeds) {
  expect_function_call(__wrap_malloc);
  expect_in_range(__wrap_malloc, size, 1, 4096);
  will_return(__wrap_malloc, succeeds);
}

static void form_reports_exhausted_memory(void** state) {
  (void)state;
  plivo_dial_form* form = NULL;
  char* error = NULL;
  announce_malloc(0);
  assert_int_equal(plivo_dial_form_decode("a=b", 3, &form, &error), PLIVO_DIAL_OUT_OF_MEMORY);
  assert_null(form);
  assert_null(error);

  announce_malloc(1);
  assert_int_equal(plivo_dial_form_decode("a=b", 3, &form, &error), PLIVO_DIAL_OK);
  assert_int_equal(plivo_dial_form_size(form), 1);
  plivo_dial_form_free(form);
}

static void error_text_reports_exhausted_memory(void** state) {
  (void)state;
  plivo_dial_webhook* webhook = NULL;
  char* error = NULL;
  announce_malloc(0);
  assert_int_equal(plivo_dial_webhook_read("none", NULL, 0, NULL, 0, &webhook, &error),
                   PLIVO_DIAL_OUT_OF_MEMORY);
  assert_null(webhook);
  assert_null(error);
}

static void webhook_reports_exhausted_memory(void** state) {
  (void)state;
  plivo_dial_webhook* webhook = NULL;
  announce_malloc(0);
  assert_int_equal(plivo_dial_webhook_read("answer", "a=b", 3, "c=d", 3, &webhook, NULL),
                   PLIVO_DIAL_OUT_OF_MEMORY);
  assert_null(webhook);
}

static void xml_text_reports_exhausted_memory(void** state) {
  (void)state;
  char* xml = NULL;
  expect_function_call(__wrap_malloc);
  expect_value(__wrap_malloc, size, sizeof "text");
  will_return(__wrap_malloc, 0);
  assert_int_equal(plivo_dial_xml_text("text", 4, &xml), PLIVO_DIAL_OUT_OF_MEMORY);
  assert_null(xml);
}

int main(void) {
  const struct CMUnitTest allocation[] = {
      cmocka_unit_test_setup_teardown(form_reports_exhausted_memory, start_script, end_script),
      cmocka_unit_test_setup_teardown(error_text_reports_exhausted_memory, start_script,
                                      end_script),
      cmocka_unit_test_setup_teardown(webhook_reports_exhausted_memory, start_script, end_script),
      cmocka_unit_test_setup_teardown(xml_text_reports_exhausted_memory, start_script, end_script),
  };
  return cmocka_run_group_tests(allocation, NULL, NULL);
}
