// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/directive_arguments.h"
#include "lib/plan/prompt_arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plivo_dial {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using Words = std::vector<std::string_view>;

template <class T>
std::string verdict(const Result<T>& result) {
  return result ? "accepted" : result.error().message;
}

TEST(ParseStage, ReadsTargetsAndAttributesInAnyOrder) {
  const Result<Stage> stage =
      parse_stage(Words{"timeout=20", "+14155550111", "+14155550112 sendDigits=1",
                        "callerName=Front desk", "sip:alice@phone.plivo.com"});
  ASSERT_TRUE(stage.ok()) << stage.error().message;
  EXPECT_EQ(*stage, (Stage{{{Target::Kind::kNumber, "+14155550111", {}},
                            {Target::Kind::kNumber, "+14155550112", {{"sendDigits", "1"}}},
                            {Target::Kind::kUser, "sip:alice@phone.plivo.com", {}}},
                           {{"timeout", "20"}, {"callerName", "Front desk"}}}));
}

TEST(ParseStage, KeepsValuesByteForByte) {
  const Result<Stage> stage = parse_stage(Words{"+14155550111", "action=https://h/a?x=1&y=2#ct=500",
                                                "callerName=Gr\xC3\xBC\xC3\x9F=e"});
  ASSERT_TRUE(stage.ok()) << stage.error().message;
  EXPECT_EQ(stage->attributes, (Attributes{{"action", "https://h/a?x=1&y=2#ct=500"},
                                           {"callerName", "Gr\xC3\xBC\xC3\x9F=e"}}));
}

TEST(ParseStage, RefusesWithTheRemedy) {
  const struct {
    Words arguments;
    std::string_view message;
  } cases[] = {
      {{}, "there is nobody to call"},
      {{"timeout=20"}, "there is nobody to call"},
      {{""}, "a target is missing"},
      {{"+14155550111", ""}, "a target is missing"},
      {{"+14155550111", "+14155550111"}, "\"+14155550111\" is given twice"},
      {{"sip:a@h", "+14155550111", "sip:a@h sendDigits=1"}, "\"sip:a@h\" is given twice"},
      {{"4155550111"}, "the country code is missing"},
      {{"+14155550111,+14155550112"},
       "separate numbers by blanks, without commas: +14155550111 +14155550112"},
      {{"+14155550111,", "+14155550112"}, "without commas: +14155550111"},
      {{"+14155550111;sip:a@h"}, "without commas: +14155550111 sip:a@h"},
      {{"\u202A+14155550111\u202C"},
       "holds the invisible character U+202A (left-to-right embedding)"},
      {{"+1\u00A0415\u00A0555\u00A00111"}, "U+00A0 (no-break space)"},
      {{"+1", "415", "555", "0111"},
       "\"+1 415 555 0111\" is not a phone number in E.164; did you "
       "mean +14155550111?"},
      {{"(415)", "555-0111", "timeout=20"}, "the country code is missing"},
      {{"0044", "20", "7946", "0000"}, "did you mean +442079460000?"},
      {{"915-555-0111"}, "the country code is missing"},
      {{"4155550", "111"}, "\"4155550\" is not a phone number"},
      {{"+1", "(415)", "555-0111", "timeout=20"}, "did you mean +14155550111?"},
      {{"+14155550111", "timeout=20", "timeout=30"}, "\"timeout\" is given twice"},
      {{"+14155550111", "timout=20"}, "did you mean \"timeout\"?"},
      {{"+14155550111", "timeout=0"}, "from 1 to 86400"},
      {{"+14155550111", "sendDigits=1"},
       "write it with its target in one quoted argument: \"+14155550111 sendDigits=...\""},
      {{"+14155550111", "sipAuthUsername=u"},
       "in one quoted argument: \"sip:alice@example.com sipAuthUsername=...\""},
      {{"+14155550111", "say=Two", "words"}, "Dial has no attribute \"say\""},
      {{"+14155550111", "callerName=Front", "desk"},
       "\"desk\" is neither a phone number (+14155550111), nor a SIP user (sip:alice@example.com), "
       "nor attribute=value; if it belongs to the argument before it, put quotes around the whole "
       "argument: \"callerName=Front desk\""},
      {{"+14155550111", "callerName=\"Front", "desk\""}, "argument: \"callerName=Front desk\""},
      {{"+14155550111", "callerName=Line", "2"}, "argument: \"callerName=Line 2\""},
      {{"bob"}, "\"bob\" is neither a phone number"},
      {{"+14155550111", "action=/dialstatus"}, "not an absolute URL"},
      {{"+14155550111", "action=https://h/?stage=2"}, "query parameter stage"},
      {{"+14155550111", "callbackUrl=https://h/?a=b&stage=2#rc=1"}, "query parameter stage"},
      {{"+14155550111", "sipHeaders=Twilio=1"}, "reserves and drops silently"},
      {{"+14155550111", "callerName=\xFF"}, "not valid UTF-8"},
      {{"+14155550111", "\xFF\xFE"}, "neither a phone number"},
      {{"+14155550111", "callerId=bob"}, "callerId=\"bob\" is not a phone number"},
      {{"+14155550111", "=20"}, "\"=20\" is neither a phone number"},
  };
  for (const auto& [arguments, message] : cases) {
    EXPECT_THAT(verdict(parse_stage(arguments)), HasSubstr(message));
  }
}

TEST(ParseStage, AHintNeedsAnArgumentBefore) {
  EXPECT_THAT(verdict(parse_stage(Words{"bob"})), Not(HasSubstr("quotes")));
}

TEST(ParseStage, AcceptsNearMissesOfTheContinuation) {
  for (const std::string_view url :
       {"action=https://h/?stages=2", "action=https://h/stage=2", "action=https://h/#stage=2",
        "action=https://h/?backstage=2&x=stage"}) {
    EXPECT_EQ(verdict(parse_stage(Words{"+14155550111", url})), "accepted") << url;
  }
}

TEST(ParseDialDefaults, ReadsAttributes) {
  const Result<Attributes> defaults = parse_dial_defaults(Words{"timeout=25", "redirect=false"});
  ASSERT_TRUE(defaults.ok()) << defaults.error().message;
  EXPECT_EQ(*defaults, (Attributes{{"timeout", "25"}, {"redirect", "false"}}));
}

TEST(ParseDialDefaults, RefusesWithTheRemedy) {
  const struct {
    Words arguments;
    std::string_view message;
  } cases[] = {
      {{}, "at least one attribute=value"},
      {{"+14155550111"}, "targets belong on PlivoDial"},
      {{"timeout=1", "sip:a@h"}, "targets belong on PlivoDial"},
      {{"timeout=1", "timeout=1"}, "given twice"},
      {{"callerName=Front", "desk"}, "\"callerName=Front desk\""},
      {{"timeout"}, "\"timeout\" is not of the form attribute=value"},
      {{"action=https://h/?stage=1"}, "query parameter stage"},
  };
  for (const auto& [arguments, message] : cases) {
    EXPECT_THAT(verdict(parse_dial_defaults(arguments)), HasSubstr(message));
  }
}

TEST(ParsePrompt, ReadsContentAndAttributes) {
  const struct {
    Prompt::Kind kind;
    Words arguments;
    Prompt expected;
  } cases[] = {
      {Prompt::Kind::kSpeak,
       {"Connecting your call.."},
       {Prompt::Kind::kSpeak, "Connecting your call..", {}}},
      {Prompt::Kind::kSpeak,
       {"Gr\xC3\xBC\xC3\x9F dich, \xF0\x9F\x93\x9E", "voice=MAN", "language=de-DE"},
       {Prompt::Kind::kSpeak,
        "Gr\xC3\xBC\xC3\x9F dich, \xF0\x9F\x93\x9E",
        {{"voice", "MAN"}, {"language", "de-DE"}}}},
      {Prompt::Kind::kSpeak, {"a=b"}, {Prompt::Kind::kSpeak, "a=b", {}}},
      {Prompt::Kind::kPlay,
       {"https://h/a.mp3", "loop=2"},
       {Prompt::Kind::kPlay, "https://h/a.mp3", {{"loop", "2"}}}},
      {Prompt::Kind::kWait,
       {"3", "silence=true"},
       {Prompt::Kind::kWait, "3", {{"silence", "true"}}}},
  };
  for (const auto& [kind, arguments, expected] : cases) {
    const Result<Prompt> prompt = parse_prompt(kind, arguments);
    ASSERT_TRUE(prompt.ok()) << prompt.error().message;
    EXPECT_EQ(*prompt, expected);
  }
}

TEST(ParsePrompt, RefusesWithTheRemedy) {
  const struct {
    Prompt::Kind kind;
    Words arguments;
    std::string_view message;
  } cases[] = {
      {Prompt::Kind::kSpeak, {}, "the text to be spoken is missing"},
      {Prompt::Kind::kSpeak, {" \t"}, "the text to be spoken is empty"},
      {Prompt::Kind::kSpeak, {"voice=MAN", "Hello"}, "must come first, before \"voice=MAN\""},
      {Prompt::Kind::kSpeak, {"Connecting", "your", "call"}, "\"Connecting your\""},
      {Prompt::Kind::kSpeak, {"Hi", "voice=MAN", "voice=MAN"}, "given twice"},
      {Prompt::Kind::kSpeak, {"Hi", "voice=bob"}, "WOMAN, MAN or Polly"},
      {Prompt::Kind::kSpeak, {"Hi", "lop=2"}, "did you mean \"loop\"?"},
      {Prompt::Kind::kSpeak, {"Gr\xFC\xDF"}, "not valid UTF-8; save the file as UTF-8"},
      {Prompt::Kind::kSpeak, {"\xED\xA0\x80"}, "not valid UTF-8"},
      {Prompt::Kind::kPlay, {}, "the URL of the sound is missing"},
      {Prompt::Kind::kPlay, {"hello.mp3"}, "hello.mp3"},
      {Prompt::Kind::kPlay, {"loop=2"}, "must come first"},
      {Prompt::Kind::kWait, {}, "the number of seconds is missing"},
      {Prompt::Kind::kWait, {"soon"}, "length=\"soon\" is not a whole number"},
      {Prompt::Kind::kWait, {"0"}, "from 1 to 86400"},
      {Prompt::Kind::kWait, {"2", "length=3"}, "leave \"length=3\" out"},
  };
  for (const auto& [kind, arguments, message] : cases) {
    EXPECT_THAT(verdict(parse_prompt(kind, arguments)), HasSubstr(message));
  }
}

// Dial and its targets have them.
TEST(ParsePrompt, SaysNotWhereAnAttributeOfADialBelongs) {
  for (const std::string_view attribute : {"timeout=20", "sendDigits=1"}) {
    EXPECT_THAT(verdict(parse_prompt(Prompt::Kind::kSpeak, Words{"Hi", attribute})),
                AllOf(HasSubstr("not of Speak"), Not(HasSubstr("write it"))))
        << attribute;
  }
}

TEST(ParsePrompt, PollyVoicesTakeThreeThousandCharacters) {
  std::string text;
  for (int i = 0; i < 3'000; ++i) text += "\xC3\xBC";
  EXPECT_EQ(verdict(parse_prompt(Prompt::Kind::kSpeak, Words{text, "voice=Polly.Vicki"})),
            "accepted");
  text += 'x';
  EXPECT_THAT(verdict(parse_prompt(Prompt::Kind::kSpeak, Words{text, "voice=Polly.Vicki"})),
              HasSubstr("has 3001 characters"));
  EXPECT_EQ(verdict(parse_prompt(Prompt::Kind::kSpeak, Words{text, "voice=MAN"})), "accepted");
}

TEST(ParseVoicemail, ReadsGreetingAndAttributes) {
  EXPECT_EQ(parse_voicemail(Words{"off"}).value(), std::nullopt);
  const Prompt usual{Prompt::Kind::kSpeak, "", {}};
  EXPECT_EQ(parse_voicemail(Words{"ON"}).value(), (Voicemail{usual, {}}));
  EXPECT_EQ(parse_voicemail(Words{"On", "maxLength=90", "language=de-DE", "say=Guten Tag"}).value(),
            (Voicemail{{Prompt::Kind::kSpeak, "Guten Tag", {{"language", "de-DE"}}},
                       {{"maxLength", "90"}}}));
  EXPECT_EQ(parse_voicemail(Words{"On", "play=https://h/a.mp3", "finishOnKey=*"}).value(),
            (Voicemail{{Prompt::Kind::kPlay, "https://h/a.mp3", {}}, {{"finishOnKey", "*"}}}));
}

TEST(ParseVoicemail, RefusesWithTheRemedy) {
  const struct {
    Words arguments;
    std::string_view message;
  } cases[] = {
      {{}, "write On or Off"},
      {{"yes"}, "\"yes\" is not On or Off"},
      {{"maxLength=90"}, "is not On or Off, which must come first"},
      {{"Off", "maxLength=90"}, "\"maxLength=90\" has no meaning behind Off"},
      {{"On", "say=Leave", "a message"},
       "put quotes around the whole argument: \"say=Leave a message\""},
      {{"On", "Leave a message"}, "the greeting is written as \"say=Leave a message\""},
      {{"On", "say= "}, "the text to be spoken is empty"},
      {{"On", "say=a", "play=https://h/a.mp3"}, "the greeting is given twice"},
      {{"On", "play=a.mp3"}, "\"a.mp3\""},
      {{"On", "play=https://h/a.mp3", "voice=MAN"}, "for a greeting that is spoken"},
      {{"On", "voice=Robot"}, "voice"},
      {{"On", "voice=MAN", "voice=WOMAN"}, "twice"},
      {{"On", "maxLenght=90"}, "did you mean \"maxLength\"?"},
      {{"On", "maxLength=0"}, "maxLength"},
      {{"On", "recordSession=true"}, "records the call and not a message"},
      {{"On", "startOnDialAnswer=true"}, "records the call and not a message"},
      {{"On", "action=/message"}, "action"},
  };
  for (const auto& [arguments, message] : cases) {
    EXPECT_THAT(verdict(parse_voicemail(arguments)), HasSubstr(message));
  }
}

TEST(ParseVoice, ReadsVoiceAndSentences) {
  EXPECT_EQ(parse_voice(Words{"voice=MAN"}).value(),
            (Voice{{{"voice", "MAN"}}, std::string(kApology), std::string(kVoicemailGreeting)}));
  EXPECT_EQ(parse_voice(Words{"language=de-DE", "apology=Leider nein.", "greeting=Bitte sprechen"})
                .value(),
            (Voice{{{"language", "de-DE"}}, "Leider nein.", "Bitte sprechen"}));
  EXPECT_EQ(parse_voice(Words{"apology=Sorry!"}).value().apology, "Sorry!");
}

TEST(ParseVoice, RefusesWithTheRemedy) {
  const struct {
    Words arguments;
    std::string_view message;
  } cases[] = {
      {{}, "write at least one of voice="},
      {{"MAN"}, "not of the form attribute=value"},
      {{"voice=bob"}, "WOMAN, MAN or Polly"},
      {{"loop=2"}, "is none of voice, language, apology and greeting"},
      {{"apologie=x"}, "did you mean \"apology\"?"},
      {{"apology= "}, "the text to be spoken is empty"},
      {{"apology=a", "apology=b"}, "\"apology\" is given twice"},
      {{"voice=MAN", "voice=MAN"}, "given twice"},
      {{"apology=Tut", "mir leid"}, "\"apology=Tut mir leid\""},
      {{"language=de-DE"}, "the built-in sentences are English; add \"apology=...\""},
      {{"voice=Polly.Hans"}, "in the language \"de-DE\""},
      {{"language=hi-IN", "apology=x"}, "add voice=Polly.Aditi"},
      {{"language=zz-ZZ", "apology=x"}, "is spoken by no voice"},
  };
  for (const auto& [arguments, message] : cases) {
    EXPECT_THAT(verdict(parse_voice(arguments)), HasSubstr(message));
  }
}

TEST(ParseCallerId, ReadsWordsAndNumbers) {
  EXPECT_EQ(*parse_caller_id("caller"), (CallerId{CallerId::Kind::kCaller, ""}));
  EXPECT_EQ(*parse_caller_id("called"), (CallerId{CallerId::Kind::kCalled, ""}));
  EXPECT_EQ(*parse_caller_id("+14155550199"), (CallerId{CallerId::Kind::kNumber, "+14155550199"}));
}

TEST(ParseCallerId, RefusesWithTheRemedy) {
  EXPECT_THAT(verdict(parse_caller_id("Caller")), HasSubstr("did you mean \"caller\"?"));
  EXPECT_THAT(verdict(parse_caller_id("caled")), HasSubstr("did you mean \"called\"?"));
  EXPECT_THAT(verdict(parse_caller_id("4155550199")), HasSubstr("the country code is missing"));
  EXPECT_THAT(verdict(parse_caller_id("")),
              AllOf(HasSubstr("E.164"), HasSubstr("caller and called")));
  EXPECT_THAT(verdict(parse_caller_id("anonymous")), HasSubstr("caller and called"));
}

}  // namespace
}  // namespace plivo_dial
