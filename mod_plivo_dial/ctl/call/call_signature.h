// File: mod_plivo_dial/ctl/call/call_signature.h
//
// The headers by which Plivo proves that a request is its own. Use it for every request of a played
// call that has a token.
// Source: Plivo docs voice/concepts/signature-validation; the nonce's form from captured requests.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mod_plivo_dial/ctl/call/call_script.h"
#include "mod_plivo_dial/ctl/http/form_request.h"
#include "mod_plivo_dial/ctl/http/http_client.h"

namespace plivo_dial::ctl {

// 20 decimal digits from the system's source of randomness; Plivo's nonces look so.
std::string random_nonce();

// The three V3 headers of `dialled`, whose URL is the one that Plivo dials, wherever the request is
// then sent. `pairs` are those that make_request() was given. The account's and the main account's
// signature are both made with `token`: to the server a played call belongs to the main account.
// A user name in the URL is not signed; most of Plivo's SDKs agree on that.
std::vector<HttpHeader> signature_headers(const HttpRequest& dialled, const FormPairs& pairs,
                                          std::string_view nonce, std::string_view token);

}  // namespace plivo_dial::ctl
