// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "lib/document/attribute_check.h"
#include "lib/document/vocabulary.h"

namespace plivo_dial {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

struct Case {
  std::string_view element;
  std::string_view name;
  std::string_view value;
};

std::string message_of(const Result<void>& result) {
  return result ? "accepted" : result.error().message;
}

TEST(Vocabulary, KnowsDialAsPlivoDocumentsIt) {
  const ElementRule* dial = find_element_rule("Dial");
  ASSERT_NE(dial, nullptr);
  EXPECT_THAT(
      attribute_names(*dial),
      ElementsAre("action", "method", "redirect", "timeout", "timeLimit", "callerId", "callerName",
                  "hangupOnStar", "confirmSound", "confirmKey", "confirmTimeout", "dialMusic",
                  "callbackUrl", "callbackMethod", "digitsMatch", "digitsMatchBLeg", "sipHeaders",
                  "callType", "machineDetection"));
  EXPECT_THAT(std::vector(dial->children.begin(), dial->children.end()),
              ElementsAre("Number", "User"));
  EXPECT_FALSE(dial->has_text);
}

TEST(Vocabulary, IsConsistent) {
  for (const std::string_view name : element_names()) {
    const ElementRule* rule = find_element_rule(name);
    ASSERT_NE(rule, nullptr) << name;
    for (const std::string_view child : rule->children) {
      EXPECT_NE(find_element_rule(child), nullptr) << name << " names " << child;
    }
    for (const AttributeRule& attribute : rule->attributes) {
      EXPECT_EQ(attribute.kind == ValueKind::kWord || attribute.kind == ValueKind::kWordInAnyCase,
                !attribute.words.empty())
          << name << " " << attribute.name;
      EXPECT_TRUE(attribute.kind != ValueKind::kInteger || attribute.min < attribute.max) << name;
      const auto same = [&](const AttributeRule& r) { return r.name == attribute.name; };
      EXPECT_EQ(std::count_if(rule->attributes.begin(), rule->attributes.end(), same), 1)
          << name << " " << attribute.name;
    }
  }
}

TEST(Vocabulary, NamesAreCaseSensitive) {
  EXPECT_EQ(find_element_rule("dial"), nullptr);
  EXPECT_EQ(find_attribute_rule(*find_element_rule("Dial"), "callerID"), nullptr);
}

TEST(CheckAttribute, AcceptsWhatPlivoTakes) {
  const Case cases[] = {
      {"Dial", "action", "https://pbx.example.com/a?b=c#rc=1"},
      {"Dial", "action", "http://user:pw@[::1]:8080/x"},
      {"Dial", "action", "HTTPS://pbx.example.com"},
      {"Dial", "method", "GET"},
      {"Dial", "redirect", "false"},
      {"Dial", "timeout", "1"},
      {"Dial", "timeout", "86400"},
      {"Dial", "callerId", "+14155550100"},
      {"Dial", "callerId", "14155550100"},
      {"Dial", "callerId", "+123456789012345"},
      {"Dial", "callerName", "B\xC3\xBCro"},
      {"Dial", "confirmKey", "#"},
      {"Dial", "confirmKey", "0"},
      {"Dial", "dialMusic", "real"},
      {"Dial", "dialMusic", "https://h/music"},
      {"Dial", "digitsMatch", "*9,123,#"},
      {"Dial", "sipHeaders", "Ticket=123,Queue=sales"},
      {"Dial", "callType", "whatsapp"},
      {"Number", "sendDigits", "wwww2410#W"},
      {"Number", "sendDigitsMode", "rfc2833"},
      {"User", "sipAuthUsername", "alice"},
      {"User", "sipAuthPassword", "12345678"},
      {"Speak", "voice", "MAN"},
      {"Speak", "voice", "WOMAN"},
      {"Speak", "voice", "Polly.Jitka-Neural"},
      {"Speak", "voice", "Polly.Joanna"},
      {"Speak", "language", "pt-BR"},
      {"Speak", "language", "arb"},
      {"Speak", "language", "az-Zz-09"},
      {"Speak", "loop", "0"},
      {"Wait", "beep", "duration=300,threshold=256"},
      {"Wait", "beep", "true"},
      {"Wait", "minSilence", "3000"},
      {"Hangup", "reason", "busy"},
      {"Record", "finishOnKey", "none"},
      {"Record", "finishOnKey", "#"},
      {"Record", "finishOnKey", "*"},
      {"GetDigits", "finishOnKey", "0"},
      {"GetDigits", "validDigits", "1234567890*#"},
      {"GetDigits", "validDigits", "none"},
      {"Dial", "machineDetection", "hangup"},
      {"Number", "callerId", "+14155550199"},
      {"Number", "callerName", "Sales"},
      {"User", "callerId", "14155550199"},
      {"User", "callerName", "Desk"},
      {"Stream", "noiseCancellation", "true"},
      {"Stream", "noiseCancellationLevel", "60"},
      {"Stream", "noiseCancellationLevel", "100"},
      {"Conference", "sendDigits", "12w#"},
      {"Conference", "maxMembers", "20"},
      {"Conference", "waitSound", ""},
      {"MultiPartyCall", "waitForAgent", "true"},
      {"MultiPartyCall", "recordCoachVoice", "false"},
      {"MultiPartyCall", "recordParticipantTrack", "false"},
      {"MultiPartyCall", "waitTime", "0"},
      {"MultiPartyCall", "waitTime", "1800"},
      {"MultiPartyCall", "transcript", "true"},
      {"MultiPartyCall", "transcriptionUrl", "https://h/t"},
      {"MultiPartyCall", "recordMinMemberCount", "2"},
      {"MultiPartyCall", "aiAgentStreamServiceUrl", "wss://h/s"},
      {"MultiPartyCall", "aiAgentStreamContentType", "audio/x-l16;rate=8000"},
      {"MultiPartyCall", "aiAgentStreamSamplingRate", "16000"},
      {"MultiPartyCall", "aiAgentStreamStatusCallbackUrl", "https://h/c"},
      {"MultiPartyCall", "aiAgentStreamStatusCallbackMethod", "GET"},
      {"MultiPartyCall", "aiAgentStreamExtraHeaders", "a=b"},
      {"MultiPartyCall", "role", "ai-agent"},
      {"MultiPartyCall", "role", "Supervisor"},
      {"GetInput", "inputType", "dtmf speech"},
      {"MultiPartyCall", "role", "Agent"},
      {"lang", "xml:lang", "fr-FR"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(message_of(check_attribute(c.element, c.name, c.value)), "accepted")
        << c.element << " " << c.name << "=" << c.value;
  }
}

TEST(CheckAttribute, RefusesOtherValues) {
  const std::string fifty_one(51, 'x');
  const std::string fifty_umlauts = [] {
    std::string text;
    for (int i = 0; i < 50; ++i) text += "\xC3\xBC";
    return text;
  }();
  EXPECT_TRUE(check_attribute("Dial", "callerName", fifty_umlauts).ok());
  EXPECT_FALSE(check_attribute("Dial", "callerName", fifty_umlauts + "x").ok());
  const struct {
    Case given;
    std::string_view message;
  } cases[] = {
      {{"Dial", "action", "/dialstatus"}, "action=\"/dialstatus\" is not an absolute URL"},
      {{"Dial", "action", "https://"}, "not an absolute URL"},
      {{"Dial", "action", "https://h/a b"}, "not an absolute URL"},
      {{"Dial", "action", "https://h:0/"}, "not an absolute URL"},
      {{"Dial", "action", "https://h:99999/"}, "not an absolute URL"},
      {{"Dial", "action", "https://h:/"}, "not an absolute URL"},
      {{"Dial", "action", "https://[]/"}, "not an absolute URL"},
      {{"Dial", "action", "ftp://h/"}, "http:// or https://"},
      {{"Dial", "action", ""}, "not an absolute URL"},
      {{"Dial", "method", "post"}, "did you mean \"POST\"?"},
      {{"Dial", "method", "DELETE"}, "one of GET, POST"},
      {{"Dial", "redirect", "no"}, "neither true nor false"},
      {{"Dial", "redirect", "False"}, "neither true nor false"},
      {{"Dial", "timeout", "0"}, "timeout=\"0\" is not a whole number from 1 to 86400"},
      {{"Dial", "timeout", "86401"}, "from 1 to 86400"},
      {{"Dial", "timeout", "-5"}, "from 1 to 86400"},
      {{"Dial", "timeout", "20s"}, "from 1 to 86400"},
      {{"Dial", "timeout", "2.5"}, "from 1 to 86400"},
      {{"Dial", "timeout", " 20"}, "from 1 to 86400"},
      {{"Dial", "timeout", "99999999999999999999"}, "from 1 to 86400"},
      {{"Dial", "timeout", ""}, "from 1 to 86400"},
      {{"Dial", "callerId", "anonymous"}, "not a phone number"},
      {{"Dial", "callerId", "+"}, "not a phone number"},
      {{"Dial", "callerId", "+1234567890123456"}, "not a phone number"},
      {{"Dial", "callerName", fifty_one}, "at most 50"},
      {{"Dial", "callerName", ""}, "is empty"},
      {{"Dial", "callerName", "\xFF"}, "not valid UTF-8; save the file as UTF-8"},
      {{"Dial", "confirmKey", "12"}, "one of 0, 1, 2"},
      {{"Dial", "dialMusic", "none"}, "nor the word real"},
      {{"Dial", "digitsMatch", "1,,2"}, "list of digit patterns"},
      {{"Dial", "digitsMatch", "1,"}, "list of digit patterns"},
      {{"Dial", "digitsMatch", ""}, "list of digit patterns"},
      {{"Dial", "digitsMatch", "w1"}, "list of digit patterns"},
      {{"Dial", "sipHeaders", "Ticket"}, "letters and digits only"},
      {{"Dial", "sipHeaders", "Ticket="}, "letters and digits only"},
      {{"Dial", "sipHeaders", "=1"}, "letters and digits only"},
      {{"Dial", "sipHeaders", "a-b=1"}, "letters and digits only"},
      {{"Dial", "sipHeaders", "a=1=2"}, "letters and digits only"},
      {{"Dial", "sipHeaders", "a=b,"}, "is not a list"},
      {{"Dial", "sipHeaders", "a=b;c=d"}, "letters and digits only"},
      {{"Dial", "sipHeaders", ""}, "is not a list"},
      {{"Number", "sendDigits", "2x"}, "0-9 * # w W"},
      {{"Number", "sendDigits", ""}, "0-9 * # w W"},
      {{"Number", "sendDigitsMode", "inband"}, "write rfc2833"},
      {{"Speak", "voice", "woman"}, "WOMAN, MAN or Polly"},
      {{"Speak", "voice", "Polly."}, "WOMAN, MAN or Polly"},
      {{"Speak", "language", "en_US"}, "such as en-US"},
      {{"Speak", "language", "English"}, "such as en-US"},
      {{"Speak", "language", "e"}, "such as en-US"},
      {{"Speak", "language", "engl"}, "such as en-US"},
      {{"Speak", "language", "EN"}, "such as en-US"},
      {{"Speak", "language", "a`"}, "such as en-US"},
      {{"Speak", "language", "a{"}, "such as en-US"},
      {{"Speak", "language", ""}, "such as en-US"},
      {{"Speak", "loop", "-1"}, "from 0"},
      {{"Wait", "beep", "loud"}, "neither true, false nor"},
      {{"Wait", "beep", "duration=x"}, "neither true, false nor"},
      {{"Wait", "beep", "duration=1,"}, "neither true, false nor"},
      {{"Wait", "beep", "loudness=1"}, "neither true, false nor"},
      {{"Wait", "beep", ""}, "neither true, false nor"},
      {{"Hangup", "reason", "bussy"}, "did you mean \"busy\"?"},
      {{"Record", "finishOnKey", "any"}, "0-9 * #"},
      {{"Dial", "callerId", "\u202A+14155550100"}, "U+202A (left-to-right embedding); type"},
      {{"Dial", "timeout", "20\u200B"}, "U+200B (zero width space); type the value"},
      {{"Record", "finishOnKey", "12345"}, "is not one key"},
      {{"Record", "finishOnKey", "x"}, "is not one key"},
      {{"GetInput", "finishOnKey", "*#"}, "is not one key"},
      {{"GetDigits", "finishOnKey", ""}, "is not one key"},
      {{"GetDigits", "validDigits", "12x"}, "holds something other than 0-9 * #"},
      {{"GetDigits", "validDigits", ""}, "holds something other than 0-9 * #"},
      {{"Dial", "machineDetection", "maybe"}, "one of true, hangup"},
      {{"Number", "callerId", "Sales"}, "not a phone number"},
      {{"User", "callerName", fifty_one}, "at most 50"},
      {{"Conference", "maxMembers", "21"}, "from 1 to 20"},
      {{"MultiPartyCall", "recordMinMemberCount", "3"}, "from 1 to 2"},
      {{"MultiPartyCall", "role", "boss"}, "one of agent, supervisor, customer, ai-agent"},
      {{"MultiPartyCall", "waitTime", "1801"}, "from 0 to 1800"},
      {{"Stream", "noiseCancellationLevel", "59"}, "from 60 to 100"},
      {{"Dialog", "timeout", "1"}, "no element \"Dialog\""},
  };
  for (const auto& [given, message] : cases) {
    EXPECT_THAT(message_of(check_attribute(given.element, given.name, given.value)),
                HasSubstr(message))
        << given.element << " " << given.name << "=" << given.value;
  }
}

TEST(CheckAttribute, ProposesOrPlacesUnknownNames) {
  const struct {
    Case given;
    std::string_view message;
  } cases[] = {
      {{"Dial", "timout", "20"}, "Dial has no attribute \"timout\"; did you mean \"timeout\"?"},
      {{"Dial", "callerID", "1"}, "did you mean \"callerId\"?"},
      {{"Dial", "sendDigits", "1"},
       "\"sendDigits\" is an attribute of Number, User and Conference, not of Dial"},
      {{"Dial", "sipAuthUsername", "a"}, "is an attribute of User, not of Dial"},
      {{"User", "sendDigitsMode", "rfc2833"}, "is an attribute of Number, not of User"},
      {{"Dial", "say", "x"}, "it has action, method, redirect"},
      {{"PreAnswer", "colour", "x"}, "it takes none"},
  };
  for (const auto& [given, message] : cases) {
    EXPECT_THAT(message_of(check_attribute(given.element, given.name, given.value)),
                HasSubstr(message));
  }
}

TEST(CheckAttribute, RefusesReservedSipHeadersInAnyCase) {
  for (const std::string_view name :
       {"PH-Ticket", "ph-x", "Plivo", "plivoThing", "FS-a", "SipAuthUser", "sipauth", "ZT-x",
        "TwilioSid", "ClientRegion", "clientregion"}) {
    for (const std::string_view element : {"Dial", "User", "Number"}) {
      EXPECT_THAT(
          message_of(check_attribute(element, "sipHeaders", "a=b," + std::string(name) + "=1")),
          AllOf(HasSubstr(name), HasSubstr("reserves and drops silently")));
    }
  }
  EXPECT_TRUE(check_attribute("Dial", "sipHeaders", "ClientRegionX=1,MyPlivo=2").ok());
}

TEST(CheckAttribute, NeverShowsAPassword) {
  EXPECT_THAT(message_of(check_attribute("User", "sipAuthPassword", "hunter2")),
              AllOf(HasSubstr("less than 8 characters"), Not(HasSubstr("hunter2"))));
  EXPECT_THAT(message_of(check_attribute("User", "sipAuthPassword", std::string(129, 'z'))),
              AllOf(HasSubstr("at most 128"), Not(HasSubstr("zzz"))));
}

TEST(CheckAttributesTogether, NamesWhatIsMissing) {
  const struct {
    std::string_view element;
    Attributes attributes;
    std::string_view message;
  } cases[] = {
      {"Dial", {{"confirmKey", "1"}}, "confirmKey has no effect without confirmSound"},
      {"Dial", {{"confirmTimeout", "9"}, {"confirmSound", "https://h"}}, "confirmTimeout has no"},
      {"Dial",
       {{"confirmKey", "1"}, {"confirmTimeout", "9"}, {"confirmSound", "https://h"}},
       "accepted"},
      {"Dial", {{"confirmSound", "https://h"}}, "accepted"},
      {"Dial", {{"timeout", "1"}, {"timeout", "2"}}, "\"timeout\" is given twice"},
      {"User", {{"sipAuthUsername", "a"}}, "sipAuthUsername needs sipAuthPassword"},
      {"User", {{"sipAuthPassword", "12345678"}}, "sipAuthPassword needs sipAuthUsername"},
      {"User", {{"sipAuthPassword", "12345678"}, {"sipAuthUsername", "a"}}, "accepted"},
      {"Stream", {{"bidirectional", "true"}, {"audioTrack", "both"}}, "does not go with"},
      {"Stream", {{"bidirectional", "true"}, {"audioTrack", "inbound"}}, "accepted"},
      {"Stream", {{"bidirectional", "false"}, {"audioTrack", "both"}}, "accepted"},
      {"Stream", {{"bidirectional", "true"}}, "accepted"},
      {"Stream", {{"audioTrack", "both"}}, "accepted"},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(message_of(check_attributes_together(c.element, c.attributes)),
                HasSubstr(c.message));
  }
}

TEST(CheckElementText, JudgesByElement) {
  const struct {
    std::string_view element;
    std::string_view text;
    std::string_view message;
  } cases[] = {
      {"Number", "+14155550100", "accepted"},
      {"Number", "14155550100", "accepted"},
      {"Number", "", "Number is empty"},
      {"Number", "call me", "not a phone number"},
      {"User", "sip:a@h", "accepted"},
      {"User", "", "User is empty"},
      {"User", "sip:a!~@h:5060;x=y", "accepted"},
      {"User", "a@h", "did you mean \"sip:a@h\"?"},
      {"User", "SIP:a@h", "did you mean \"sip:a@h\"?"},
      {"User", "sips:a@h", "write \"sip:a@h\""},
      {"User", "sips:a", "write a sip: address"},
      {"User", "sip:a b@h", "write sip:user@host"},
      {"User", "sip:a\x7F@h", "write sip:user@host"},
      {"User", "sip:a\"@h", "write sip:user@host"},
      {"User", "sip:a'@h", "write sip:user@host"},
      {"User", "sip:a<@h", "write sip:user@host"},
      {"User", "sip:a>@h", "write sip:user@host"},
      {"User", "sip:@h", "write sip:user@host"},
      {"User", "sip:a@h@h", "write sip:user@host"},
      {"User", "sip:a@h;", "write sip:user@host"},
      {"User", "sip:a@h:0", "write sip:user@host"},
      {"Play", "https://h/a.mp3", "accepted"},
      {"Number", "+1\u00A0415\u00A05550100", "U+00A0 (no-break space); type the number"},
      {"User", "sip:a\u200B@h", "U+200B (zero width space)"},
      {"Play", "https://h/a\u200B.mp3", "U+200B (zero width space)"},
      {"Play", "a.mp3", "Play: the URL \"a.mp3\" is not absolute"},
      {"Redirect", "https://h/a b", "Redirect: the URL \"https://h/a b\" holds a space"},
      {"Redirect", "", "Redirect is empty"},
      {"Play", "", "Play is empty"},
      {"DTMF", "", "DTMF is empty"},
      {"MultiPartyCall", "", "MultiPartyCall is empty"},
      {"Stream", "", "Stream is empty"},
      {"Message", "", "Message is empty"},
      {"DTMF", "12w", "accepted"},
      {"DTMF", "12x", "only 0-9"},
      {"Stream", "wss://h/s", "accepted"},
      {"Stream", "ws://h/s", "accepted"},
      {"Stream", "https://h/s", "ws:// or wss://"},
      {"Conference", "room", "accepted"},
      {"Conference", "", "Conference is empty"},
      {"Speak", "", "accepted"},
      {"Hangup", "", "accepted"},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(message_of(check_element_text(c.element, c.text)), HasSubstr(c.message))
        << c.element << " " << c.text;
  }
}

}  // namespace
}  // namespace plivo_dial
