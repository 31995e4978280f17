// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/call_signature.h"

#include <random>

#include "lib/base/absolute_url.h"
#include "lib/signature/signature.h"

namespace plivo_dial::ctl {
namespace {

std::string without_user(std::string url) {
  const std::size_t authority = url.find("://") + 3;
  const std::size_t at = authority_of(url).rfind('@');
  if (at != std::string_view::npos) url.erase(authority, at + 1);
  return url;
}

}  // namespace

std::string random_nonce() {
  constexpr std::size_t kDigits = 20;
  std::random_device source;
  std::uniform_int_distribution<int> digit('0', '9');
  std::string nonce;
  while (nonce.size() < kDigits) nonce.push_back(static_cast<char>(digit(source)));
  return nonce;
}

std::vector<HttpHeader> signature_headers(const HttpRequest& dialled, const FormPairs& pairs,
                                          std::string_view nonce, std::string_view token) {
  // With GET the pairs are in the URL already.
  std::vector<Parameter> body;
  if (dialled.method == "POST") {
    for (const auto& [name, value] : pairs) body.push_back({name, value});
  }
  const std::string url = without_user(dialled.url);
  const std::string signature = sign(v3_string_to_sign(split_signed_url(url), body, nonce), token);
  return {{std::string(kV3HeaderNames.account), signature},
          {std::string(kV3HeaderNames.main_account), signature},
          {std::string(kV3HeaderNames.nonce), std::string(nonce)}};
}

}  // namespace plivo_dial::ctl
