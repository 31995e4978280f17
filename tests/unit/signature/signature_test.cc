// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/signature.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <string>
#include <vector>

#include "lib/signature/signature_diagnosis.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kTestNonce = "19274650183746550192";
constexpr SignedUrl kTestUrl = {"https://pbx.example.com", "/dialstatus?stage=2"};
constexpr Parameter kBody[] = {{"To", "14155550100"}, {"From", "14155550111"}};

const std::vector<SigningAccount>& accounts() {
  static const std::vector<SigningAccount> kAccounts = {{"main", "main-current", "main-previous"},
                                                        {"sub", "sub-current", ""}};
  return kAccounts;
}

std::string signature_by(std::string_view token, const SignedUrl& url = kTestUrl) {
  return sign(v3_string_to_sign(url, kBody, kTestNonce), token);
}

SignatureVerdict verify_header(std::string_view header) {
  return verify_v3(kTestUrl, kBody, {header, std::nullopt, kTestNonce}, accounts());
}

TEST(SignatureTest, StringsOfTheProtocol) {
  struct Case {
    std::string_view target;
    std::vector<Parameter> body;
    std::string_view expected;
  };
  const Case cases[] = {
      {"/p", {{"k2", "v2"}, {"k1", "v1"}}, "https://h/p?k1v1k2v2.n"},
      {"/p?c=d&a=b", {{"k1", "v1"}, {"k2", "v2"}}, "https://h/p?a=b&c=d.k1v1k2v2.n"},
      {"/p?a=b", {}, "https://h/p?a=b.n"},
      {"/p", {}, "https://h/p.n"},
      {"/p?", {}, "https://h/p.n"},
      {"/p?&&", {}, "https://h/p.n"},
      {"/p?a", {}, "https://h/p?a=.n"},
      {"/p?a=b=c&&", {}, "https://h/p?a=b=c.n"},
      {"/p?a=1#ct=500", {}, "https://h/p?a=1.n"},
      {"/p#a?b", {}, "https://h/p.n"},
      {"/p?a=%2&b=%zz", {}, "https://h/p?a=%2&b=%zz.n"},
      {"/p?a=2&a=1&A=3", {}, "https://h/p?A=3&a=1&a=2.n"},
      {"/%7Ea//b/../c;d", {}, "https://h/%7Ea//b/../c;d.n"},
      {"/p", {{"a2", "x"}, {"a10", ""}, {"_", "y"}, {"Z", "z"}}, "https://h/p?Zz_ya10a2x.n"},
      {"/p", {{"a", "2"}, {"a", "1"}}, "https://h/p?a1a2.n"},
      {"", {}, "https://h.n"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(v3_string_to_sign({"https://h", c.target}, c.body, "n"), c.expected) << c.target;
  }
}

TEST(SignatureTest, LongQueriesAreSignedWhole) {
  std::string target = "/p?";
  for (int i = 0; i < 1000; ++i) target += "n" + std::string(300, 'x') + "=1&";
  const std::string text = v3_string_to_sign({"https://h", target}, {}, "n");
  EXPECT_GT(text.size(), 300'000u);
}

// Plivo's string has no mark between a name and its value in a body, so that nobody can tell these
// apart; webhook_key.h makes one event of them.
TEST(SignatureTest, TheBorderOfNameAndValueInABodyIsNotSigned) {
  const SignedUrl url{"https://h", "/p"};
  const auto string_of = [&](std::string_view body) {
    return v3_string_to_sign(url, Form::decode(body).value().parameters(), "1");
  };
  EXPECT_EQ(string_of("CallUUID=1&To=2"), string_of("CallUUID=1&To2="));
  EXPECT_EQ(string_of("CallUUID=1&To=a"), string_of("CallUUID=1&To&a"));
  EXPECT_NE(string_of("CallUUID=1&To=2"), string_of("CallUUID=1&To=3"));
}

TEST(SignatureTest, SecondVersionLeavesQueryFragmentAndBodyOut) {
  EXPECT_EQ(v2_string_to_sign({"https://h:8443", "/p/?a=1#f"}, "12"), "https://h:8443/p/12");
  const std::string signature = sign("https://h:8443/p/12", "main-previous");
  const auto verdict =
      verify_v2({"https://h:8443", "/p/?b=2"}, {std::nullopt, signature, "12"}, accounts());
  ASSERT_TRUE(verdict.verified());
  EXPECT_EQ(verdict.match->account, 0u);
  EXPECT_TRUE(verdict.match->previous_token);
  EXPECT_EQ(verdict.match->header, SignatureHeader::kMainAccount);
}

TEST(SignatureTest, UrlsAreCutWhereThePathBegins) {
  struct Case {
    std::string_view url, origin, target;
  };
  constexpr Case kCases[] = {
      {"https://h:8443/p?a=1", "https://h:8443", "/p?a=1"},
      {"https://h", "https://h", ""},
      {"https://h?a=/b", "https://h", "?a=/b"},
      {"https://h#f", "https://h", "#f"},
      {"http://[::1]:80/", "http://[::1]:80", "/"},
      {"https://user:pw@h/p", "https://user:pw@h", "/p"},
      {"/p?u=http://x/", "/p?u=http:", "//x/"},
      {"", "", ""},
  };
  for (const Case& c : kCases) {
    const SignedUrl cut = split_signed_url(c.url);
    EXPECT_EQ(std::string(cut.origin) + std::string(cut.target), c.url);
    if (c.url.starts_with('/')) continue;  // not a URL: only nothing may get lost
    EXPECT_EQ(cut.origin, c.origin) << c.url;
    EXPECT_EQ(cut.target, c.target) << c.url;
  }
}

TEST(SignatureTest, TheRawQueryIsWhatIsSigned) {
  struct Case {
    std::string_view target, query;
  };
  constexpr Case kCases[] = {
      {"/p?a=1&b=%2f+", "a=1&b=%2f+"},
      {"/p", ""},
      {"/p?", ""},
      {"", ""},
      {"?a", "a"},
      {"/p?a=?b?c", "a=?b?c"},
      {"/p?a=1#b=2", "a=1"},
      {"/p?#b=2", ""},
      {"/p#a?b=2", ""},
      {"https://h/p?a=1", "a=1"},
  };
  for (const Case& c : kCases) EXPECT_EQ(raw_query(c.target), c.query) << c.target;
  constexpr std::string_view kTarget = "/p?a=1#f";
  EXPECT_EQ(raw_query(kTarget).data(), kTarget.data() + 3) << "a view into the target";
}

TEST(SignatureTest, TheMatchNamesAccountTokenAndHeader) {
  struct Case {
    std::string_view token;
    std::size_t account;
    bool previous;
  };
  constexpr Case kCases[] = {
      {"main-current", 0, false}, {"main-previous", 0, true}, {"sub-current", 1, false}};
  const std::string other = signature_by("nobody's");
  for (const Case& c : kCases) {
    const std::string signature = signature_by(c.token);
    const SignatureHeaders by_own{signature, other, kTestNonce};
    const SignatureHeaders by_main{other, signature, kTestNonce};
    for (const auto& headers : {by_own, by_main}) {
      const SignatureVerdict verdict = verify_v3(kTestUrl, kBody, headers, accounts());
      ASSERT_TRUE(verdict.verified()) << c.token;
      EXPECT_EQ(verdict.match->account, c.account);
      EXPECT_EQ(verdict.match->previous_token, c.previous);
      EXPECT_EQ(verdict.match->header == SignatureHeader::kAccount, headers.account == signature);
      EXPECT_FALSE(verdict.match->without_slash);
    }
  }
}

TEST(SignatureTest, TheFirstOfSeveralMatchesIsNamed) {
  const std::string both = signature_by("sub-current") + "," + signature_by("main-previous");
  const SignatureVerdict verdict = verify_header(both);
  ASSERT_TRUE(verdict.verified());
  EXPECT_EQ(verdict.match->account, 0u);
  EXPECT_TRUE(verdict.match->previous_token);
}

TEST(SignatureTest, HeaderLists) {
  const std::string good = signature_by("main-current");
  const std::string bad = signature_by("nobody's");
  const auto many = [&](int others) {
    std::string list;
    for (int i = 0; i < others; ++i) list += bad + ",";
    return list + good;
  };
  struct Case {
    std::string header;
    std::optional<SignatureRefusal> refusal;
  };
  const Case cases[] = {
      {good, std::nullopt},
      {bad + "," + good, std::nullopt},
      {"  " + bad + " ,\t" + good + " \t", std::nullopt},
      {",, ," + good + ",", std::nullopt},
      {"not base64," + good, std::nullopt},
      {many(7), std::nullopt},
      {many(8), SignatureRefusal::kHeaderMalformed},
      {std::string(1024 - good.size(), ',') + good, std::nullopt},
      {std::string(1025 - good.size(), ',') + good, SignatureRefusal::kHeaderMalformed},
      {bad, SignatureRefusal::kMismatch},
      {bad + ",x", SignatureRefusal::kMismatch},
      {"", SignatureRefusal::kHeaderMalformed},
      {" ", SignatureRefusal::kHeaderMalformed},
      {",,", SignatureRefusal::kHeaderMalformed},
      {good + ";" + good, SignatureRefusal::kHeaderMalformed},
      {good + " " + good, SignatureRefusal::kHeaderMalformed},
      {good.substr(0, 43), SignatureRefusal::kHeaderMalformed},
      {good.substr(0, 43) + "A", SignatureRefusal::kHeaderMalformed},
      {good + "=", SignatureRefusal::kHeaderMalformed},
      {good.substr(0, 42) + "==", SignatureRefusal::kHeaderMalformed},
      {good.substr(0, 20) + "\n" + good.substr(20), SignatureRefusal::kHeaderMalformed},
      {good.substr(0, 43) + std::string(1, '\0'), SignatureRefusal::kHeaderMalformed},
      {std::string(44, '-'), SignatureRefusal::kHeaderMalformed},
      {std::string(44, '\xFF'), SignatureRefusal::kHeaderMalformed},
  };
  for (const Case& c : cases) {
    const SignatureVerdict verdict = verify_header(c.header);
    EXPECT_EQ(verdict.verified(), !c.refusal) << c.header;
    if (c.refusal && !verdict.verified()) {
      EXPECT_EQ(to_string(verdict.refusal), to_string(*c.refusal)) << c.header;
    }
  }
}

TEST(SignatureTest, StrayBitsBehindTheLastByteAreNotBase64) {
  // 32 bytes leave two bits of the last character unused: four texts that a lax decoder would take
  // for one signature.
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string signature = signature_by("main-current");
  const std::size_t value = kAlphabet.find(signature[42]);
  ASSERT_EQ(value % 4, 0u);
  for (std::size_t bits = 1; bits < 4; ++bits) {
    signature[42] = kAlphabet[value + bits];
    EXPECT_EQ(verify_header(signature).refusal, SignatureRefusal::kHeaderMalformed);
  }
}

TEST(SignatureTest, OneHeaderOverTheCapsLeavesTheOtherInForce) {
  const std::string good = signature_by("main-current");
  const std::string flood(2000, 'A');
  EXPECT_TRUE(verify_v3(kTestUrl, kBody, {flood, good, kTestNonce}, accounts()).verified());
  EXPECT_EQ(verify_v3(kTestUrl, kBody, {flood, flood, kTestNonce}, accounts()).refusal,
            SignatureRefusal::kHeaderMalformed);
}

TEST(SignatureTest, BothHeadersMayBeFull) {
  const std::string good = signature_by("sub-current");
  const std::string bad = signature_by("nobody's");
  std::string seven;
  for (int i = 0; i < 7; ++i) seven += bad + ",";
  const SignatureVerdict verdict =
      verify_v3(kTestUrl, kBody, {seven + bad, seven + good, kTestNonce}, accounts());
  ASSERT_TRUE(verdict.verified());
  EXPECT_EQ(verdict.match->header, SignatureHeader::kMainAccount);
}

// V3 signs "value.nonce": what ends in ".com" with nonce 12345 must not verify as what ends before
// it with nonce com.12345. V2 signs "/path" and nonce without anything between.
TEST(SignatureTest, NothingThatWasSignedMayMoveIntoTheNonce) {
  const Parameter whole[] = {{"To", "sip:alice@phone.plivo.com"}};
  const Parameter cut[] = {{"To", "sip:alice@phone.plivo"}};
  const std::string v3 = sign(v3_string_to_sign(kTestUrl, whole, "12345"), "main-current");
  EXPECT_TRUE(verify_v3(kTestUrl, whole, {v3, std::nullopt, "12345"}, accounts()).verified());
  EXPECT_FALSE(verify_v3(kTestUrl, cut, {v3, std::nullopt, "com.12345"}, accounts()).verified());

  const SignedUrl action{kTestUrl.origin, "/v2/action"};
  const std::string v2 = sign(v2_string_to_sign(action, "12345"), "main-current");
  EXPECT_TRUE(verify_v2(action, {v2, std::nullopt, "12345"}, accounts()).verified());
  for (const auto& [path, nonce] : {std::pair("/v2", "/action12345"), {"/v2/", "action12345"}}) {
    const SignedUrl other{kTestUrl.origin, path};
    EXPECT_FALSE(verify_v2(other, {v2, std::nullopt, nonce}, accounts()).verified()) << path;
  }
}

TEST(SignatureTest, NoncesAndMissingHeaders) {
  struct Case {
    std::optional<std::string> nonce;
    std::optional<SignatureRefusal> refusal;
  };
  const Case cases[] = {
      {std::string(kTestNonce), std::nullopt},
      {"x", std::nullopt},
      {std::string(128, 'x'), std::nullopt},
      {"kjsdhfsd87sd7yisud2", std::nullopt},
      {"A-b_9", std::nullopt},
      {"a b", SignatureRefusal::kNonceMalformed},
      {"com.12345", SignatureRefusal::kNonceMalformed},
      {"/12345", SignatureRefusal::kNonceMalformed},
      {std::nullopt, SignatureRefusal::kNonceMissing},
      {"", SignatureRefusal::kNonceMissing},
      {std::string(129, 'x'), SignatureRefusal::kNonceMalformed},
      {"1234\t5", SignatureRefusal::kNonceMalformed},
      {"1234\r\n5", SignatureRefusal::kNonceMalformed},
      {"1234\x7F", SignatureRefusal::kNonceMalformed},
      {"1234\xC3\xA9", SignatureRefusal::kNonceMalformed},
      {std::string("12\0", 3), SignatureRefusal::kNonceMalformed},
  };
  for (const Case& c : cases) {
    const std::string nonce = c.nonce.value_or("");
    // Signed rightly over that very nonce: only its form decides.
    const std::string signature = sign(v3_string_to_sign(kTestUrl, kBody, nonce), "main-current");
    SignatureHeaders headers{signature, std::nullopt, std::nullopt};
    if (c.nonce) headers.nonce = nonce;
    const SignatureVerdict verdict = verify_v3(kTestUrl, kBody, headers, accounts());
    EXPECT_EQ(verdict.verified(), !c.refusal) << nonce;
    if (c.refusal) {
      EXPECT_EQ(to_string(verdict.refusal), to_string(*c.refusal)) << nonce;
    }
  }
  EXPECT_EQ(
      verify_v3(kTestUrl, kBody, {std::nullopt, std::nullopt, kTestNonce}, accounts()).refusal,
      SignatureRefusal::kNoHeader);
  EXPECT_EQ(verify_v3(kTestUrl, kBody, {}, accounts()).refusal, SignatureRefusal::kNoHeader);
}

TEST(SignatureTest, ThePathSlashMayHaveBeenLeftOut) {
  struct Case {
    SignedUrl received;
    SignedUrl entered;
    bool accepted;
    bool without_slash;
  };
  constexpr Case kCases[] = {
      {{"https://h", "/"}, {"https://h", "/"}, true, false},
      {{"https://h", "/"}, {"https://h", ""}, true, true},
      {{"https://h", "/?a=1"}, {"https://h", "?a=1"}, true, true},
      {{"https://h", "/?a=/"}, {"https://h", "/?a=/"}, true, false},
      {{"https://h/prefix", "/"}, {"https://h/prefix", ""}, true, true},
      {{"https://h", "//"}, {"https://h", "/"}, false, false},
      {{"https://h", "//"}, {"https://h", ""}, false, false},
      {{"https://h", "/p/"}, {"https://h", "/p"}, false, false},
      {{"https://h", "/p"}, {"https://h", "p"}, false, false},
      {{"https://h", ""}, {"https://h", "/"}, false, false},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(std::string(c.received.origin) + std::string(c.received.target));
    const std::string v3 = signature_by("main-current", c.entered);
    const std::string v2 = sign(v2_string_to_sign(c.entered, kTestNonce), "main-current");
    const auto by_v3 = verify_v3(c.received, kBody, {v3, std::nullopt, kTestNonce}, accounts());
    const auto by_v2 = verify_v2(c.received, {v2, std::nullopt, kTestNonce}, accounts());
    for (const SignatureVerdict& verdict : {by_v3, by_v2}) {
      EXPECT_EQ(verdict.verified(), c.accepted);
      if (verdict.verified()) {
        EXPECT_EQ(verdict.match->without_slash, c.without_slash);
      }
    }
  }
}

TEST(SignatureTest, AnEmptyTokenIsNoToken) {
  const std::string signature = signature_by("");
  const std::vector<SigningAccount> no_token = {{"main", "", ""}, {"sub", {}, {}}};
  for (const std::vector<SigningAccount>& tried : {no_token, std::vector<SigningAccount>()}) {
    const auto verdict = verify_v3(kTestUrl, kBody, {signature, std::nullopt, kTestNonce}, tried);
    EXPECT_FALSE(verdict.verified());
    EXPECT_EQ(verdict.refusal, SignatureRefusal::kMismatch);
  }
}

TEST(SignatureTest, PairsOfAGetWithABodyAreNeverUnsigned) {
  const SignedUrl url = {"https://h", "/p?CallUUID=6f1d&DialStatus=completed"};
  const std::string signature = sign(v3_string_to_sign(url, {}, kTestNonce), "main-current");
  constexpr Parameter kSmuggled[] = {{"DialStatus", "busy"}};
  const SignatureHeaders headers{signature, std::nullopt, kTestNonce};
  EXPECT_TRUE(verify_v3(url, {}, headers, accounts()).verified());
  EXPECT_FALSE(verify_v3(url, kSmuggled, headers, accounts()).verified());
}

TEST(SignatureTest, TheErrorQueueOfTheLibraryIsLeftAsItWas) {
  ERR_clear_error();
  for (const std::string& header : {signature_by("main-current"), std::string(44, '!'),
                                    std::string("=").append(43, 'A'), std::string(44, '=')}) {
    (void)verify_header(header);
  }
  EXPECT_EQ(ERR_peek_error(), 0ul);
  ERR_raise(ERR_LIB_USER, 42);
  EXPECT_TRUE(verify_header(signature_by("main-current")).verified());
  EXPECT_EQ(ERR_GET_REASON(ERR_get_error()), 42);
  EXPECT_EQ(ERR_get_error(), 0ul);
}

TEST(StringFingerprint, IsTheHashsBeginning) {
  // SHA-256 of "" and of "abc": FIPS 180-4's examples.
  EXPECT_EQ(string_fingerprint(""), "e3b0c44298fc1c14");
  EXPECT_EQ(string_fingerprint("abc"), "ba7816bf8f01cfea");
}

}  // namespace
}  // namespace plivo_dial
