// File: mod_plivo_dial/ctl/doctor_probe.h
//
// Requests that find out who answers at a URL, and make no event: a PATCH, which mod_plivo_dial
// refuses in a way of its own, and a signed webhook without CallUUID, which it refuses with 400
// when the signature is right. That one also asks the process that serves it to try the spool,
// and gets 503 with the reason when it can't be written.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "mod_plivo_dial/ctl/doctor_report.h"
#include "mod_plivo_dial/ctl/http_client.h"
#include "mod_plivo_dial/ctl/reply_head.h"

namespace plivo_dial::ctl {

// Where a request goes.
struct ProbeTarget {
  std::string url;         // what is requested: https://pbx.example.com/dialstatus
  std::string connect_to;  // host:port to connect to in place of the URL's; "" for the URL's own
  bool any_certificate = false;  // on the machine itself, where names need not fit
};

struct ProbeReply : ReplyHead {
  std::string body;      // the first bytes
  std::string error;     // a sentence with its remedy, when no reply came
  bool refused = false;  // nobody listens there
};

// Sends `method` with an empty body and `headers`, for at most ten seconds; follows no redirect and
// goes through no proxy.
ProbeReply probe(const ProbeTarget& target, const std::string& method,
                 const std::vector<HttpHeader>& headers);

// How a Location answers.
struct LocationReplies {
  ProbeReply unknown_method;
  bool signed_was_sent = false;
  ProbeReply signed_webhook;
};

// What to say of it. Pure. `if_signature_is_refused` ends the sentence about a refused signature.
Finding judge_location(const std::string& check, const std::string& url,
                       const LocationReplies& replies, std::string_view if_signature_is_refused);

// Asks a Location. `token` is that of its account, and `dialled` the URL that is signed; without a
// token only the first request is sent.
Result<LocationReplies> ask_location(const ProbeTarget& target, const std::string& dialled,
                                     std::string_view token);

}  // namespace plivo_dial::ctl
