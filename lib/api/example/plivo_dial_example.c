// SPDX-License-Identifier: Apache-2.0
//
// What Plivo and mod_plivo_dial send, read by a program in C. To compile it, with what the package
// for developers installs:
//
//   cc plivo_dial_example.c $(pkg-config --static --cflags --libs plivo-dial) -o example
//
//   example webhook ENDPOINT URL < BODY    a request, its headers in the environment as CGI has
//                                          them, and the Auth Token in PLIVO_AUTH_TOKEN; ENDPOINT
//                                          is "action", "hangup", ...; URL is the one at Plivo
//   example event < LINE                   an event, as a sink gives it to a program
//
// Exit status: 0; 64 other arguments; 65 no such input; 70 another failure; 77 Plivo did not sign
// the request.
#include <plivo_dial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char input[65536];

static int complain(plivo_dial_code code, const char* reason) {
  fprintf(stderr, "example: %s\n", reason != NULL ? reason : plivo_dial_code_text(code));
  return code == PLIVO_DIAL_NOT_TRUSTED ? 77 : code == PLIVO_DIAL_BAD_INPUT ? 65 : 70;
}

// What comes from a network may hold anything, and a terminal obeys it.
static void print_text(plivo_dial_text text) {
  for (size_t i = 0; i < text.size; ++i) {
    putchar(text.data[i] >= ' ' && text.data[i] <= '~' ? text.data[i] : '?');
  }
}

static int print_pair(plivo_dial_text name, plivo_dial_text value, void* context) {
  (void)context;
  print_text(name);
  putchar('=');
  print_text(value);
  putchar('\n');
  return 0;
}

static int read_webhook(const char* endpoint, const char* url, size_t size) {
  const char* const token = getenv("PLIVO_AUTH_TOKEN");
  plivo_dial_signed_request request = {0};
  request.url = url;
  request.body = input;
  request.body_size = size;
  request.v3.account = getenv("HTTP_X_PLIVO_SIGNATURE_V3");
  request.v3.main_account = getenv("HTTP_X_PLIVO_SIGNATURE_MA_V3");
  request.v3.nonce = getenv("HTTP_X_PLIVO_SIGNATURE_V3_NONCE");
  plivo_dial_signature_verdict verdict = {PLIVO_DIAL_NO_REFUSAL, 0, ""};
  plivo_dial_code code = plivo_dial_signature_check(&request, &token, 1, &verdict, NULL);
  if (code == PLIVO_DIAL_NOT_TRUSTED) {
    return complain(code, plivo_dial_refusal_text(verdict.refusal));
  }
  if (code != PLIVO_DIAL_OK) return complain(code, NULL);

  const char* const query = strchr(url, '?');
  plivo_dial_webhook* webhook = NULL;
  plivo_dial_form* form = NULL;
  char* error = NULL;
  code =
      plivo_dial_webhook_read(endpoint, query == NULL ? NULL : query + 1,
                              query == NULL ? 0 : strlen(query + 1), input, size, &webhook, &error);
  if (code == PLIVO_DIAL_OK) code = plivo_dial_form_decode(input, size, &form, &error);
  int status = code == PLIVO_DIAL_OK ? 0 : complain(code, error);
  plivo_dial_webhook_summary summary;
  if (status == 0 && plivo_dial_webhook_summarize(webhook, &summary) == PLIVO_DIAL_OK) {
    printf("%s, signed (%s), dial status \"%s\"\n", summary.event, verdict.verified_by,
           summary.dial_status);
    plivo_dial_for_each_pair(form, print_pair, NULL, NULL);
  }
  plivo_dial_string_free(error);
  plivo_dial_form_free(form);
  plivo_dial_webhook_free(webhook);
  return status;
}

static int read_event(size_t size) {
  plivo_dial_event* event = NULL;
  char* error = NULL;
  const plivo_dial_code code = plivo_dial_event_read(input, size, &event, &error);
  const int status = code == PLIVO_DIAL_OK ? 0 : complain(code, error);
  for (size_t i = 0; i < plivo_dial_event_size(event); ++i) {
    plivo_dial_text name, value;
    if (plivo_dial_event_field(event, i, &name, &value) == PLIVO_DIAL_OK) {
      print_pair(name, value, NULL);
    }
  }
  plivo_dial_string_free(error);
  plivo_dial_event_free(event);
  return status;
}

int main(int argc, char** argv) {
  const size_t size = fread(input, 1, sizeof input, stdin);
  if (argc == 4 && strcmp(argv[1], "webhook") == 0) return read_webhook(argv[2], argv[3], size);
  if (argc == 2 && strcmp(argv[1], "event") == 0) return read_event(size);
  fputs("usage: example webhook ENDPOINT URL | example event\n", stderr);
  return 64;
}
