// File: mod_plivo_dial/ctl/call/reply_check.h
//
// Whether Plivo would accept a reply. Source: Plivo docs voice/troubleshooting/hangup-causes and
// call-failures, voice/xml/request; where they are silent (redirects), the strict reading.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "mod_plivo_dial/ctl/call/call_record.h"
#include "mod_plivo_dial/ctl/call/document_reader.h"
#include "mod_plivo_dial/ctl/http/http_client.h"

namespace plivo_dial::ctl {

// Why a reply is refused. An unreachable server gives the causes 701x, a bad document 801x.
struct Refusal {
  bool unreachable = false;
  std::string text;    // what was wrong
  std::string remedy;  // what to do; "" when the text says it
};

// Judges the reply to a notice (callbackUrl, hangup and the like): any 2xx will do. `signed_url` is
// what the request's signature is over, "" when it had none: the remedy for a 403 depends on it.
std::optional<Refusal> check_notice_reply(const HttpResponse& response,
                                          std::string_view signed_url);

// Judges a reply that must be a document, and reads it.
std::variant<Document, Refusal> check_document_reply(const HttpResponse& response,
                                                     std::string_view signed_url);

// The code with which the call ends when the reply to `purpose` is refused, or 0 when it goes on.
int refusal_code(Purpose purpose, bool unreachable);

}  // namespace plivo_dial::ctl
