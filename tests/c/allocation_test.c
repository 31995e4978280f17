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

// A verdict takes no memory of C; its error is a string.
static void refused_query_reports_exhausted_memory(void** state) {
  (void)state;
  char url[26 + 129 + 1] = "https://voice.example.com?";
  memset(url + 26, 'n', 129);
  const char* const tokens[] = {"token"};
  plivo_dial_signed_request request = {0};
  request.url = url;
  plivo_dial_signature_verdict verdict = {PLIVO_DIAL_NO_REFUSAL, 7, NULL};
  char* error = NULL;
  announce_malloc(0);
  assert_int_equal(plivo_dial_signature_check(&request, tokens, 1, &verdict, &error),
                   PLIVO_DIAL_OUT_OF_MEMORY);
  assert_null(error);
  assert_int_equal(verdict.token, 7);
}

static void event_reports_exhausted_memory(void** state) {
  (void)state;
  static const char kLine[] =
      "{\"v\":1,\"id\":\"01k9x4mq2rabcdefghjkmnpqrs\",\"seq\":0,"
      "\"received\":\"2026-11-20T09:15:02.184467Z\",\"event\":\"other\",\"endpoint\":\"event\","
      "\"call\":null,\"account\":\"\",\"verified\":false,\"node\":\"\",\"params\":{}}";
  plivo_dial_event* event = NULL;
  char* error = NULL;
  announce_malloc(0);
  assert_int_equal(plivo_dial_event_read(kLine, strlen(kLine), &event, &error),
                   PLIVO_DIAL_OUT_OF_MEMORY);
  assert_null(event);
  assert_null(error);

  announce_malloc(0);
  assert_int_equal(plivo_dial_event_read("[]", 2, &event, &error), PLIVO_DIAL_OUT_OF_MEMORY);
  assert_null(error);
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
      cmocka_unit_test_setup_teardown(refused_query_reports_exhausted_memory, start_script,
                                      end_script),
      cmocka_unit_test_setup_teardown(event_reports_exhausted_memory, start_script, end_script),
      cmocka_unit_test_setup_teardown(xml_text_reports_exhausted_memory, start_script, end_script),
  };
  return cmocka_run_group_tests(allocation, NULL, NULL);
}
