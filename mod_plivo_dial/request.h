// File: mod_plivo_dial/request.h
//
// From httpd's request to pairs: method, headers, body within its cap, decoded form. Use it at the
// start of the handler; what it refuses, it refuses with the status that Plivo is to see.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "lib/webhook/webhook.h"
#include "mod_plivo_dial/answer_book.h"
#include "mod_plivo_dial/config.h"
#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// Everything that one request needs until its event is written; lives as long as r->pool.
struct RequestState {
  RequestParameters parameters;
  Webhook webhook;
  std::int64_t received_us = 0;
  const ResolvedPlan* plan = nullptr;  // of the books, or &own_plan
  ResolvedPlan own_plan;               // where no book has it
  bool plan_is_certain = false;        // the plan may be named in the event
  std::string document;                // buffer of a document that was not prepared
  bool event_behind_reply = false;     // its event is still to be written
};

// Why a request is refused: the HTTP status, and the reason for the error log with its stable id.
struct Refusal {
  int status;
  const char* id;      // "PD0401"
  std::string reason;  // never holds a byte of the request's values
};

// 405 for everything but GET and POST.
bool method_allowed(const request_rec* r);

// Reads and decodes query and body into `parameters`. Fails with 413, 415 or 400.
Result<void> read_parameters(request_rec* r, apr_off_t max_body, RequestParameters& parameters,
                             Refusal& refusal);

// The path that decides about the endpoint: decoded, double slashes folded.
const char* endpoint_path(request_rec* r);

}  // namespace plivo_dial
