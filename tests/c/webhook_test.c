// SPDX-License-Identifier: Apache-2.0
//
// Webhooks through the C face: what a request is about, and what it says.
#include "lib/api/plivo_dial.h"
#include "tests/c/text_assert.h"

// A request, the test's initial state; `webhook` is made by its setup.
struct request {
  const char* endpoint;
  const char* query;
  const char* body;
  plivo_dial_webhook* webhook;
};

static int read_request(void** state) {
  struct request* const request = *state;
  const plivo_dial_code code =
      plivo_dial_webhook_read(request->endpoint, request->query, strlen(request->query),
                              request->body, strlen(request->body), &request->webhook, NULL);
  return code == PLIVO_DIAL_OK ? 0 : -1;
}

static int free_request(void** state) {
  plivo_dial_webhook_free(((struct request*)*state)->webhook);
  return 0;
}

static plivo_dial_webhook_summary summarize(void** state) {
  plivo_dial_webhook_summary summary;
  assert_int_equal(plivo_dial_webhook_summarize(((struct request*)*state)->webhook, &summary),
                   PLIVO_DIAL_OK);
  return summary;
}

static void dial_result_has_status_and_stage(void** state) {
  const plivo_dial_webhook_summary summary = summarize(state);
  assert_string_equal(summary.endpoint, "action");
  assert_string_equal(summary.event, "dial.result");
  assert_string_equal(summary.call_status, "in-progress");
  assert_string_equal(summary.dial_status, "no-answer");
  assert_text_equal(summary.call, "aaaaaaaa-1111");
  assert_int_equal(summary.stage, 2);
  plivo_dial_text value = {NULL, 0};
  const plivo_dial_webhook* const webhook = ((struct request*)*state)->webhook;
  assert_int_equal(plivo_dial_webhook_find(webhook, "DialBLegUUID", &value), PLIVO_DIAL_OK);
  assert_text_equal(value, "");
  assert_int_equal(plivo_dial_webhook_find(webhook, "stage", &value), PLIVO_DIAL_OK);
  assert_text_equal(value, "2");
  assert_int_equal(plivo_dial_webhook_find(webhook, "dialstatus", &value), PLIVO_DIAL_NOT_FOUND);
}

static void hangup_at_the_answer_url_is_a_hangup(void** state) {
  const plivo_dial_webhook_summary summary = summarize(state);
  assert_string_equal(summary.endpoint, "hangup");
  assert_string_equal(summary.event, "call.hangup");
  assert_string_equal(summary.call_status, "");
  assert_string_equal(summary.dial_status, "");
  assert_int_equal(summary.stage, 1);
}

static void event_without_pairs_has_no_call(void** state) {
  const plivo_dial_webhook_summary summary = summarize(state);
  assert_string_equal(summary.event, "other");
  assert_null(summary.call.data);
  assert_int_equal(summary.stage, 0);
}

static void says_what_was_wrong(void** state) {
  (void)state;
  plivo_dial_webhook* webhook = NULL;
  char* error = NULL;
  assert_int_equal(plivo_dial_webhook_read("anwser", NULL, 0, NULL, 0, &webhook, &error),
                   PLIVO_DIAL_BAD_INPUT);
  assert_null(webhook);
  assert_non_null(error);
  assert_non_null(strstr(error, "\"anwser\""));
  plivo_dial_string_free(error);

  char body[200];
  memset(body, 'n', sizeof body);
  assert_int_equal(plivo_dial_webhook_read("ring", body, sizeof body, NULL, 0, &webhook, NULL),
                   PLIVO_DIAL_BAD_INPUT);
  assert_int_equal(plivo_dial_webhook_read("ring", NULL, 0, body, sizeof body, &webhook, &error),
                   PLIVO_DIAL_BAD_INPUT);
  assert_non_null(strstr(error, "128"));
  plivo_dial_string_free(error);
  assert_null(webhook);
}

static void refuses_null_pointers(void** state) {
  (void)state;
  plivo_dial_webhook* webhook = NULL;
  plivo_dial_text text;
  plivo_dial_webhook_summary summary;
  assert_int_equal(plivo_dial_webhook_read(NULL, NULL, 0, NULL, 0, &webhook, NULL),
                   PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_webhook_read("ring", NULL, 1, NULL, 0, &webhook, NULL),
                   PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_webhook_read("ring", NULL, 0, NULL, 1, &webhook, NULL),
                   PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_webhook_read("ring", NULL, 0, NULL, 0, NULL, NULL),
                   PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_webhook_summarize(NULL, &summary), PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_webhook_find(NULL, "a", &text), PLIVO_DIAL_BAD_ARGUMENT);
  plivo_dial_webhook_free(NULL);
}

int main(void) {
  static struct request result = {"action", "stage=2",
                                  "CallUUID=bbbbbbbb-2222&CallStatus=In+Progress&DialBLegUUID=&"
                                  "DialStatus=No+Answer&DialALegUUID=aaaaaaaa-1111",
                                  NULL};
  static struct request hangup = {"answer", "", "Event=Hangup&CallUUID=bbbbbbbb-2222", NULL};
  static struct request event = {"event", "stage=second", "", NULL};
  const struct CMUnitTest webhook[] = {
      cmocka_unit_test_prestate_setup_teardown(dial_result_has_status_and_stage, read_request,
                                               free_request, &result),
      cmocka_unit_test_prestate_setup_teardown(hangup_at_the_answer_url_is_a_hangup, read_request,
                                               free_request, &hangup),
      cmocka_unit_test_prestate_setup_teardown(event_without_pairs_has_no_call, read_request,
                                               free_request, &event),
      cmocka_unit_test(says_what_was_wrong),
      cmocka_unit_test(refuses_null_pointers),
  };
  return cmocka_run_group_tests(webhook, NULL, NULL);
}
