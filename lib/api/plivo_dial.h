// File: lib/api/plivo_dial.h
//
// A small C face of the library: decode a form, check a signature, read a webhook or the line of an
// event, explain a hangup cause, normalise a status. Use it from programs written in C, or in
// whatever calls C; it is installed as plivo_dial.h, with a static library that pkg-config knows as
// plivo-dial. C++ code of this project uses lib/ itself.
//
// Rules for all functions. No C++ exception leaves them. Each returns a plivo_dial_code, and writes
// its results only when that is PLIVO_DIAL_OK; a null pointer where one is not allowed gives
// PLIVO_DIAL_BAD_ARGUMENT. A handle belongs to the caller, who frees it with the function named;
// freeing null does nothing. Texts and strings that are read from a handle belong to it and live as
// long. Nothing here has global state: threads may work on different handles at once, and read one
// handle together.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum plivo_dial_code {
  PLIVO_DIAL_OK = 0,
  PLIVO_DIAL_BAD_ARGUMENT = 1,   // the caller's mistake: a null pointer, an index out of range
  PLIVO_DIAL_BAD_INPUT = 2,      // the data is not acceptable; `error` says why
  PLIVO_DIAL_NOT_FOUND = 3,      // nothing of that name or code
  PLIVO_DIAL_OUT_OF_MEMORY = 4,  // nothing was changed
  PLIVO_DIAL_INTERNAL = 5,       // a bug of the library, or a callback that threw
  PLIVO_DIAL_NOT_TRUSTED = 6     // the request is not shown to be Plivo's
} plivo_dial_code;

// A sentence about `code`, never null; a constant.
const char* plivo_dial_code_text(plivo_dial_code code);

// `size` bytes at `data`, not terminated, any bytes. `data` is null for "absent", which is not the
// same as an empty text.
typedef struct plivo_dial_text {
  const char* data;
  size_t size;
} plivo_dial_text;

// Frees a string that one of the functions below allocated.
void plivo_dial_string_free(char* string);

// ---- Forms -------------------------------------------------------------------------------------

// The pairs of a body or query, in the order in which they came.
typedef struct plivo_dial_form plivo_dial_form;

// Decodes `size` bytes of application/x-www-form-urlencoded at `encoded`, which may be null when
// `size` is 0. PLIVO_DIAL_BAD_INPUT when a cap is exceeded (200 pairs, names of 128 bytes, values
// of 8192). `error` may be null; else it receives null or, with PLIVO_DIAL_BAD_INPUT, a sentence to
// be freed with plivo_dial_string_free. Free the form with plivo_dial_form_free.
plivo_dial_code plivo_dial_form_decode(const char* encoded, size_t size, plivo_dial_form** form,
                                       char** error);
void plivo_dial_form_free(plivo_dial_form* form);

// The number of pairs; 0 for null.
size_t plivo_dial_form_size(const plivo_dial_form* form);

// The pair at `index`, from 0.
plivo_dial_code plivo_dial_form_pair(const plivo_dial_form* form, size_t index,
                                     plivo_dial_text* name, plivo_dial_text* value);

// The value of the first pair called `name` (case-sensitive), or PLIVO_DIAL_NOT_FOUND.
plivo_dial_code plivo_dial_form_find(const plivo_dial_form* form, const char* name,
                                     plivo_dial_text* value);

// Called with one pair and the caller's `context`. Non-zero ends the walk.
typedef int (*plivo_dial_pair_callback)(plivo_dial_text name, plivo_dial_text value, void* context);

// Calls `callback` for each pair in order, until it returns non-zero. `last_result` may be null;
// else it receives what the last call returned, or 0 when there was none. The callback may leave
// by longjmp.
plivo_dial_code plivo_dial_for_each_pair(const plivo_dial_form* form,
                                         plivo_dial_pair_callback callback, void* context,
                                         int* last_result);

// ---- Signatures --------------------------------------------------------------------------------

// The headers of one version of signatures, each as a terminated string; null where the request has
// none. A header that came more than once is one string, joined by commas.
typedef struct plivo_dial_signature_headers {
  const char* account;       // X-Plivo-Signature-V3        X-Plivo-Signature-V2
  const char* main_account;  // X-Plivo-Signature-Ma-V3     X-Plivo-Signature-Ma-V2
  const char* nonce;         // X-Plivo-Signature-V3-Nonce  X-Plivo-Signature-V2-Nonce
} plivo_dial_signature_headers;

// A request as it came. Set it to zero first: what is zero is absent.
typedef struct plivo_dial_signed_request {
  // The whole URL as it stands at Plivo: its scheme, host and port, not those that a proxy makes of
  // them, then path and query as they came, byte for byte. A fragment does not count.
  const char* url;
  // The body of a POST, urlencoded, `body_size` bytes; null for a GET, whose pairs are in the URL.
  // There is no method: what is in a body has to be signed.
  const char* body;
  size_t body_size;
  plivo_dial_signature_headers v3;
  // Not looked at unless `accept_v2` is not zero and the request has no signature of version 3.
  // Version 2 covers neither body nor query: whoever sees one request can send others.
  plivo_dial_signature_headers v2;
  int accept_v2;
} plivo_dial_signed_request;

// Why a request is not trusted.
typedef enum plivo_dial_refusal {
  PLIVO_DIAL_NO_REFUSAL = 0,           // it is
  PLIVO_DIAL_NO_SIGNATURE = 1,         // neither header of a signature is there
  PLIVO_DIAL_NONCE_MISSING = 2,        // absent or empty
  PLIVO_DIAL_NONCE_MALFORMED = 3,      // too long, or of other characters than Plivo's
  PLIVO_DIAL_SIGNATURE_MALFORMED = 4,  // no header has what could be a signature, or too many
  PLIVO_DIAL_SIGNATURE_MISMATCH = 5    // none fits: another URL, another token, another body
} plivo_dial_refusal;

// A sentence about `refusal`, never null; a constant.
const char* plivo_dial_refusal_text(plivo_dial_refusal refusal);

// What the check of a signature found.
typedef struct plivo_dial_signature_verdict {
  plivo_dial_refusal refusal;
  size_t token;             // the index of the one that fits; 0 when none does
  const char* verified_by;  // "V3", "Ma-V3", "V2" or "Ma-V2", as events have it; "" for none
} plivo_dial_signature_verdict;

// Whether Plivo signed `request`, by one of the `count` Auth Tokens at `tokens`: terminated
// strings, without line feed, of several accounts or the new and the old one of an account. An
// empty token never fits; a null one, or none at all, is PLIVO_DIAL_BAD_ARGUMENT. PLIVO_DIAL_OK is
// given to a trusted request and to no other. `verdict` may be null; else it is written with
// PLIVO_DIAL_OK and with PLIVO_DIAL_NOT_TRUSTED. A query or a body over the caps of forms is
// PLIVO_DIAL_BAD_INPUT, with `error` as above. All tokens are compared, in constant time; nothing
// is kept.
plivo_dial_code plivo_dial_signature_check(const plivo_dial_signed_request* request,
                                           const char* const* tokens, size_t count,
                                           plivo_dial_signature_verdict* verdict, char** error);

// ---- Webhooks ----------------------------------------------------------------------------------

// One request of Plivo's, read.
typedef struct plivo_dial_webhook plivo_dial_webhook;

// Reads the request that arrived at the endpoint called `endpoint` ("answer", "action", "callback",
// "ring", "hangup", "fallback", "confirm", "music", "recording", "event") with the pairs of its query
// and its body, both encoded; either may be null when its size is 0. An unknown endpoint and a form
// over its caps are PLIVO_DIAL_BAD_INPUT, with `error` as above. The bytes are copied. Free with
// plivo_dial_webhook_free.
plivo_dial_code plivo_dial_webhook_read(const char* endpoint, const char* query, size_t query_size,
                                        const char* body, size_t body_size,
                                        plivo_dial_webhook** webhook, char** error);
void plivo_dial_webhook_free(plivo_dial_webhook* webhook);

// What a webhook says. The strings are constants, "" where the word is not known or was not sent.
typedef struct plivo_dial_webhook_summary {
  const char* endpoint;     // after classification: "hangup", although it came to "answer"
  const char* event;        // "dial.result", ...
  const char* call_status;  // normalised: "no-answer"
  const char* dial_status;  // normalised
  plivo_dial_text call;     // DialALegUUID, else CallUUID; absent when there is neither
  int stage;                // 1-based; 0 when the URL has one that is no number from 1 to 999
} plivo_dial_webhook_summary;

plivo_dial_code plivo_dial_webhook_summarize(const plivo_dial_webhook* webhook,
                                             plivo_dial_webhook_summary* summary);

// The first value of `name` (case-sensitive), in the body or else the query.
plivo_dial_code plivo_dial_webhook_find(const plivo_dial_webhook* webhook, const char* name,
                                        plivo_dial_text* value);

// ---- Events ------------------------------------------------------------------------------------

// One event of mod_plivo_dial, read from its JSON.
typedef struct plivo_dial_event plivo_dial_event;

// Reads `size` bytes at `line`: a line of what a sink writes into a file or gives to a program, its
// line feed or not. Fields of later versions are passed over. PLIVO_DIAL_BAD_INPUT when it is no
// such object or a field is missing or of the wrong type, also for a line of syslog that was cut
// ("truncated"); `error` as above. Free with plivo_dial_event_free.
plivo_dial_code plivo_dial_event_read(const char* line, size_t size, plivo_dial_event** event,
                                      char** error);
void plivo_dial_event_free(plivo_dial_event* event);

// The number of fields; 0 for null. They are those of plivo-events(7), in its order, without `v`
// and `params`; one that is not in the line, or is null there, is not among them. Numbers are
// decimal, flags "true" or "false".
size_t plivo_dial_event_size(const plivo_dial_event* event);

// The field at `index`, from 0.
plivo_dial_code plivo_dial_event_field(const plivo_dial_event* event, size_t index,
                                       plivo_dial_text* name, plivo_dial_text* value);

// The value of the field called `name` ("dial_status"), or PLIVO_DIAL_NOT_FOUND.
plivo_dial_code plivo_dial_event_find(const plivo_dial_event* event, const char* name,
                                      plivo_dial_text* value);

// `params`: the pairs of the request, their very bytes, those of one name next to each other. The
// form belongs to the event; null for null.
const plivo_dial_form* plivo_dial_event_params(const plivo_dial_event* event);

// ---- Vocabulary --------------------------------------------------------------------------------

// One row of Plivo's table of numeric hangup causes; all strings are constants.
typedef struct plivo_dial_hangup_cause {
  int code;
  const char* name;     // "Busy Line"
  const char* side;     // "normal", "caller", "callee", "carrier", "plivo" or "operator"
  const char* meaning;  // one sentence
  const char* remedy;   // what the operator does; "" when there is nothing to do
} plivo_dial_hangup_cause;

// The row of `code`, or PLIVO_DIAL_NOT_FOUND.
plivo_dial_code plivo_dial_hangup_cause_find(int code, plivo_dial_hangup_cause* cause);

// Plivo's spelling of the dial status `text` ("No Answer" gives "no-answer"), a constant, or
// PLIVO_DIAL_NOT_FOUND.
plivo_dial_code plivo_dial_normalize_dial_status(const char* text, const char** word);

// ---- Documents ---------------------------------------------------------------------------------

// `size` bytes at `text` as the text of a Plivo document may hold them: UTF-8 and only characters
// of XML 1.0, all else replaced by U+FFFD. Markup is not escaped; the writer of the document does
// that. `xml` receives a terminated string to be freed with plivo_dial_string_free.
plivo_dial_code plivo_dial_xml_text(const char* text, size_t size, char** xml);

#ifdef __cplusplus
}
#endif
