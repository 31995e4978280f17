// SPDX-License-Identifier: Apache-2.0
//
// Signed requests of which one byte was changed: none may be accepted.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "lib/signature/signature.h"

namespace plivo_dial {
namespace {

// What a request consists of, in one array so that a mutation can pick any of it.
enum Part {
  kOriginPart,
  kPathPart,
  kQueryPart,
  kBodyPart,
  kNoncePart,
  kSignaturePart,
  kTokenPart,
  kPartCount
};
using SignedRequest = std::array<std::string, kPartCount>;

std::string target_of(const SignedRequest& request) {
  return request[kPathPart] + (request[kQueryPart].empty() ? "" : "?") + request[kQueryPart];
}

std::vector<std::pair<std::string, std::string>> sorted_copy(const Form& form) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Parameter& pair : sorted_pairs(form.parameters())) {
    pairs.emplace_back(pair.name, pair.value);
  }
  return pairs;
}

bool accepts(const SignedRequest& request) {
  const std::string target = target_of(request);
  const Form body = Form::decode(request[kBodyPart]).value();
  const std::vector<SigningAccount> accounts = {
      {"other", "a token of another account", "and its previous one"},
      {"main", "the current token", request[kTokenPart]}};
  return verify_v3({request[kOriginPart], target}, body.parameters(),
                   {request[kSignaturePart], std::nullopt, request[kNoncePart]}, accounts)
      .verified();
}

SignedRequest sign_request(SignedRequest request) {
  const Form body = Form::decode(request[kBodyPart]).value();
  const std::string target = target_of(request);
  request[kSignaturePart] = sign(
      v3_string_to_sign({request[kOriginPart], target}, body.parameters(), request[kNoncePart]),
      request[kTokenPart]);
  return request;
}

std::vector<SignedRequest> signed_requests() {
  const std::string nonce = "19274650183746550192";
  const std::string token = "N2JkYjE0ZmUtYWM0MC00ZTFiLThlM2UtZTAzMjQ1";
  return {
      sign_request({"https://pbx.example.com", "/dialstatus", "",
                    "CallUUID=6f1d4a92-3b77-4d0e-9f2a&CallerName=Jos%C3%A9+M&From=%2B14155550111"
                    "&To=14155550100",
                    nonce, "", token}),
      sign_request({"https://pbx.example.com:8443/prefix", "/dialstatus/action",
                    "stage=2&tenant=a%26b", "DialBLegUUID=&DialStatus=no-answer&To=14155550100",
                    nonce, "", token}),
      sign_request({"https://pbx.example.com", "/", "CallUUID=6f1d&Event=DialAnswer&x=%3D", "",
                    nonce, "", token}),
  };
}

// "%2b" for "%2B" or ' ' for '+' is the same request in other bytes, and rightly accepted.
bool says_the_same(const SignedRequest& a, const SignedRequest& b, int part) {
  if (part != kQueryPart && part != kBodyPart) return a == b;
  const auto index = static_cast<std::size_t>(part);
  return sorted_copy(Form::decode(a[index]).value()) == sorted_copy(Form::decode(b[index]).value());
}

TEST(SignatureMutationTest, NoChangedByteIsAccepted) {
  const std::vector<SignedRequest> requests = signed_requests();
  for (const SignedRequest& request : requests) ASSERT_TRUE(accepts(request));

  std::mt19937 random(20261123);  // NOLINT: the same mutations in every run
  constexpr int kMutations = 10'000;
  std::array<int, kPartCount> tried{};
  for (int done = 0; done < kMutations;) {
    SignedRequest mutated = requests[random() % requests.size()];
    const SignedRequest original = mutated;
    const int part = static_cast<int>(random() % kPartCount);
    std::string& bytes = mutated[static_cast<std::size_t>(part)];
    if (bytes.empty()) continue;
    const std::size_t position = random() % bytes.size();
    bytes[position] = static_cast<char>(random() % 256);
    if (says_the_same(original, mutated, part)) continue;
    ++done;
    ++tried[static_cast<std::size_t>(part)];
    ASSERT_FALSE(accepts(mutated)) << "part " << part << ", byte " << position << " is now "
                                   << static_cast<int>(static_cast<unsigned char>(bytes[position]));
  }
  for (const int count : tried) EXPECT_GT(count, 500);
}

}  // namespace
}  // namespace plivo_dial
