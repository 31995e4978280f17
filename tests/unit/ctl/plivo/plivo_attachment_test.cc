// What is said of a number's application.
// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/plivo/plivo_attachment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mod_plivo_dial/ctl/http/shown_url.h"

namespace plivo_dial::ctl {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const NumberUrls kUrls = urls_for_plivo("https://pbx.example.com/dialstatus");

PlivoNumber number() {
  PlivoNumber number;
  number.digits = "14155550199";
  number.application = "1234";
  return number;
}

AttachedApplication application() {
  return {"1234", "pbx", true, kUrls.answer, kUrls.fallback, kUrls.hangup};
}

std::vector<std::string> said(const PlivoNumber& number,
                              const std::optional<AttachedApplication>& application) {
  std::vector<std::string> sentences;
  for (const Finding& finding : judge_attachment(number, application, kUrls)) {
    EXPECT_EQ(finding.check, "Plivo");
    const char* health = finding.health == Health::kOk        ? "ok: "
                         : finding.health == Health::kWarning ? "warning: "
                                                              : "problem: ";
    sentences.push_back(health + finding.sentence);
  }
  return sentences;
}

TEST(NumberUrlsFor, HaveTheFragmentThatRepeatsA503) {
  EXPECT_EQ(kUrls.fallback, "https://pbx.example.com/dialstatus/fallback");
  EXPECT_EQ(kUrls.hangup, "https://pbx.example.com/dialstatus/hangup#rc=5&rp=ct,rt,5xx");
  EXPECT_EQ(urls_for_plivo("https://h/").fallback, "https://h/fallback");
}

TEST(Attachment, IsGoodWithTheUrlsThatInitPrints) {
  EXPECT_THAT(said(number(), application()),
              ElementsAre("ok: +14155550199 is attached to the application \"pbx\" (1234), whose "
                          "answer URL is https://pbx.example.com/dialstatus"));
}

// The answer URL may take the hangups, and a fallback may be another server's.
TEST(Attachment, IsGoodWithUrlsThatDoAsWell) {
  AttachedApplication other = application();
  other.answer_url += "?site=1";
  other.hangup_url = kUrls.answer + "#rp=all";
  other.fallback_url = "https://pbx2.example.com/dialstatus";
  EXPECT_EQ(said(number(), other).size(), 1U);
  other.fallback_url = kUrls.answer;
  EXPECT_EQ(said(number(), other).size(), 1U);
}

TEST(Attachment, IsNone) {
  EXPECT_THAT(said(number(), std::nullopt),
              ElementsAre(AllOf(HasSubstr("problem: +14155550199 is attached to no application"),
                                HasSubstr(kUrls.answer))));
  PlivoNumber trunk = number();
  trunk.elsewhere = "a SIP trunk (99)";
  EXPECT_THAT(said(trunk, std::nullopt), ElementsAre(HasSubstr("attached to a SIP trunk (99)")));
}

TEST(Attachment, OfANumberThatTakesNoCalls) {
  PlivoNumber silent = number();
  silent.voice = false;
  EXPECT_THAT(said(silent, application()),
              ElementsAre(HasSubstr("problem: +14155550199 takes no")));
  PlivoNumber pending = number();
  pending.active = false;
  EXPECT_THAT(said(pending, application()), ElementsAre(HasSubstr("is not active at Plivo")));
}

TEST(Attachment, LeadsElsewhereAndSaysInWhat) {
  struct Row {
    const char* answer;
    const char* words;
  };
  for (const Row& row :
       {Row{"http://pbx.example.com/dialstatus", "(the scheme differs)"},
        Row{"https://PBX.example.com:8443/dialstatus", "(the port differs)"},
        Row{"https://pbx.example.com/dialstatus/", "(a slash at the end differs)"},
        Row{"https://pbx.example.com/dial", "(the path differs)"},
        Row{"https://phlorunner.plivo.com/v1/x", "(a flow in Plivo's console"},
        Row{"https://other.example.com/dialstatus", "https://other.example.com/dialstatus and not"},
        Row{"", "has no answer URL and not"}}) {
    AttachedApplication other = application();
    other.answer_url = row.answer;
    EXPECT_THAT(said(number(), other),
                ElementsAre(AllOf(HasSubstr("problem: "), HasSubstr(row.words),
                                  HasSubstr("attach the number to an application"))));
  }
}

TEST(Attachment, ShowsNoSecretInAQuery) {
  AttachedApplication other = application();
  other.answer_url = "https://other.example.com/answer?token=abc123";
  EXPECT_THAT(said(number(), other),
              ElementsAre(AllOf(HasSubstr("/answer?..."), Not(HasSubstr("abc123")))));
}

TEST(Attachment, ToAnApplicationThatIsSwitchedOff) {
  AttachedApplication off = application();
  off.enabled = false;
  EXPECT_THAT(said(number(), off), ElementsAre(HasSubstr("problem: the application \"pbx\"")));
}

TEST(Attachment, WarnsOfEachOtherUrl) {
  AttachedApplication bare = application();
  bare.fallback_url = "";
  bare.hangup_url = "";
  EXPECT_THAT(said(number(), bare),
              ElementsAre(HasSubstr("ok: "),
                          AllOf(HasSubstr("warning: "), HasSubstr("has no fallback URL"),
                                HasSubstr("set " + kUrls.fallback)),
                          AllOf(HasSubstr("warning: "), HasSubstr("gets a 503"),
                                HasSubstr("set " + kUrls.hangup))));
  AttachedApplication wrong = application();
  wrong.fallback_url = "https://pbx.example.com/fallback.xml";
  wrong.hangup_url = "https://crm.example.com/hangup";
  EXPECT_THAT(said(number(), wrong),
              ElementsAre(HasSubstr("ok: "), HasSubstr("is no URL of this Location"),
                          HasSubstr("no events call.hangup")));
}

TEST(ShownUrl, KeepsSecretsToItself) {
  EXPECT_EQ(shown_url("https://h/a"), "https://h/a");
  EXPECT_EQ(shown_url("https://user:pw@h:8443/a?token=1#x"), "https://...@h:8443/a?...");
  EXPECT_EQ(shown_url("https://h/a?b=user@c"), "https://h/a?...");
  EXPECT_EQ(shown_url("/login?secret=1"), "/login?...");
  EXPECT_EQ(shown_url(""), "");
}

TEST(HangupOptions, RepeatAfterA503) {
  for (const char* good :
       {"https://h/a#rp=5xx", "https://h/a#rc=1&rp=ct,5xx", "https://h/a#rp=all"}) {
    EXPECT_TRUE(is_repeated_after_503(good)) << good;
  }
  for (const char* bad : {"https://h/a", "https://h/a#rc=5", "https://h/a#rp=ct,rt&rc=5",
                          "https://h/a#rc=0&rp=5xx", "https://h/a?rp=5xx", "https://h/a#"}) {
    EXPECT_FALSE(is_repeated_after_503(bad)) << bad;
  }
}

}  // namespace
}  // namespace plivo_dial::ctl
