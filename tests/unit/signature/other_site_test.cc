// SPDX-License-Identifier: Apache-2.0
// What the diagnosis of a refused signature finds in other virtual hosts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/signature/signature_diagnosis.h"

namespace plivo_dial {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Cause = Diagnosis::Cause;

constexpr std::string_view kSiteNonce = "19274650183746550192";
constexpr std::string_view kSiteToken = "main-current";
constexpr SigningAccount kSiteAccounts[] = {{"main", kSiteToken, ""}};
constexpr SigningAccount kSiteOthers[] = {{"shop", "shop-token", ""}, {"sales", "sales-token", ""}};
constexpr SignedUrl kAskedUrl = {"https://example.com", "/dialstatus?stage=2"};
constexpr std::string_view kSiteBody = "CallUUID=6f1d&To=14155550100";

// A request for kAskedUrl, signed for `url` and `signed_body` by `token`.
class SignedElsewhere {
 public:
  SignedElsewhere(SignedUrl url, std::string_view signed_body, std::string_view token)
      : body_(Form::decode(kSiteBody).value()),
        v3_(sign(v3_string_to_sign(url, Form::decode(signed_body).value().parameters(), kSiteNonce),
                 token)),
        v2_(sign(v2_string_to_sign(url, kSiteNonce), token)) {
    request.url = kAskedUrl;
    request.body = body_.parameters();
    request.accounts = kSiteAccounts;
    request.v3 = {v3_, std::nullopt, kSiteNonce};
  }
  // The request keeps views into this.
  SignedElsewhere(const SignedElsewhere&) = delete;

  void with_witness() { request.v2 = {v2_, std::nullopt, kSiteNonce}; }
  Diagnosis diagnose() const { return diagnose_refusal(SignatureRefusal::kMismatch, request); }

  RefusedRequest request;

 private:
  Form body_;
  std::string v3_;
  std::string v2_;
};

constexpr OtherSite kSites[] = {
    {"https://a.example.com", kSiteOthers, "virtual host a.example.com (a.conf:3)", {}},
    {"https://b.example.com", kSiteOthers, "virtual host b.example.com (b.conf:3)", {}},
};
constexpr SignedUrl kOfB = {"https://b.example.com", kAskedUrl.target};

TEST(OtherSites, TheVirtualHostThatWasMeantIsFound) {
  struct Case {
    OtherSite::Missed missed;
    const char* remedy;
  };
  const Case kCases[] = {
      {OtherSite::Missed::kHostNotPassed, "proxy_set_header Host $host"},
      {OtherSite::Missed::kHostNotNamed, "add a ServerAlias to it"},
      {OtherSite::Missed::kOtherPort, "does not listen at the address and port"},
  };
  for (const Case& c : kCases) {
    const OtherSite sites[] = {kSites[0],
                               {kSites[1].origin, kSiteOthers, kSites[1].place, c.missed}};
    SignedElsewhere refused(kOfB, kSiteBody, "sales-token");
    refused.request.other_sites = sites;
    const Diagnosis diagnosis = refused.diagnose();
    EXPECT_EQ(diagnosis.cause, Cause::kOtherSite) << diagnosis.sentence;
    EXPECT_THAT(diagnosis.sentence,
                AllOf(HasSubstr("signed for https://b.example.com/dialstatus with the token of "
                                "account \"sales\", and both belong to the virtual host "
                                "b.example.com (b.conf:3)"),
                      HasSubstr(c.remedy), Not(HasSubstr("stage"))));
  }
}

TEST(OtherSites, UrlAndAccountMustFitTogether) {
  const OtherSite sites[] = {{"https://b.example.com", kSiteAccounts, "virtual host b", {}}};
  SignedElsewhere refused(kOfB, kSiteBody, "sales-token");
  refused.request.other_sites = sites;
  refused.request.other_accounts = kSiteOthers;
  EXPECT_EQ(refused.diagnose().cause, Cause::kUnknown);
}

TEST(OtherSites, TheWitnessOfOurUrlRulesThemOut) {
  SignedElsewhere refused(kAskedUrl, "CallUUID=changed", kSiteToken);
  refused.request.other_sites = kSites;
  refused.with_witness();
  EXPECT_EQ(refused.diagnose().cause, Cause::kBodyChanged);
}

TEST(OtherSites, NoMoreAreTriedThanTheirBound) {
  const std::vector<OtherSite> many(kMaxOtherSites, kSites[0]);
  SignedElsewhere refused(kOfB, kSiteBody, "sales-token");
  std::vector<OtherSite> sites = many;
  sites.back() = kSites[1];
  refused.request.other_sites = sites;
  EXPECT_EQ(refused.diagnose().cause, Cause::kOtherSite);
  sites.back() = kSites[0];
  sites.push_back(kSites[1]);
  refused.request.other_sites = sites;
  EXPECT_EQ(refused.diagnose().cause, Cause::kUnknown);
}

}  // namespace
}  // namespace plivo_dial
