// SPDX-License-Identifier: Apache-2.0
//
// Input: five lines: URL, encoded body, nonce, token, and the rest as the signature header.
#include <openssl/err.h>

#include <limits>
#include <string>
#include <vector>

#include "lib/signature/signature.h"
#include "tests/fuzz/fuzz_target.h"

using namespace plivo_dial;  // NOLINT: a target is one file
using plivo_dial::test::require;
using plivo_dial::test::take_line;

namespace {

constexpr auto kUnlimited = std::numeric_limits<std::size_t>::max();

void check_string(const SignedUrl& url, std::span<const Parameter> body, std::string_view nonce,
                  const std::string& text) {
  const std::string_view path = url.target.substr(0, url.target.find_first_of("?#"));
  const std::string base = std::string(url.origin) + std::string(path);
  require(text.starts_with(base), "the string begins with the URL as it is");
  require(text.ends_with("." + std::string(nonce)), "and ends with the nonce");
  std::vector<Parameter> reversed(body.rbegin(), body.rend());
  require(v3_string_to_sign(url, reversed, nonce) == text, "the order of pairs does not matter");
  require(v2_string_to_sign(url, nonce) == base + std::string(nonce), "V2 is URL and nonce");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = plivo_dial::test::text_of(data, size);
  const std::string_view whole = take_line(rest);
  const Form body = Form::decode(take_line(rest), {kUnlimited, kUnlimited, kUnlimited}).value();
  const std::string_view nonce = take_line(rest);
  const std::string_view token = take_line(rest);
  const SignedUrl url = split_signed_url(whole);
  const std::string text = v3_string_to_sign(url, body.parameters(), nonce);
  check_string(url, body.parameters(), nonce, text);

  const std::string signature = sign(text, token);
  const std::vector<SigningAccount> accounts = {{"other", "another token", ""}, {"a", "", token}};
  const bool verifiable =
      is_valid_nonce(nonce, false) && !token.empty() && token != "another token";
  const auto own = verify_v3(url, body.parameters(), {signature, std::nullopt, nonce}, accounts);
  require(!verifiable || own.verified(), "what was signed is accepted");
  require(is_valid_nonce(nonce, false) || !own.verified(), "never with a malformed nonce");
  require(!token.empty() || !own.verified(), "never by an empty token");

  const auto claimed = verify_v3(url, body.parameters(), {rest, rest, nonce}, accounts);
  const bool slash = url.target.substr(0, url.target.find_first_of("?#")) == "/";
  // A header of anybody's making is accepted only when it holds that very signature.
  require(!claimed.verified() || slash || rest.find(signature) != std::string_view::npos ||
              rest.find(sign(text, "another token")) != std::string_view::npos,
          "a header without the signature is refused");
  require(ERR_peek_error() == 0, "libcrypto's error queue is clean");
  return 0;
}
