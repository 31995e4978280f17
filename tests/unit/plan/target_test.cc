// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

std::string verdict(std::string_view text) {
  const Result<void> result = check_e164(text);
  return result ? "accepted" : result.error().message;
}

TEST(CheckE164, AcceptsSevenToFifteenDigits) {
  for (const std::string_view text :
       {"+14155550111", "+442079460000", "+1234567", "+123456789012345", "+918030000100"}) {
    EXPECT_EQ(verdict(text), "accepted") << text;
  }
}

TEST(CheckE164, ProposesTheNumberMeant) {
  const struct {
    std::string_view text;
    std::string_view meant;
  } cases[] = {
      {"14155550111", "+14155550111"},
      {"1-415-555-0111", "+14155550111"},
      {"+1 415 555 0111", "+14155550111"},
      {"+1 (415) 555-0111", "+14155550111"},
      {"+1\u2011415\u2013555-0111", "+14155550111"},
      {"0044 20 7946 0000", "+442079460000"},
      {"00442079460000", "+442079460000"},
      {"+44 (0)20 7946 0000", "+442079460000"},
      {"44 (0)20 7946 0000", "+442079460000"},
      {"0044 (0)20 7946 0000", "+442079460000"},
      {"+44/20/79460000", "+442079460000"},
      {"442079460000", "+442079460000"},
      {" +14155550111", "+14155550111"},
  };
  for (const auto& [text, meant] : cases) {
    EXPECT_THAT(verdict(text), AllOf(HasSubstr("\"" + std::string(text) + "\""),
                                     EndsWith("did you mean " + std::string(meant) + "?")));
  }
}

TEST(CheckE164, ProposesNothingWhereNothingCanBeTold) {
  for (const std::string_view text : {"",
                                      "+",
                                      "+1",
                                      "+123456",
                                      "+1234567890123456",
                                      "+0123456789",
                                      "0",
                                      "5550111",
                                      "4155550111",
                                      "(415) 555-0111",
                                      "415.555.0111",
                                      "1155550111",
                                      "02079460000",  // national
                                      "+1415CALLNOW",
                                      "alice",
                                      "++14155550111",
                                      "+1415+5550111",
                                      "00",
                                      "000000000000",
                                      "+1415555011\xC2\xB2",
                                      "\xFF"}) {
    EXPECT_THAT(verdict(text), AllOf(HasSubstr("is not a phone number in E.164"),
                                     HasSubstr("7 to 15 digits"), Not(HasSubstr("did you mean"))))
        << text;
  }
}

TEST(CheckE164, MissesACountryCodeOnlyInWhatMayBeANumberWithoutOne) {
  for (const std::string_view text : {"5550111", "415-555-0111", "(0)20 7946 000"}) {
    EXPECT_THAT(verdict(text), HasSubstr("the country code is missing")) << text;
  }
  for (const std::string_view text : {"", "0", "555011", "+0123456789", "+1415", "alice"}) {
    EXPECT_THAT(verdict(text), Not(HasSubstr("country code is missing"))) << text;
  }
}

std::string target_verdict(std::string_view argument) {
  const Result<Target> target = parse_target(argument);
  return target ? "accepted" : target.error().message;
}

TEST(CheckE164, NamesWhatNobodySees) {
  const struct {
    std::string_view text;
    std::string_view words;
  } cases[] = {
      {"\u202A+14155550111\u202C", "U+202A (left-to-right embedding)"},
      {"+1415\u200B5550111", "U+200B (zero width space)"},
      {"+1\u00A0415\u00A0555\u00A00111", "U+00A0 (no-break space)"},
      {"\uFEFF+14155550111", "U+FEFF (byte order mark)"},
  };
  for (const auto& [text, words] : cases) {
    EXPECT_THAT(verdict(text), AllOf(HasSubstr(words), EndsWith("did you mean +14155550111?")));
  }
  EXPECT_THAT(verdict("\u200E"), AllOf(HasSubstr("U+200E"), Not(HasSubstr("did you mean"))));
}

TEST(CheckE164, SeparatesSeveralNumbersByBlanks) {
  for (const std::string_view text :
       {"+14155550111,+14155550122", "+14155550111, +14155550122", "+14155550111;+14155550122"}) {
    EXPECT_THAT(verdict(text), HasSubstr("separate numbers by blanks, without commas: "
                                         "+14155550111 +14155550122"));
  }
  EXPECT_THAT(verdict("+14155550111,"), EndsWith("without commas: +14155550111"));
  EXPECT_THAT(verdict("+14155550111;"), HasSubstr("is not a phone number in E.164"));
}

TEST(ParseTarget, ReadsNumbersAndUsers) {
  const struct {
    std::string_view argument;
    Target expected;
  } cases[] = {
      {"+14155550111", {Target::Kind::kNumber, "+14155550111", {}}},
      {"  +14155550111 ", {Target::Kind::kNumber, "+14155550111", {}}},
      {"+14155550111 sendDigits=wwww2410",
       {Target::Kind::kNumber, "+14155550111", {{"sendDigits", "wwww2410"}}}},
      {"+14155550111  sendOnPreanswer=true\tsendDigitsMode=rfc2833",
       {Target::Kind::kNumber,
        "+14155550111",
        {{"sendOnPreanswer", "true"}, {"sendDigitsMode", "rfc2833"}}}},
      {"sip:alice@phone.plivo.com", {Target::Kind::kUser, "sip:alice@phone.plivo.com", {}}},
      {"sip:alice@h;transport=tls", {Target::Kind::kUser, "sip:alice@h;transport=tls", {}}},
      {"sip:alice@h;transport=tls sipHeaders=a=b,c=d",
       {Target::Kind::kUser, "sip:alice@h;transport=tls", {{"sipHeaders", "a=b,c=d"}}}},
      {"sip:a@h sipAuthUsername=u sipAuthPassword=p=ssw0rd!",
       {Target::Kind::kUser,
        "sip:a@h",
        {{"sipAuthUsername", "u"}, {"sipAuthPassword", "p=ssw0rd!"}}}},
  };
  for (const auto& [argument, expected] : cases) {
    const Result<Target> target = parse_target(argument);
    ASSERT_TRUE(target.ok()) << target.error().message;
    EXPECT_EQ(*target, expected) << argument;
  }
}

TEST(ParseTarget, AcceptsSipAddresses) {
  for (const std::string_view text :
       {"sip:1001@10.0.0.1", "sip:1001@10.0.0.1:5060", "sip:a.b+c_d@host-1.example.com",
        "sip:a@[2001:db8::1]", "sip:a@[2001:db8::1]:5061;transport=udp",
        "sip:+14155550111@carrier.example.com;user=phone", "sip:a:secret@h", "sip:a%20b@h"}) {
    EXPECT_EQ(target_verdict(text), "accepted") << text;
  }
}

TEST(ParseTarget, RefusesWithTheRemedy) {
  const struct {
    std::string_view argument;
    std::string_view message;
  } cases[] = {
      {"", "a target is missing"},
      {"   ", "a target is missing"},
      {"sendDigits=1", "a target is missing"},
      {"+1 415 555 0111", "did you mean +14155550111?"},
      {"+1 415 555 0111 sendDigits=1", "did you mean +14155550111?"},
      {"4155550111", "the country code is missing"},
      {"+14155550111,+14155550122", "without commas: +14155550111 +14155550122"},
      {"sip:a@h,sip:b@h", "without commas: sip:a@h sip:b@h"},
      {"+14155550111 sendDigits = 12", "write no blanks around '=': sendDigits=12"},
      {"+14155550111 sendDigits='12'", "leave the quotes out: sendDigits=12"},
      {"sip:a@h sipAuthUsername=u sipAuthPassword=\u201Chunter22\u201D", "sipAuthPassword=..."},
      {"bob", "neither a phone number such as"},
      {"sipgate", "neither a phone number such as"},
      {"si:p", "neither a phone number such as"},
      {"tel:+14155550111", "neither a phone number such as"},
      {"alice@phone.plivo.com", "did you mean \"sip:alice@phone.plivo.com\"?"},
      {"1001@pbx.example.com", "did you mean \"sip:1001@pbx.example.com\"?"},
      {"SIP:alice@h", "did you mean \"sip:alice@h\"?"},
      {"sips:alice@h", "does not take; write \"sip:alice@h\""},
      {"SIPS:alice@h", "does not take; write \"sip:alice@h\""},
      {"sips:alice", "does not take; write a sip: address"},
      {"sip:alice", "write sip:user@host"},
      {"sip:", "write sip:user@host"},
      {"sip:@h", "write sip:user@host"},
      {"sip:alice@", "write sip:user@host"},
      {"sip:alice@h@h", "write sip:user@host"},
      {"sip:alice@h:", "write sip:user@host"},
      {"sip:alice@h:0", "write sip:user@host"},
      {"sip:alice@h:65536", "write sip:user@host"},
      {"sip:alice@h:5060x", "write sip:user@host"},
      {"sip:alice@h;", "write sip:user@host"},
      {"sip:alice@h/path", "write sip:user@host"},
      {"sip:al\"ice@h", "write sip:user@host"},
      {"sip:al<ice@h", "write sip:user@host"},
      {"sip:alice@h>", "write sip:user@host"},
      {"sip:al'ice@h", "write sip:user@host"},
      {"sip:al ice@h", "write sip:user@host"},
      {"sip:\xC3\xA4@h", "write sip:user@host"},
      {"sip:a\x01@h", "write sip:user@host"},
      {"sip:a@[::1", "write sip:user@host"},
      {"sip:a@[]", "write sip:user@host"},
      {"+14155550111 sendDigits=1 bob", "\"bob\" behind target \"+14155550111\""},
      {"+14155550111 sendDigits=x", "sendDigits=\"x\" holds something other"},
      {"+14155550111 sendDigts=1", "did you mean \"sendDigits\"?"},
      {"+14155550111 sendDigits=1 sendDigits=2", "\"sendDigits\" is given twice"},
      {"+14155550111 timeout=20", "argument of its own, outside their quotes"},
      {"+14155550111 sipAuthUsername=u", "is an attribute of User, not of Number"},
      {"sip:a@h sendDigitsMode=rfc2833", "is an attribute of Number, not of User"},
      {"sip:a@h timeout=20", "argument of its own, outside their quotes"},
      {"sip:a@h sipAuthUsername=u", "sipAuthUsername needs sipAuthPassword"},
      {"sip:a@h sipAuthPassword=12345678", "sipAuthPassword needs sipAuthUsername"},
      {"sip:a@h sipHeaders=PH-x=1", "reserves and drops silently"},
  };
  for (const auto& [argument, message] : cases) {
    EXPECT_THAT(target_verdict(argument), HasSubstr(message)) << argument;
  }
  EXPECT_THAT(target_verdict("+14155550111 unheard=1"), Not(HasSubstr("outside their quotes")));
}

}  // namespace
}  // namespace plivo_dial
