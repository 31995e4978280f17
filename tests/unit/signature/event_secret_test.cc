// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/event_secret.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <string>
#include <vector>

namespace plivo_dial {
namespace {

constexpr std::string_view kSecret = "wR7-9:x+/=_q";
constexpr auto kRight = EventSecretVerdict::kRight;
constexpr auto kMissing = EventSecretVerdict::kMissing;
constexpr auto kWrong = EventSecretVerdict::kWrong;

std::string base64(std::string_view text) {
  std::vector<unsigned char> encoded((text.size() + 2) / 3 * 4 + 1);
  const int length =
      EVP_EncodeBlock(encoded.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

std::string basic(std::string_view user, std::string_view secret) {
  return "Basic " + base64(std::string(user) + ":" + std::string(secret));
}

EventSecretVerdict judge(std::string_view header) {
  return check_authorization(header, kSecret);
}

TEST(EventSecretTest, ABearerTokenIsTheSecret) {
  const std::string secret(kSecret);
  EXPECT_EQ(judge("Bearer " + secret), kRight);
  EXPECT_EQ(judge("bearer " + secret), kRight);
  EXPECT_EQ(judge("BEARER \t " + secret + "\t "), kRight);
  EXPECT_EQ(judge("  Bearer " + secret), kRight);
  EXPECT_EQ(judge("Bearer\t" + secret), kRight);
  for (const std::string& wrong :
       {"Bearer" + secret, "Bearer: " + secret, "Bearer \"" + secret + "\"", secret,
        "Bearer " + secret + ", Bearer " + secret, "Token " + secret, "Bearers " + secret,
        "Beare " + secret, " " + secret}) {
    EXPECT_EQ(judge(wrong), kWrong) << wrong;
  }
}

TEST(EventSecretTest, AnyUserOfBasicAuthenticationKnowsTheSecret) {
  for (const std::string_view user : {"", "plivo", "a user", "u\xc3\xa9", "x", "xy", "xyz"}) {
    EXPECT_EQ(judge(basic(user, kSecret)), kRight) << user;
    EXPECT_EQ(judge("bAsIc  " + base64(std::string(user) + ":" + std::string(kSecret)) + " "),
              kRight);
    EXPECT_EQ(judge(basic(user, "wrong")), kWrong) << user;
    EXPECT_EQ(judge(basic(user, "")), kWrong) << user;
    EXPECT_EQ(judge("Bearer " + base64(std::string(user) + ":" + std::string(kSecret))), kWrong);
  }
  EXPECT_EQ(judge(basic(std::string(10'000, 'u'), kSecret)), kRight);
  EXPECT_EQ(check_authorization(basic("u", std::string(4000, 's')), std::string(4000, 's')),
            kRight);
}

TEST(EventSecretTest, TheUserEndsAtTheFirstColon) {
  EXPECT_EQ(check_authorization(basic("u", "a:b"), "a:b"), kRight);
  EXPECT_EQ(check_authorization(basic("u", "a:b"), "b"), kWrong);
  EXPECT_EQ(check_authorization(basic("u", "::"), "::"), kRight);
  EXPECT_EQ(check_authorization(basic("", ":a"), ":a"), kRight);
  EXPECT_EQ(check_authorization("Basic " + base64("a"), "a"), kWrong) << "without a colon";
  EXPECT_EQ(check_authorization(basic("u", " a "), "a"), kWrong) << "nothing inside is trimmed";
}

TEST(EventSecretTest, Base64IsReadStrictly) {
  ASSERT_EQ(base64("u:s"), "dTpz");
  ASSERT_EQ(base64("u:ss"), "dTpzcw==");
  ASSERT_EQ(base64("u:sss"), "dTpzc3M=");
  EXPECT_EQ(check_authorization("Basic dTpzcw==", "ss"), kRight);
  EXPECT_EQ(check_authorization("Basic dTpzc3M=", "sss"), kRight);
  struct Case {
    std::string_view encoded, secret;
  };
  constexpr Case kCases[] = {
      {"dTpzcw", "ss"},           // no padding
      {"dTpzcw=", "ss"},          // half of it
      {"dTpzc3M", "sss"},         //
      {"dTpzcx==", "ss"},         // bits behind the last byte
      {"dTpzc3N=", "sss"},        //
      {"dTpz====", "s"},          // padding that pads nothing
      {"dTpz dTpz", "su:s"},      // blanks inside
      {"dT\npz", "s"},            //
      {"dTpzcw==\n", "ss"},       //
      {"dTpzcw==dTpz", "ssu:s"},  // padding in the middle
      {"dTpzcw==AAAA", "ss"},     //
      {"dTp-", "~"},              // the URL's alphabet
      {"dTpz\n\n\n\n", "s"},      // a block of white space
      {"====", "s"},              //
      {"=", "s"},                 //
      {"", "s"},                  //
      {"dTpz!", "s"},             //
      {"dTpz\x80\x80\x80\x80", "s"},
  };
  for (const Case& c : kCases) {
    const std::string header = "Basic " + std::string(c.encoded);
    EXPECT_EQ(check_authorization(header, c.secret), kWrong) << c.encoded;
  }
  const std::string with_nul = std::string("u:s\0t", 5);
  EXPECT_EQ(check_authorization("Basic " + base64(with_nul), "s"), kWrong);
  EXPECT_EQ(check_authorization("Basic " + base64(with_nul), std::string_view("s\0t", 3)), kRight);
}

TEST(EventSecretTest, AHeaderOfTheFlowsOwnIsTheSecretAsItIs) {
  EXPECT_EQ(check_secret_header(kSecret, kSecret), kRight);
  EXPECT_EQ(check_secret_header(" \t" + std::string(kSecret) + " \t", kSecret), kRight);
  EXPECT_EQ(check_secret_header("two  words", "two  words"), kRight);
  EXPECT_EQ(check_secret_header("two words", "two  words"), kWrong);
  EXPECT_EQ(check_secret_header("Bearer " + std::string(kSecret), kSecret), kWrong);
  EXPECT_EQ(check_secret_header("wr7-9:X+/=_Q", kSecret), kWrong) << "case counts";
}

TEST(EventSecretTest, AnythingLessOrMoreThanTheSecretIsWrong) {
  for (std::size_t i = 0; i < kSecret.size(); ++i) {
    std::string changed(kSecret);
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const std::string shorter(kSecret.substr(0, i));
    const std::string longer = std::string(kSecret) + std::string(i + 1, kSecret.back());
    for (const std::string& wrong : {changed, shorter, longer}) {
      EXPECT_NE(judge("Bearer " + wrong), kRight) << wrong;
      EXPECT_NE(judge(basic("u", wrong)), kRight) << wrong;
      EXPECT_NE(check_secret_header(wrong, kSecret), kRight) << wrong;
    }
  }
}

TEST(EventSecretTest, ThousandsOfOthersAreWrong) {
  for (int i = 0; i < 5000; ++i) {
    const std::string wrong = std::string(kSecret.substr(0, 8)) + std::to_string(i);
    EXPECT_EQ(judge("Bearer " + wrong), kWrong) << wrong;
    EXPECT_EQ(judge(basic("u", wrong)), kWrong) << wrong;
    EXPECT_EQ(check_secret_header(wrong, kSecret), kWrong) << wrong;
  }
}

TEST(EventSecretTest, WithoutAHeaderItIsMissing) {
  for (const std::string_view secret : {kSecret, std::string_view("")}) {
    EXPECT_EQ(check_authorization(std::nullopt, secret), kMissing);
    EXPECT_EQ(check_secret_header(std::nullopt, secret), kMissing);
    for (const std::string_view blank : {"", " ", "\t  "}) {
      EXPECT_EQ(check_authorization(blank, secret), kMissing);
      EXPECT_EQ(check_secret_header(blank, secret), kMissing);
    }
  }
  for (const std::string_view scheme : {"Bearer", "Bearer ", "Basic", "Basic  ", "Digest"}) {
    EXPECT_EQ(check_authorization(scheme, kSecret), kWrong) << scheme;
  }
}

TEST(EventSecretTest, AnEmptySecretIsNeverRight) {
  for (const std::string& header :
       {std::string("Bearer"), std::string("Bearer "), std::string("Basic "), basic("", ""),
        basic("u", ""), "Basic " + base64("u")}) {
    EXPECT_EQ(check_authorization(header, ""), kWrong) << header;
  }
  EXPECT_EQ(check_secret_header("x", ""), kWrong);
}

TEST(EventSecretTest, TheErrorQueueOfTheLibraryIsLeftAsItWas) {
  ERR_clear_error();
  const std::vector<std::string> headers = {basic("u", kSecret), "Basic !!!!",
                                            "Basic ====", "Basic dTpzcx==", "Bearer x"};
  for (const std::string& header : headers) (void)judge(header);
  EXPECT_EQ(ERR_peek_error(), 0ul);
  ERR_raise(ERR_LIB_USER, 42);
  for (const std::string& header : headers) (void)judge(header);
  EXPECT_EQ(ERR_GET_REASON(ERR_peek_error()), 42);
  EXPECT_EQ(ERR_pop_to_mark(), 0) << "a mark was left behind";
  EXPECT_EQ(ERR_get_error(), 0ul);
}

}  // namespace
}  // namespace plivo_dial
