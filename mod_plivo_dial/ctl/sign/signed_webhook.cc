// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/sign/signed_webhook.h"

#include <limits>
#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/form/form.h"
#include "lib/signature/signature.h"
#include "mod_plivo_dial/ctl/call/call_signature.h"
#include "mod_plivo_dial/ctl/url_option.h"

namespace plivo_dial::ctl {
namespace {

Result<void> check_method(const UnsignedWebhook& webhook) {
  if (webhook.method != "POST" && webhook.method != "GET") {
    return Error{"the method " + in_quotes(webhook.method) + " is neither POST nor GET"};
  }
  if (webhook.method == "GET" && !webhook.body.empty()) {
    return Error{
        "a GET has no body: Plivo puts all its parameters into the query; write them into the URL, "
        "or sign a POST"};
  }
  return {};
}

Result<void> check_nonce(std::string_view nonce, bool v2) {
  if (nonce.empty() || is_valid_nonce(nonce, v2)) return {};
  return Error{"the nonce " + in_quotes(nonce) +
               " is none that mod_plivo_dial takes: use at most " + std::to_string(kMaxNonceBytes) +
               (v2 ? " digits" : " letters, digits, '-' and '_'") + ", such as 20 digits"};
}

std::string make_signature(const HttpRequest& request, std::string_view nonce, bool v2,
                           std::string_view token) {
  const SignedUrl url = split_signed_url(request.url);
  if (v2) return sign(v2_string_to_sign(url, nonce), token);
  constexpr auto kUnlimited = std::numeric_limits<std::size_t>::max();
  // Without limits decoding can't fail.
  const Form form = Form::decode(request.body, {kUnlimited, kUnlimited, kUnlimited}).value();
  return sign(v3_string_to_sign(url, form.parameters(), nonce), token);
}

std::string shell_quoted(std::string_view word) {
  std::string quoted_word = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted_word += "'\\''";
    } else {
      quoted_word.push_back(c);
    }
  }
  return quoted_word + "'";
}

}  // namespace

Result<SignedWebhook> sign_webhook(const UnsignedWebhook& webhook, const SignatureChoice& choice,
                                   std::string_view token) {
  if (Result<void> checked = check_method(webhook); !checked) return checked.error();
  if (Result<void> checked = check_nonce(webhook.nonce, choice.v2); !checked)
    return checked.error();
  Result<std::string> url = signable_url(webhook.url);
  if (!url) return url.error();

  const SignatureHeaderNames& names = choice.v2 ? kV2HeaderNames : kV3HeaderNames;
  const std::string nonce = webhook.nonce.empty() ? random_nonce() : webhook.nonce;
  SignedWebhook made;
  made.request = {webhook.method, std::move(url).value(), webhook.body};
  made.request.headers = {{std::string(choice.main_account ? names.main_account : names.account),
                           make_signature(made.request, nonce, choice.v2, token)},
                          {std::string(names.nonce), nonce}};
  return made;
}

std::string header_lines(const SignedWebhook& webhook) {
  std::string lines;
  for (const HttpHeader& header : webhook.request.headers) {
    lines.append(header.name).append(": ").append(header.value).append("\n");
  }
  return lines;
}

Result<std::string> curl_line(const SignedWebhook& webhook) {
  const HttpRequest& request = webhook.request;
  if (request.body.find('\0') != std::string::npos) {
    return Error{"the body holds a NUL byte, which no command line can: write it as %00"};
  }
  // curl would expand brackets and remove dot segments, and another URL was signed.
  std::string line = "curl --globoff --path-as-is";
  for (const HttpHeader& header : request.headers) {
    line += " --header " + shell_quoted(header.name + ": " + header.value);
  }
  if (request.method == "POST") line += " --data-raw " + shell_quoted(request.body);
  return line + " " + shell_quoted(request.url) + "\n";
}

}  // namespace plivo_dial::ctl
