// File: mod_plivo_dial/request/reply.h
//
// The ways in which a request ends. All of them send the whole reply in one piece, and none shows
// a byte of what came in.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mod_plivo_dial/httpd_api.h"
#include "mod_plivo_dial/request/refusal.h"

namespace plivo_dial {

// 200 with a Plivo document; `document` must live as long as r->pool or longer.
int reply_document(request_rec* r, std::string_view document);

// 200 with an empty body.
int reply_empty(request_rec* r);

// Sends an HTTP status of 400 or more, with its name as the body. A status that is handed to httpd
// ends in ErrorDocument, which can make a redirect of it that Plivo does not follow, or repeat.
int reply_error(request_rec* r, int status);

// 503, and when to come back: the status for reply_error().
int reply_unavailable(request_rec* r);

// Ends a request that goes no further: logs why, as far as the bounds allow, sets the note
// plivo_refusal, and gives the status for reply_error(), or AP_FILTER_ERROR where httpd has
// answered already.
int end_request(request_rec* r, const Refusal& refusal);

}  // namespace plivo_dial
