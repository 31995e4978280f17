// SPDX-License-Identifier: Apache-2.0
//
// Every vector of tests/data/signature-vectors.json: signatures that Plivo's own SDK made, and ones
// that it refuses.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "lib/signature/signature.h"

namespace plivo_dial {
namespace {

using nlohmann::json;

std::string text_of(const json& vector, const char* field) {
  return vector.at(field).get<std::string>();
}

json read_vectors() {
  std::ifstream file(PLIVO_SIGNATURE_VECTORS_FILE);
  return json::parse(file);
}

std::string form_of(const json& parameters) {
  std::string form;
  for (const auto& [name, value] : parameters.items()) {
    const json values = value.is_array() ? value : json::array({value});
    for (const json& one : values) append_form_pair(name, one.get<std::string>(), form);
  }
  return form;
}

// A vector as it would arrive: URL and encoded body.
struct WireRequest {
  std::string url;
  std::string body;
};

WireRequest wire_request(const json& vector) {
  WireRequest request{text_of(vector, "url"), ""};
  const std::string location = text_of(vector, "param_location");
  const std::string form = form_of(vector.at("params"));
  if (location == "form-body" || location == "ignored") {
    request.body = form;
  } else if (location == "sdk-argument") {
    // The SDK was given as an argument what Plivo puts into the query.
    request.url += (request.url.find('?') == std::string::npos ? "?" : "&") + form;
  } else {
    EXPECT_EQ(location, "query-in-url");
    EXPECT_TRUE(form.empty());
  }
  return request;
}

TEST(SignatureVectorsTest, EachGetsItsVerdict) {
  int accepted = 0;
  int refused = 0;
  for (const json& vector : read_vectors()) {
    SCOPED_TRACE(text_of(vector, "id"));
    const WireRequest request = wire_request(vector);
    const std::string nonce = text_of(vector, "nonce");
    const std::string signature = text_of(vector, "signature");
    const std::string token = text_of(vector, "auth_token");
    const bool v2 = text_of(vector, "version") == "V2";

    const Form body = Form::decode(request.body).value();
    const SignedUrl url = split_signed_url(request.url);
    const SignatureHeaders headers{signature, std::nullopt, nonce};
    const std::vector<SigningAccount> accounts = {{"main", token, ""}};
    const SignatureVerdict verdict = v2 ? verify_v2(url, headers, accounts)
                                        : verify_v3(url, body.parameters(), headers, accounts);
    EXPECT_EQ(verdict.verified(), vector.at("valid").get<bool>());
    ++(verdict.verified() ? accepted : refused);

    if (vector.contains("string_to_sign")) {
      const std::string expected = text_of(vector, "string_to_sign");
      EXPECT_EQ(
          v2 ? v2_string_to_sign(url, nonce) : v3_string_to_sign(url, body.parameters(), nonce),
          expected);
      EXPECT_EQ(sign(expected, token), signature);
    }
    // The same by the other header, and never by the other version's string.
    const SignatureHeaders main_only{std::nullopt, signature, nonce};
    EXPECT_EQ((v2 ? verify_v2(url, main_only, accounts)
                  : verify_v3(url, body.parameters(), main_only, accounts))
                  .verified(),
              verdict.verified());
    EXPECT_FALSE((v2 ? verify_v3(url, body.parameters(), headers, accounts)
                     : verify_v2(url, headers, accounts))
                     .verified() &&
                 verdict.verified());
  }
  EXPECT_EQ(accepted, 54);
  EXPECT_EQ(refused, 17);
}

constexpr std::string_view kGoldenToken = "MjExampleToken0000000000000000000000000";
constexpr std::string_view kGoldenNonce = "12345678901234567890";
constexpr std::string_view kGoldenBody =
    "CallUUID=6f1d4a92-3b77-4d0e-9f2a-1c8b5e7d0431&From=14155550111&To=14155550100";

struct Golden {
  std::string_view url;
  std::string_view body;
  std::string_view string_without_nonce;
  std::string_view signature;
};

constexpr Golden kGolden[] = {
    {"https://www.example.com/plivo/answer", kGoldenBody,
     "https://www.example.com/plivo/answer?CallUUID6f1d4a92-3b77-4d0e-9f2a-1c8b5e7d0431"
     "From14155550111To14155550100",
     "m2nvxRubBKaipFS6OheewXlzZVMSxORswRV5I7HpP4Q="},
    {"https://www.example.com/plivo/action?step=2&did=%2B14155550100", kGoldenBody,
     "https://www.example.com/plivo/action?did=+14155550100&step=2."
     "CallUUID6f1d4a92-3b77-4d0e-9f2a-1c8b5e7d0431From14155550111To14155550100",
     "hez27nIz2EZMXLOioWoHSFx11Yiv7E46Zn5d7qagdo8="},
    {"https://www.example.com/plivo/action?step=2", "",
     "https://www.example.com/plivo/action?step=2", "isTxImW+cmt5YWE0Rsj5Qr1v3sKXxrvDBIG2O8wU0vM="},
    {"https://www.example.com/plivo/answer", "", "https://www.example.com/plivo/answer",
     "N1OwU4CHZ+Kl6PcUb7K3lIjrm6CAXkgCoFF1tQQnmHY="},
    {"https://www.example.com/plivo/answer?To=14155550100&From=14155550111&CallUUID=6f1d", "",
     "https://www.example.com/plivo/answer?CallUUID=6f1d&From=14155550111&To=14155550100",
     "Cciv+aD5uL9sk44zj83tAP9iyJmeJuWPeb4DKaqdFpc="},
};

TEST(SignatureVectorsTest, GoldenStringsOfThePythonSdk) {
  for (const Golden& golden : kGolden) {
    SCOPED_TRACE(golden.url);
    const Form body = Form::decode(golden.body).value();
    const SignedUrl url = split_signed_url(golden.url);
    const std::string expected =
        std::string(golden.string_without_nonce) + "." + std::string(kGoldenNonce);
    EXPECT_EQ(v3_string_to_sign(url, body.parameters(), kGoldenNonce), expected);
    EXPECT_EQ(sign(expected, kGoldenToken), golden.signature);
    const std::vector<SigningAccount> accounts = {{"main", kGoldenToken, ""}};
    EXPECT_TRUE(
        verify_v3(url, body.parameters(), {golden.signature, std::nullopt, kGoldenNonce}, accounts)
            .verified());
  }
}

}  // namespace
}  // namespace plivo_dial
