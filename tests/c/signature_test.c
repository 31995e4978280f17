// SPDX-License-Identifier: Apache-2.0
//
// Signatures through the C face: whom to trust, and why not. The signatures are those that Plivo's
// SDK for Node.js made, of tests/data/signature-vectors.json.
#include "lib/api/plivo_dial.h"
#include "tests/c/text_assert.h"

static const char kToken[] = "N2JkYjE0ZmUtYWM0MC00ZTFiLThlM2UtZTAzMjQ1";
static const char kOtherToken[] = "ZTdjMGQxYTQtNTJmYi00YjQ1LWE5OGQtMTI3Mzk4";
static const char kNonce[] = "19274650183746550192";
static const char kSignature[] = "/fm/DoF+5DJnjAwZeMRY68eWILUDucJezgX4596WHHA=";
static const char kSignatureOfV2[] = "1ey3vmGLqQbx3BejCKdA7ISQJZ76TEagmfx9B2E6WrQ=";
static const char kNonceOfV2[] = "05429567804466091622";

// "v3-post-single", the smallest POST.
static plivo_dial_signed_request smallest_post(void) {
  plivo_dial_signed_request request = {0};
  request.url = "https://voice.example.com/a";
  request.body = "A=1";
  request.body_size = 3;
  request.v3.account = kSignature;
  request.v3.nonce = kNonce;
  return request;
}

// "v2-query".
static plivo_dial_signed_request request_of_v2(void) {
  plivo_dial_signed_request request = {0};
  request.url = "https://voice.example.com/plivo/answer?tenant=42&x=1";
  request.v2.account = kSignatureOfV2;
  request.v2.nonce = kNonceOfV2;
  request.accept_v2 = 1;
  return request;
}

static plivo_dial_code check(const plivo_dial_signed_request* request,
                             plivo_dial_signature_verdict* verdict) {
  const char* const tokens[] = {kToken};
  return plivo_dial_signature_check(request, tokens, 1, verdict, NULL);
}

static void assert_trusted(const plivo_dial_signed_request* request, const char* verified_by) {
  plivo_dial_signature_verdict verdict = {PLIVO_DIAL_SIGNATURE_MISMATCH, 7, NULL};
  assert_int_equal(check(request, &verdict), PLIVO_DIAL_OK);
  assert_int_equal(verdict.refusal, PLIVO_DIAL_NO_REFUSAL);
  assert_int_equal(verdict.token, 0);
  assert_string_equal(verdict.verified_by, verified_by);
}

static void assert_refused(const plivo_dial_signed_request* request, plivo_dial_refusal refusal) {
  plivo_dial_signature_verdict verdict = {PLIVO_DIAL_NO_REFUSAL, 7, NULL};
  assert_int_equal(check(request, &verdict), PLIVO_DIAL_NOT_TRUSTED);
  assert_int_equal(verdict.refusal, refusal);
  assert_int_equal(verdict.token, 0);
  assert_string_equal(verdict.verified_by, "");
}

static void trusts_what_plivo_signed(void** state) {
  (void)state;
  static const struct {
    const char* url;
    const char* body;
    const char* signature;
  } kRows[] = {
      {"https://voice.example.com/a", "A=1", kSignature},
      {"https://voice.example.com/a?x=1&y=2", "", "kkFeN4BDg5oDqaGK+M+8CWWGkcHSGQGazrv7CdTWtLc="},
      {"https://voice.example.com/a?q=one+two", "B=2",
       "Zt0iOHlKVbeUIO/xvMUro3AQDvGhkFlEds1cmoabe04="},
      {"https://voice.example.com/a?From=%2B14155550100&S=2026-11-20+09%3A15%3A02&T=a%20b", NULL,
       "poziSGEupySlGxwzj97v/d8qAiQRE//zDqR2O41qYJw="},
  };
  for (size_t i = 0; i < sizeof kRows / sizeof kRows[0]; ++i) {
    plivo_dial_signed_request request = {0};
    request.url = kRows[i].url;
    request.body = kRows[i].body;
    request.body_size = kRows[i].body == NULL ? 0 : strlen(kRows[i].body);
    request.v3.account = kRows[i].signature;
    request.v3.nonce = kNonce;
    assert_trusted(&request, "V3");
  }
}

static void tells_which_header_was_right(void** state) {
  (void)state;
  plivo_dial_signed_request request = smallest_post();
  request.v3.main_account = kSignature;
  request.v3.account = NULL;
  assert_trusted(&request, "Ma-V3");
  request = request_of_v2();
  assert_trusted(&request, "V2");
  request.v2.main_account = kSignatureOfV2;
  request.v2.account = NULL;
  assert_trusted(&request, "Ma-V2");
}

static void tells_which_token_was_right(void** state) {
  (void)state;
  const char* const tokens[] = {"", kOtherToken, kToken};
  const plivo_dial_signed_request request = smallest_post();
  plivo_dial_signature_verdict verdict;
  assert_int_equal(plivo_dial_signature_check(&request, tokens, 3, &verdict, NULL), PLIVO_DIAL_OK);
  assert_int_equal(verdict.token, 2);
  assert_int_equal(plivo_dial_signature_check(&request, tokens, 2, NULL, NULL),
                   PLIVO_DIAL_NOT_TRUSTED);
}

static void refuses_what_was_changed(void** state) {
  (void)state;
  plivo_dial_signed_request request = smallest_post();
  request.body = "a=1";
  assert_refused(&request, PLIVO_DIAL_SIGNATURE_MISMATCH);
  request = smallest_post();
  request.url = "http://voice.example.com/a";
  assert_refused(&request, PLIVO_DIAL_SIGNATURE_MISMATCH);
  request.url = "";
  assert_refused(&request, PLIVO_DIAL_SIGNATURE_MISMATCH);
  request = smallest_post();
  request.body = NULL;
  request.body_size = 0;
  assert_refused(&request, PLIVO_DIAL_SIGNATURE_MISMATCH);
}

static void tells_what_the_headers_lack(void** state) {
  (void)state;
  plivo_dial_signed_request request = smallest_post();
  request.v3.nonce = NULL;
  assert_refused(&request, PLIVO_DIAL_NONCE_MISSING);
  request.v3.nonce = "";
  assert_refused(&request, PLIVO_DIAL_NONCE_MISSING);
  request.v3.nonce = "1927.4650";
  assert_refused(&request, PLIVO_DIAL_NONCE_MALFORMED);
  request = smallest_post();
  request.v3.account = "not a signature";
  assert_refused(&request, PLIVO_DIAL_SIGNATURE_MALFORMED);
  request.v3.account = NULL;
  assert_refused(&request, PLIVO_DIAL_NO_SIGNATURE);
}

// Who can leave headers away must not choose the weaker version.
static void takes_version_2_only_where_that_was_said(void** state) {
  (void)state;
  plivo_dial_signed_request request = request_of_v2();
  request.accept_v2 = 0;
  assert_refused(&request, PLIVO_DIAL_NO_SIGNATURE);
  request.accept_v2 = 1;
  request.v3.account = kSignatureOfV2;
  request.v3.nonce = kNonceOfV2;
  assert_refused(&request, PLIVO_DIAL_SIGNATURE_MISMATCH);
}

static void says_which_cap_was_exceeded(void** state) {
  (void)state;
  char name[26 + 129 + 1] = "https://voice.example.com?";
  memset(name + 26, 'n', 129);
  const char* const tokens[] = {kToken};
  plivo_dial_signature_verdict verdict = {PLIVO_DIAL_NO_REFUSAL, 7, NULL};
  char* error = NULL;
  plivo_dial_signed_request request = smallest_post();
  request.url = name;
  assert_int_equal(plivo_dial_signature_check(&request, tokens, 1, &verdict, &error),
                   PLIVO_DIAL_BAD_INPUT);
  assert_non_null(strstr(error, "128"));
  assert_int_equal(verdict.token, 7);
  plivo_dial_string_free(error);
  request = smallest_post();
  request.body = name + 26;
  request.body_size = 129;
  assert_int_equal(check(&request, &verdict), PLIVO_DIAL_BAD_INPUT);
  assert_int_equal(verdict.token, 7);
}

static void has_a_sentence_for_each_refusal(void** state) {
  (void)state;
  for (int refusal = PLIVO_DIAL_NO_REFUSAL; refusal <= PLIVO_DIAL_SIGNATURE_MISMATCH; ++refusal) {
    assert_string_not_equal(plivo_dial_refusal_text((plivo_dial_refusal)refusal),
                            "unknown refusal");
  }
  assert_string_equal(plivo_dial_refusal_text((plivo_dial_refusal)6), "unknown refusal");
}

static void refuses_null_pointers(void** state) {
  (void)state;
  const char* const tokens[] = {kToken, NULL};
  plivo_dial_signed_request request = smallest_post();
  char* error = (char*)tokens;
  assert_int_equal(plivo_dial_signature_check(NULL, tokens, 1, NULL, &error),
                   PLIVO_DIAL_BAD_ARGUMENT);
  assert_null(error);
  assert_int_equal(plivo_dial_signature_check(&request, NULL, 1, NULL, NULL),
                   PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_signature_check(&request, tokens, 0, NULL, NULL),
                   PLIVO_DIAL_BAD_ARGUMENT);
  assert_int_equal(plivo_dial_signature_check(&request, tokens, 2, NULL, NULL),
                   PLIVO_DIAL_BAD_ARGUMENT);
  request.body = NULL;
  assert_int_equal(plivo_dial_signature_check(&request, tokens, 1, NULL, NULL),
                   PLIVO_DIAL_BAD_ARGUMENT);
  request = smallest_post();
  request.url = NULL;
  assert_int_equal(plivo_dial_signature_check(&request, tokens, 1, NULL, NULL),
                   PLIVO_DIAL_BAD_ARGUMENT);
}

int main(void) {
  const struct CMUnitTest signature[] = {
      cmocka_unit_test(trusts_what_plivo_signed),
      cmocka_unit_test(tells_which_header_was_right),
      cmocka_unit_test(tells_which_token_was_right),
      cmocka_unit_test(refuses_what_was_changed),
      cmocka_unit_test(tells_what_the_headers_lack),
      cmocka_unit_test(takes_version_2_only_where_that_was_said),
      cmocka_unit_test(says_which_cap_was_exceeded),
      cmocka_unit_test(has_a_sentence_for_each_refusal),
      cmocka_unit_test(refuses_null_pointers),
  };
  return cmocka_run_group_tests(signature, NULL, NULL);
}
