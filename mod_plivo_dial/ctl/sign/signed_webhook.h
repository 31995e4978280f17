// File: mod_plivo_dial/ctl/sign/signed_webhook.h
//
// One request signed as Plivo would sign it, and the ways to write the result down.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "mod_plivo_dial/ctl/http/http_client.h"

namespace plivo_dial::ctl {

// What is to be signed. With GET there is no body: all parameters are in the URL's query.
struct UnsignedWebhook {
  std::string method = "POST";
  std::string url;
  std::string body;   // application/x-www-form-urlencoded
  std::string nonce;  // "" for a random one
};

// Which of Plivo's signatures.
struct SignatureChoice {
  bool v2 = false;
  bool main_account = false;  // the Ma header instead of the account's own
};

struct SignedWebhook {
  HttpRequest request;  // its headers are the signature and the nonce, in this order
  std::string_view signature() const { return request.headers[0].value; }
  std::string_view nonce() const { return request.headers[1].value; }
};

// Signs `webhook` with `token`. The error names what is wrong with method, URL, body or nonce.
Result<SignedWebhook> sign_webhook(const UnsignedWebhook& webhook, const SignatureChoice& choice,
                                   std::string_view token);

// "Name: value" lines, as curl's --header @FILE takes them.
std::string header_lines(const SignedWebhook& webhook);

// A command line of curl that sends the request, each word quoted for the shell. Fails when the
// body has a NUL byte, which no command line can hold.
Result<std::string> curl_line(const SignedWebhook& webhook);

}  // namespace plivo_dial::ctl
