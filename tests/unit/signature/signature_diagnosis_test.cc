// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/signature_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plivo_dial {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using Cause = Diagnosis::Cause;

constexpr std::string_view kNonce = "19274650183746550192";
constexpr std::string_view kToken = "main-current";
constexpr SigningAccount kAccounts[] = {{"main", kToken, "main-previous"}};
constexpr SigningAccount kOthers[] = {{"shop", "shop-token", ""}, {"sales", "sales-token", ""}};
constexpr std::string_view kIds[] = {"MAAAAAAAAAAAAAAAAAAA"};
constexpr SignedUrl kUrl = {"https://example.com", "/dialstatus?stage=2"};

// A request as it was read, with signatures over what Plivo is to have sent.
class Refused {
 public:
  explicit Refused(SignedUrl url = kUrl, std::string_view body = "CallUUID=6f1d&To=14155550100")
      : body_(Form::decode(body).value()) {
    request_.url = url;
    request_.body = body_.parameters();
    request_.accounts = kAccounts;
    request_.account_ids = kIds;
  }

  // The reading keeps views into this.
  Refused(const Refused&) = delete;

  Refused& signed_for(SignedUrl url, std::string_view body = "CallUUID=6f1d&To=14155550100",
                      std::string_view token = kToken) {
    const Form form = Form::decode(body).value();
    v3_ = sign(v3_string_to_sign(url, form.parameters(), kNonce), token);
    request_.v3 = {v3_, std::nullopt, kNonce};
    return *this;
  }

  Refused& signed_by_v2_for(SignedUrl url, std::string_view token = kToken) {
    v2_ = sign(v2_string_to_sign(url, kNonce), token);
    request_.v2 = {v2_, std::nullopt, kNonce};
    return *this;
  }

  RefusedRequest& operator*() { return request_; }
  RefusedRequest* operator->() { return &request_; }

  Diagnosis diagnose() const {
    const SignatureVerdict verdict =
        decided_by_v2(request_)
            ? verify_v2(request_.url, request_.v2, request_.accounts)
            : verify_v3(request_.url, request_.body, request_.v3, request_.accounts);
    EXPECT_FALSE(verdict.verified());
    return diagnose_refusal(verdict.refusal, request_);
  }

 private:
  Form body_;
  std::string v3_;
  std::string v2_;
  RefusedRequest request_;
};

// ---- Another URL.

TEST(SignatureDiagnosis, NamesTheUrlAndTheDirective) {
  const HostCandidate hosts[] = {{"example.com", false}, {"www.example.com", false}};
  Refused refused({"https://example.com", "/dialstatus"});
  refused->hosts = hosts;
  const Diagnosis diagnosis =
      refused.signed_for({"https://www.example.com", "/dialstatus"}).diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kOtherUrl);
  EXPECT_EQ(diagnosis.sentence,
            "signed for https://www.example.com/dialstatus, we used "
            "https://example.com/dialstatus: set PlivoPublicURL https://www.example.com");
  EXPECT_EQ(diagnosis.signed_url, "https://www.example.com/dialstatus");
  EXPECT_EQ(diagnosis.public_url, "https://www.example.com");
}

TEST(SignatureDiagnosis, FindsSchemePortAndPrefix) {
  struct Case {
    std::string_view used, signed_origin;
  };
  constexpr Case kCases[] = {
      {"http://example.com", "https://example.com"},
      {"https://example.com", "https://example.com:443"},
      {"https://example.com:443", "https://example.com"},
      {"https://example.com", "https://example.com:8443"},
      {"http://example.com:8443", "https://example.com"},
      {"https://example.com", "http://example.com:80"},
      {"https://example.com/plivo", "https://example.com"},
      {"https://other.example", "https://example.com:8443"},
  };
  const HostCandidate hosts[] = {{"example.com", false}};
  const std::uint16_t ports[] = {8443};
  for (const Case& c : kCases) {
    Refused refused({c.used, "/p?stage=2"});
    refused->hosts = hosts;
    refused->ports = ports;
    const Diagnosis diagnosis = refused.signed_for({c.signed_origin, "/p?stage=2"}).diagnose();
    EXPECT_EQ(diagnosis.cause, Cause::kOtherUrl) << c.used << " " << diagnosis.sentence;
    EXPECT_EQ(diagnosis.public_url, c.signed_origin);
    EXPECT_THAT(diagnosis.sentence,
                HasSubstr("set PlivoPublicURL " + std::string(c.signed_origin)));
    EXPECT_THAT(diagnosis.sentence, Not(HasSubstr("stage"))) << "a query is shown";
  }
}

TEST(SignatureDiagnosis, FindsAPrefixThatAProxyTookOff) {
  const std::string paths[] = {"/pbx/dialstatus"};
  Refused refused({"https://example.com", "/dialstatus?stage=2"});
  refused->paths = paths;
  EXPECT_THAT(
      refused.signed_for({"https://example.com/pbx", "/dialstatus?stage=2"}).diagnose().sentence,
      EndsWith("set PlivoPublicURL https://example.com/pbx"));
}

TEST(SignatureDiagnosis, FindsAPathThatAProxyWroteAnew) {
  const std::string paths[] = {"/calls"};
  Refused refused({"https://example.com", "/dialstatus"});
  refused->paths = paths;
  EXPECT_THAT(refused.signed_for({"https://example.com", "/calls"}).diagnose().sentence,
              HasSubstr("something in front rewrites the path /calls to /dialstatus"));
}

TEST(SignatureDiagnosis, NamesEscapesThatWereDecodedBeforeSigning) {
  Refused refused({"https://example.com", "/dial%20status/%7Ea?stage=2"});
  const Diagnosis diagnosis =
      refused.signed_for({"https://example.com", "/dial status/~a?stage=2"}).diagnose();
  EXPECT_THAT(diagnosis.sentence, HasSubstr("the percent-escapes of the path were decoded"));
}

TEST(SignatureDiagnosis, AdvisesAgainstEscapesWhereNothingFits) {
  Refused refused({"https://example.com", "/dial%20status"});
  EXPECT_THAT(refused.signed_for(kUrl, "", "other-token").diagnose().sentence,
              HasSubstr("the path has percent-escapes"));
  Refused plain;
  EXPECT_THAT(plain.signed_for(kUrl, "", "other-token").diagnose().sentence,
              AllOf(Not(HasSubstr("percent-escapes")),
                    HasSubstr("not that of the account that owns the number, the URL as entered at "
                              "Plivo differs from this one, Plivo has replaced the token of an "
                              "account that was not used for 90 days, or a module or proxy")));
}

TEST(SignatureDiagnosis, AdvisesAgainstPlainHttp) {
  Refused refused;
  const Diagnosis diagnosis = refused.signed_for({"http://example.com", kUrl.target}).diagnose();
  EXPECT_THAT(diagnosis.sentence, HasSubstr("better enter the URL with https:// at Plivo"));
}

TEST(SignatureDiagnosis, ASlashIsMendedAtPlivo) {
  Refused without({"https://example.com", "/dialstatus"});
  Diagnosis diagnosis = without.signed_for({"https://example.com", "/dialstatus/"}).diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kOtherUrl);
  EXPECT_EQ(diagnosis.public_url, "");
  EXPECT_THAT(diagnosis.sentence,
              AllOf(HasSubstr("signed for https://example.com/dialstatus/, we used "
                              "https://example.com/dialstatus: "),
                    HasSubstr("enter the URL at Plivo without the slash"),
                    Not(HasSubstr("PlivoPublicURL"))));

  Refused with({"http://example.com", "/dialstatus/"});
  diagnosis = with.signed_for({"https://example.com", "/dialstatus"}).diagnose();
  EXPECT_EQ(diagnosis.public_url, "https://example.com");
  EXPECT_THAT(diagnosis.sentence, AllOf(HasSubstr("set PlivoPublicURL https://example.com; and "),
                                        HasSubstr("enter the URL at Plivo with the slash")));
}

TEST(SignatureDiagnosis, TheRootsSlashIsNoReason) {
  Refused refused({"http://example.com", "/"});
  const Diagnosis diagnosis = refused.signed_for({"https://example.com", ""}).diagnose();
  EXPECT_EQ(diagnosis.sentence,
            "signed for https://example.com, we used http://example.com/: set PlivoPublicURL "
            "https://example.com");
}

TEST(SignatureDiagnosis, AHostFromTheRequestIsUnverified) {
  const HostCandidate hosts[] = {{"example.com", false}, {"pbx.example.net:8443", true}};
  Refused refused;
  refused->hosts = hosts;
  const Diagnosis diagnosis =
      refused.signed_for({"https://pbx.example.net:8443", kUrl.target}).diagnose();
  EXPECT_EQ(diagnosis.public_url, "https://pbx.example.net:8443");
  EXPECT_THAT(
      diagnosis.sentence,
      HasSubstr("set PlivoPublicURL https://pbx.example.net:8443 (host taken from the request, "
                "unverified: make sure that it is yours; that the token of account \"main\" fits "
                "proves that Plivo signed for this URL, not that it leads here)"));
}

TEST(SignatureDiagnosis, TheSecondVersionsUrlIsFoundToo) {
  const HostCandidate hosts[] = {{"www.example.com", false}};
  Refused refused;
  refused->hosts = hosts;
  refused->accept_v2 = true;
  const Diagnosis diagnosis =
      refused.signed_by_v2_for({"https://www.example.com", "/dialstatus"}).diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kOtherUrl);
  EXPECT_EQ(diagnosis.public_url, "https://www.example.com");
}

TEST(SignatureDiagnosis, AnAddedQueryIsNamedButNotShown) {
  Refused refused({"https://example.com", "/dialstatus?secret=1"});
  const Diagnosis diagnosis = refused.signed_for({"https://example.com", "/dialstatus"}).diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kOtherUrl);
  EXPECT_EQ(diagnosis.signed_url, "https://example.com/dialstatus");
  EXPECT_EQ(diagnosis.public_url, "");
  EXPECT_THAT(diagnosis.sentence, AllOf(HasSubstr("without a query, while the request has one"),
                                        Not(HasSubstr("secret"))));
}

TEST(SignatureDiagnosis, TextOfTheRequestIsCutAndEscaped) {
  const std::string target = "/\x1b[31m\xff" + std::string(300, 'a') + "?q";
  Refused refused({"http://example.com", target});
  const Diagnosis diagnosis = refused.signed_for({"https://example.com", target}).diagnose();
  EXPECT_EQ(diagnosis.signed_url,
            "https://example.com/\\x1b[31m\\xff" + std::string(100 - 7, 'a') + "...");
}

// ---- Another account.

TEST(SignatureDiagnosis, NamesTheAccountOfAnotherHost) {
  constexpr std::string_view kPlaces[] = {"a.example.com", "b.example.com:443"};
  Refused refused;
  refused->other_accounts = kOthers;
  refused.signed_for(kUrl, "CallUUID=6f1d&To=14155550100", "sales-token");
  Diagnosis diagnosis = refused.diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kOtherAccount);
  EXPECT_THAT(diagnosis.sentence,
              HasSubstr("the token of PlivoAccount \"sales\", which is in another virtual host"));
  refused->other_account_places = kPlaces;
  diagnosis = refused.diagnose();
  EXPECT_THAT(diagnosis.sentence, AllOf(HasSubstr("\"sales\", which is at b.example.com:443 and"),
                                        Not(HasSubstr("sales-token"))));
}

TEST(SignatureDiagnosis, AnUnknownAuthIdIsToldAsUnverified) {
  Refused refused;
  refused.signed_for(kUrl, "", "nobody's");
  refused->parent_auth_id = "MAYYYYYYYYYYYYYYYYYY";
  const Diagnosis diagnosis = refused.diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kOtherAccount);
  EXPECT_THAT(diagnosis.sentence,
              AllOf(HasSubstr("names Auth ID MAYYYYYYYYYYYYYYYYYY (unverified)"),
                    HasSubstr("add PlivoAccount NAME MAYYYYYYYYYYYYYYYYYY file:...")));

  refused->parent_auth_id = kIds[0];
  EXPECT_EQ(refused.diagnose().cause, Cause::kUnknown) << "we have that account";
  constexpr std::string_view kSubaccount[] = {"SAAAAAAAAAAAAAAAAAAA"};
  refused->account_ids = kSubaccount;
  EXPECT_EQ(refused.diagnose().cause, Cause::kUnknown) << "it may be the subaccount's parent";
  refused->account_ids = {};
  EXPECT_EQ(refused.diagnose().cause, Cause::kUnknown) << "nobody knows our Auth IDs";
}

TEST(SignatureDiagnosis, WhatIsNoAuthIdIsNotShown) {
  Refused refused;
  refused.signed_for(kUrl, "", "nobody's");
  const std::string long_id = "MA" + std::string(63, 'Y');
  for (const char* id : {"", "MA\nYY", "MA YY", "<b>", "XXYYYYYYYYYYYYYYYYYY", long_id.c_str()}) {
    refused->parent_auth_id = id;
    const Diagnosis diagnosis = refused.diagnose();
    EXPECT_EQ(diagnosis.cause, Cause::kUnknown) << id;
    EXPECT_THAT(diagnosis.sentence, Not(HasSubstr("names Auth ID")));
  }
  const std::string longest(5000, 'A');
  refused->parent_auth_id = longest;
  EXPECT_LT(refused.diagnose().sentence.size(), 1000u);
}

// ---- A changed body or query.

struct Change {
  std::string_view was_signed, was_read, words;
};
constexpr Change kChanges[] = {
    {"From=%2B1415&Name=a+b", "From=%252B1415&Name=a%2Bb", "percent-decoded once more"},
    {"From=%2B1415&To=1416", "From%3D%252B1415%26To%3D1416", "percent-decoded once more"},
    {"From=%2B1415&At=2026+09", "From=+1415&At=2026+09", "'+' where we read spaces"},
    {"From=%2B1415&Name=a%2Bb", "From=+1415&Name=a+b", "'+' where we read spaces"},
    {"DialBLegUUID=&DialStatus=busy", "DialStatus=busy", "DialBLegUUID= as well"},
    {"DialStatus=busy", "DialBLegUUID=&DialStatus=busy&X=", "lacks the pairs with empty values"},
    {"", "a=1", "is empty"},
};

TEST(SignatureDiagnosis, NamesHowTheBodyWasChanged) {
  for (const Change& c : kChanges) {
    Refused refused(kUrl, c.was_read);
    const Diagnosis diagnosis = refused.signed_for(kUrl, c.was_signed).diagnose();
    EXPECT_EQ(diagnosis.cause, Cause::kBodyChanged) << c.was_read << " " << diagnosis.sentence;
    EXPECT_THAT(diagnosis.sentence,
                AllOf(HasSubstr("the signature fits when the body "),
                      HasSubstr(std::string(c.words)), HasSubstr("input filter")));
  }
}

TEST(SignatureDiagnosis, NamesHowTheQueryWasChanged) {
  for (const Change& c : kChanges) {
    if (c.was_signed.empty()) continue;
    const std::string was_read = "/p?" + std::string(c.was_read);
    const std::string was_signed = "/p?" + std::string(c.was_signed);
    Refused refused({"https://h", was_read}, "");
    const Diagnosis diagnosis = refused.signed_for({"https://h", was_signed}, "").diagnose();
    EXPECT_EQ(diagnosis.cause, Cause::kBodyChanged) << c.was_read << " " << diagnosis.sentence;
    EXPECT_THAT(diagnosis.sentence,
                AllOf(HasSubstr("the signature fits when the query "),
                      HasSubstr(std::string(c.words)), HasSubstr("that writes the query anew")));
  }
}

TEST(SignatureDiagnosis, TheSecondVersionProvesTheUrl) {
  Refused refused(kUrl, "CallUUID=6f1d&To=1");
  refused.signed_for(kUrl, "CallUUID=6f1d&To=2").signed_by_v2_for(kUrl);
  refused->declared_body_bytes = 18;
  refused->read_body_bytes = 18;
  Diagnosis diagnosis = refused.diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kBodyChanged);
  EXPECT_THAT(diagnosis.sentence,
              AllOf(HasSubstr("the V2 signature"), HasSubstr("fits account \"main\""),
                    HasSubstr("the body or the query was changed"), Not(HasSubstr("18 bytes"))));
  refused->declared_body_bytes = 20;
  diagnosis = refused.diagnose();
  EXPECT_THAT(diagnosis.sentence, HasSubstr("declares a body of 20 bytes, and 18 were read"));
}

TEST(SignatureDiagnosis, AnotherReadingSaysMoreThanTheSecondVersion) {
  Refused refused(kUrl, "From=%252B1415");
  const Diagnosis diagnosis =
      refused.signed_for(kUrl, "From=%2B1415").signed_by_v2_for(kUrl).diagnose();
  EXPECT_THAT(diagnosis.sentence, HasSubstr("percent-decoded once more"));
}

TEST(SignatureDiagnosis, ASecondVersionThatDoesNotFitProvesNothing) {
  Refused refused;
  refused.signed_for(kUrl, "other=1").signed_by_v2_for(kUrl, "nobody's");
  EXPECT_EQ(refused.diagnose().cause, Cause::kUnknown);
}

TEST(SignatureDiagnosis, ALengthThatWasNotReadTells) {
  Refused refused(kUrl, "");
  refused.signed_for(kUrl, "a=1");
  refused->declared_body_bytes = 3;
  const Diagnosis diagnosis = refused.diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kBodyChanged);
  EXPECT_THAT(diagnosis.sentence, AllOf(HasSubstr("declares a body of 3 bytes, and 0 were read"),
                                        HasSubstr("input filter")));
}

// ---- Headers.

TEST(SignatureDiagnosis, AbsentHeaders) {
  Refused refused;
  Diagnosis diagnosis = refused.diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kNoHeader);
  EXPECT_THAT(diagnosis.sentence, HasSubstr("no header X-Plivo-Signature-V3:"));

  refused->v3.nonce = kNonce;
  diagnosis = refused.diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kNoHeader);
  EXPECT_THAT(diagnosis.sentence, HasSubstr("has X-Plivo-Signature-V3-Nonce, but neither"));

  refused->v3.nonce.reset();
  refused->accept_v2 = true;
  diagnosis = refused.diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kNoHeader);
  EXPECT_THAT(diagnosis.sentence, HasSubstr("X-Plivo-Signature-V3 or -V2:"));
}

TEST(SignatureDiagnosis, OtherVersions) {
  Refused refused;
  Diagnosis diagnosis = refused.signed_by_v2_for(kUrl).diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kOnlyV2);
  EXPECT_THAT(diagnosis.sentence, AllOf(HasSubstr("the V2 signature fits:"),
                                        HasSubstr("PlivoSignature V2 accepts it here")));
  diagnosis = refused.signed_by_v2_for(kUrl, "nobody's").diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kOnlyV2);
  EXPECT_THAT(diagnosis.sentence, HasSubstr("does not fit account \"main\" either"));

  Refused first;
  first->has_v1 = true;
  diagnosis = first.diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kOnlyV2);
  EXPECT_THAT(diagnosis.sentence, HasSubstr("version 1 only"));
}

TEST(SignatureDiagnosis, Nonces) {
  Refused refused;
  refused.signed_for(kUrl);
  refused->v3.nonce.reset();
  Diagnosis diagnosis = refused.diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kNonce);
  EXPECT_THAT(diagnosis.sentence, HasSubstr("no header X-Plivo-Signature-V3-Nonce"));

  const std::string nonce(129, '7');
  refused->v3.nonce = nonce;
  diagnosis = refused.diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kNonce);
  EXPECT_THAT(diagnosis.sentence, AllOf(HasSubstr("V3-Nonce (129 bytes)"), Not(HasSubstr("777"))));

  Refused second;
  second.signed_by_v2_for(kUrl);
  second->accept_v2 = true;
  second->v2.nonce.reset();
  EXPECT_THAT(second.diagnose().sentence, HasSubstr("no header X-Plivo-Signature-V2-Nonce"));
}

TEST(SignatureDiagnosis, MalformedHeaders) {
  Refused refused;
  refused->v3 = {"hunter2", std::nullopt, kNonce};
  const Diagnosis diagnosis = refused.diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kHeaderMalformed);
  EXPECT_THAT(diagnosis.sentence,
              AllOf(HasSubstr("no entry of X-Plivo-Signature-V3"), Not(HasSubstr("hunter2"))));
}

// ---- Nothing fits.

TEST(SignatureDiagnosis, SaysWhatWasTriedAndWhatIsNext) {
  Refused refused;
  refused.signed_for(kUrl, "", "nobody's");
  refused->parent_auth_id = kIds[0];
  const Diagnosis diagnosis = refused.diagnose();
  EXPECT_EQ(diagnosis.cause, Cause::kUnknown);
  const std::string string = v3_string_to_sign(kUrl, refused->body, kNonce);
  EXPECT_THAT(diagnosis.sentence,
              AllOf(HasSubstr("no token of account \"main\" fits https://example.com/dialstatus "),
                    HasSubstr("sha256:" + string_fingerprint(string)), Not(HasSubstr("stage")),
                    HasSubstr("names Auth ID MAAAAAAAAAAAAAAAAAAA, unverified"),
                    HasSubstr("the token is not that of the account that owns the number"),
                    EndsWith(kVerifyHint)));
  EXPECT_LT(diagnosis.sentence.find("the token is not"),
            diagnosis.sentence.find("the URL as entered at Plivo"));
}

TEST(SignatureDiagnosis, ManyAccountsAreCounted) {
  std::vector<SigningAccount> accounts(8, {"a", "x", ""});
  Refused refused;
  refused->accounts = accounts;
  EXPECT_THAT(refused.signed_for(kUrl).diagnose().sentence,
              HasSubstr("accounts \"a\", \"a\", \"a\", \"a\", \"a\" and 3 more"));
}

// ---- The search's bounds.

TEST(SignatureSearch, StaysWithinItsAttempts) {
  std::vector<std::string> names;
  for (int i = 0; i < 20; ++i) names.push_back("host" + std::to_string(i));
  std::vector<HostCandidate> hosts;
  for (const std::string& name : names) hosts.push_back({name, hosts.size() > 10});
  const std::uint16_t ports[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (const std::string_view target : {"/p?a=%2B", "/?a=%2B", "/"}) {
    Refused refused({"https://h:1/prefix", target}, "DialStatus=+%2541&b=");
    refused.signed_for(kUrl, "", "nobody's").signed_by_v2_for(kUrl, "nobody's");
    refused->hosts = hosts;
    refused->ports = ports;
    refused->other_accounts = kOthers;
    const SearchResult result = search_reading(*refused);
    EXPECT_FALSE(result.fit.has_value());
    EXPECT_EQ(result.attempts, kMaxDiagnosisAttempts) << target;
  }
}

TEST(SignatureSearch, TheRootIsTriedTwiceAndCountsTwice) {
  Refused path({"https://h", "/p"}, "");
  Refused root({"https://h", "/"}, "");
  for (Refused* refused : {&path, &root}) refused->signed_for(kUrl, "a=1", "nobody's");
  EXPECT_EQ(search_reading(*path).attempts, 7) << "all candidates";
  EXPECT_EQ(search_reading(*root).attempts, 6) << "three candidates, with slash and without";
}

TEST(SignatureSearch, EndsWithWhatFits) {
  Refused refused;
  refused.signed_for({kUrl.origin, "/dialstatus"});
  EXPECT_EQ(search_reading(*refused).attempts, 1) << "without the query";
}

TEST(SignatureSearch, GivesTheStringThatFits) {
  const HostCandidate hosts[] = {{"www.example.com", false}};
  Refused refused({"https://example.com", "/"}, "b=2");
  refused.signed_for({"https://www.example.com", ""}, "b=2", "main-previous");
  refused->hosts = hosts;
  const SearchResult result = search_reading(*refused);
  ASSERT_TRUE(result.fit.has_value());
  EXPECT_EQ(result.fit->reading, Reading::kOtherUrl);
  EXPECT_TRUE(result.fit->match.previous_token);
  EXPECT_EQ(v3_string_to_sign(result.fit->url(), result.fit->body.parameters(), kNonce),
            "https://www.example.com?b2.19274650183746550192");
}

}  // namespace
}  // namespace plivo_dial
