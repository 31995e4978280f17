// SPDX-License-Identifier: Apache-2.0
#include "lib/document/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "lib/document/element.h"
#include "tests/unit/document/parsed_document.h"

namespace plivo_dial {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::string verdict(std::string_view xml) {
  const Result<std::vector<std::string>> result = check_document(xml);
  return result ? "accepted" : result.error().message;
}

std::vector<std::string> remarks_on_document(std::string_view xml) {
  const Result<std::vector<std::string>> result = check_document(xml);
  EXPECT_TRUE(result.ok()) << result.error().message;
  return result ? *result : std::vector<std::string>();
}

TEST(CheckDocument, AcceptsDocumentsOfEveryKind) {
  for (const std::string_view xml : {
           "<Response/>",
           "<Response></Response>",
           "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<Response>\n  <Hangup reason='busy'/>\n"
           "</Response>\n",
           "<Response><!-- nobody --><Speak>Sorry</Speak><Hangup/></Response>",
           "<Response><Speak voice=\"Polly.Joanna\">One<break time=\"1s\"/><p>two <w>three</w></p>"
           "</Speak></Response>",
           "<Response><Speak><![CDATA[Tom & Jerry]]></Speak></Response>",
           "<Response><Dial timeout='20'><Number>\n +14155550100 \n</Number>"
           "<User sendDigits='1'>sip:a@h</User></Dial></Response>",
           "<Response><PreAnswer><Speak>Hi</Speak><Wait length='2'/></PreAnswer></Response>",
           "<Response><GetDigits action='https://h/d'><Play>https://h/a.mp3</Play></GetDigits>"
           "<GetInput action='https://h/i' inputType='dtmf speech'/></Response>",
           "<Response><Record action='https://h/r' maxLength='30'/><DTMF>12w3</DTMF>"
           "<Redirect method='GET'>https://h/next</Redirect></Response>",
           "<Response><Conference>room</Conference><MultiPartyCall role='agent'>x</MultiPartyCall>"
           "<Stream bidirectional='true'>wss://h/s</Stream><Message src='1' dst='2'>hi</Message>"
           "</Response>",
           "<Response><Speak>a &lt; b &amp; c &#228;</Speak></Response>",
           "<?xml version='1.0' encoding='UTF-8'?><Response/>",
           "<Response><Speak voice=\"Polly.Joanna\"><break time=\"1s\"/></Speak></Response>",
       }) {
    EXPECT_EQ(verdict(xml), "accepted") << xml;
  }
}

TEST(CheckDocument, RefusesWithLineAndReason) {
  const struct {
    std::string_view xml;
    std::string_view line;
    std::string_view message;
  } cases[] = {
      {"", "", "the document is empty"},
      {" \n ", "", "the document is empty"},
      {"\n<Response/>", "line 1: ", "in front of the first '<'"},
      {" <?xml version='1.0'?><Response/>", "line 1: ", "in front of the first '<'"},
      {"\xEF\xBB\xBF<Response/>", "line 1: ", "byte order mark"},
      {"<Response>\n<Speak>\xFF</Speak></Response>", "line 2: ", "not valid UTF-8"},
      {"<Response>\n<Speak>\x01</Speak></Response>", "line 2: ", "not well-formed XML"},
      {"<Response>\n<Speak>a & b</Speak></Response>", "line 2: ", "not well-formed XML"},
      {"<Response>\n\n<Speak></Response>", "line 3: ", "not well-formed XML"},
      {"<Response/><Response/>", "line 1: ", "not well-formed XML"},
      {"<Response><Speak a='1' a='2'>x</Speak></Response>", "line 1: ", "not well-formed XML"},
      {"<!DOCTYPE Response><Response/>", "line 1: ", "document type"},
      {"<!DOCTYPE r [<!ENTITY e 'x'>]><Response><Speak>&e;</Speak></Response>",
       "line 1: ", "document type"},
      {"<Response><Speak>&e;</Speak></Response>", "line 1: ", "not well-formed XML"},
      {"<?xml version='1.0' encoding='iso-8859-1'?><Response/>", "line 1: ", "write utf-8"},
      {"<response/>", "line 1: ", "the root element is \"response\"; Plivo wants Response"},
      {"<Response>\n<Spaek>x</Spaek></Response>", "line 2: ", "did you mean \"Speak\"?"},
      {"<Response>\n<dial/></Response>", "line 2: ", "did you mean \"Dial\"?"},
      {"<Response><Reject/></Response>", "line 1: ", "no element \"Reject\""},
      {"<Response>\n<Number>+14155550100</Number></Response>",
       "line 2: ", "Number may not stand inside Response"},
      {"<Response><Dial>\n<Speak>x</Speak></Dial></Response>",
       "line 2: ", "Speak may not stand inside Dial, which takes Number, User only"},
      {"<Response><Play>https://h/a<Wait/></Play></Response>",
       "line 1: ", "which takes no elements"},
      {"<Response><GetDigits><Dial><Number>1</Number></Dial></GetDigits></Response>",
       "line 1: ", "may not stand inside GetDigits"},
      {"<Response><Response/></Response>", "line 1: ", "may not stand inside Response"},
      {"<Response><Dial timeout='x'><Number>1</Number></Dial></Response>",
       "line 1: ", "timeout=\"x\" is not a whole number"},
      {"<Response><Dial method='GET' timeout='x'><Number>1</Number></Dial></Response>",
       "line 1: ", "timeout=\"x\" is not a whole number"},
      {"<Response><Dial confirmKey='1'><Number>1</Number></Dial></Response>",
       "line 1: ", "without confirmSound"},
      {"<Response xmlns='urn:x'/>", "line 1: ", "namespace"},
      {"<Response xmlns:x='urn:x'/>", "line 1: ", "namespace"},
      {"<Response>\n<xml:Speak>x</xml:Speak></Response>", "line 2: ", "namespace"},
      {"<Response><Dial/></Response>", "line 1: ", "Dial is empty"},
      {"<Response><Dial>+14155550100</Dial></Response>", "line 1: ", "Dial takes no text"},
      {"<Response>hello</Response>", "line 1: ", "Response takes no text"},
      {"<Response><Dial>\n<Number/></Dial></Response>", "line 2: ", "Number is empty"},
      {"<Response><Dial><Number> </Number></Dial></Response>", "line 1: ", "Number is empty"},
      {"<Response><Dial><User/></Dial></Response>", "line 1: ", "User is empty"},
      {"<Response><Dial><User>alice@h</User></Dial></Response>", "line 1: ", "sip:alice@h"},
      {"<Response><Redirect/></Response>", "line 1: ", "Redirect is empty"},
      {"<Response><Redirect>/next</Redirect></Response>", "line 1: ", "is not absolute"},
      {"<Response><Play>hello.mp3</Play></Response>", "line 1: ", "is not absolute"},
      {"<Response>\n<Play>https://h/a b.mp3</Play></Response>",
       "line 2: ", "Play: the URL \"https://h/a b.mp3\" holds a space"},
      {"<Response><Play>https://h/\xC3\xA4.mp3</Play></Response>", "line 1: ", "not ASCII"},
      {"<Response>\n<GetInput inputType='dtmf'/></Response>", "line 2: ", "GetInput needs action"},
      {"<Response><MultiPartyCall>x</MultiPartyCall></Response>",
       "line 1: ", "MultiPartyCall needs role, one of agent"},
      {"<Response><MultiPartyCall role='nobody'>x</MultiPartyCall></Response>",
       "line 1: ", "write one of agent, supervisor, customer, ai-agent"},
      {"<Response><Stream bidirectional='true' audioTrack='both'>wss://h/s</Stream></Response>",
       "line 1: ", "does not go with bidirectional=true"},
      {"<Response>\n<Speak language='hi-IN'>x</Speak></Response>",
       "line 2: ", "add voice=Polly.Aditi"},
      {"<Response><Speak language='zz-ZZ' voice='Polly.Amy'>x</Speak></Response>",
       "line 1: ", "is spoken by no voice of Plivo's"},
      {"<Response><Dial><Sip>sip:a@h</Sip></Dial></Response>", "line 1: ", "write User"},
      {"<Response><Speak> </Speak></Response>", "line 1: ", "Speak is empty"},
      {"<Response><Hangup>now</Hangup></Response>", "line 1: ", "Hangup takes no text"},
  };
  for (const auto& c : cases) {
    const std::string found = verdict(c.xml);
    EXPECT_THAT(found, StartsWith(c.line)) << c.xml;
    EXPECT_THAT(found, HasSubstr(c.message)) << c.xml;
  }
}

// What follows a fault in the syntax follows from it.
TEST(CheckDocument, ExplainsTheFirstFaultOfTheSyntax) {
  const struct {
    std::string_view xml;
    std::string_view start;
  } cases[] = {
      {"<Response>\n<Speak loop=2>x</Speak>\n</Response>", "line 2: not well-formed XML: AttValue"},
      {"<Response>\n<Play>https://h/a?x=1&y=2</Play>\n<Hangup/>\n</Response>\n",
       "line 2: not well-formed XML: EntityRef"},
      {"<Response>\n<Speak>x</Speek>\n<Hangup/>\n</Response>",
       "line 2: not well-formed XML: Opening and ending tag mismatch"},
      {"<Response>\n\n<Speak a='1' a='2'>x</Speak>\n<Wait length=1/></Response>",
       "line 3: not well-formed XML: Attribute a redefined"},
      {"<Response>\n<x:Speak>x</x:Speak>\n<Wait length=1/></Response>",
       "line 2: not well-formed XML: Namespace prefix x"},
      {"<Response xml:space='x'>\n<Wait length=1/></Response>",
       "line 2: not well-formed XML: AttValue"},
  };
  for (const auto& [xml, start] : cases) EXPECT_THAT(verdict(xml), StartsWith(start)) << xml;
}

// Our list may be behind Plivo's.
TEST(CheckDocument, OnlyWarnsOfAttributesThatItDoesNotKnow) {
  EXPECT_THAT(remarks_on_document("<Response version='1'>\n<Dial timout='1'>"
                                  "<Number>1</Number></Dial></Response>"),
              ElementsAre(AllOf(StartsWith("line 1: "), HasSubstr("no attribute \"version\"")),
                          AllOf(StartsWith("line 2: "), HasSubstr("did you mean \"timeout\"?"))));
  EXPECT_THAT(
      remarks_on_document("<Response><Speak sendDigits='1'>x</Speak></Response>"),
      ElementsAre(HasSubstr("is an attribute of Number, User and Conference, not of Speak")));
  EXPECT_THAT(
      verdict("<Response><Dial newOne='1' timeout='x'><Number>1</Number></Dial></Response>"),
      HasSubstr("timeout=\"x\""));
}

TEST(CheckDocument, WarnsWithTheLine) {
  const struct {
    std::string_view xml;
    std::string_view start;
    std::string_view words;
  } cases[] = {
      {"<Response>\n<Play>http://h/a.mp3</Play></Response>", "line 2: Play: ", "is not https"},
      {"<Response>\n\n<Speak voice='MAN' language='fr-CA'>x</Speak></Response>",
       "line 3: Speak: ", "voice=WOMAN or voice=Polly.Chantal"},
      {"<Response><Dial callType='whatsapp'>\n<Number>+14155550100</Number></Dial></Response>",
       "line 1: Dial: ", "reaches +14155550100 on WhatsApp only"},
      {"<Response>\n<GetDigits>\n<Play>https://h/a.ogg</Play></GetDigits></Response>",
       "line 3: Play: ", "of type ogg"},
      {"<Response/>", "line 1: ", "the document says nothing"},
      {"<!-- -->\n<Response><Wait length='1'/><Hangup/></Response>",
       "line 2: ", "the document says nothing"},
      {"<Response><PreAnswer><Wait length='1'/></PreAnswer></Response>",
       "line 1: ", "the document says nothing"},
      {"<Response>\n<Dial "
       "action='https://h/a'><Number>1</Number></Dial><Speak>x</Speak></Response>",
       "line 2: ", "behind Dial never runs"},
      {"<Response>\n<Dial action='https://h/a' redirect='true'><Number>1</Number></Dial>"
       "<Speak>x</Speak></Response>",
       "line 2: ", "behind Dial never runs"},
      {"<Response>\n<Conference action='https://h/a'>x</Conference><Speak>x</Speak></Response>",
       "line 2: ", "behind Conference never runs"},
      {"<Response><Speak>x</Speak>\n<Redirect>https://h/a</Redirect><Hangup/></Response>",
       "line 2: ", "behind Redirect never runs"},
  };
  for (const auto& [xml, start, words] : cases) {
    EXPECT_THAT(remarks_on_document(xml), ElementsAre(AllOf(StartsWith(start), HasSubstr(words))))
        << xml;
  }
}

TEST(CheckDocument, HasNothingToSayAboutSoundDocuments) {
  for (const std::string_view xml : {
           "<Response><Speak>Sorry</Speak><Hangup/></Response>",
           "<Response><Hangup reason='busy'/></Response>",
           "<Response><PreAnswer><Speak>x</Speak></PreAnswer></Response>",
           "<Response><Dial action='https://h/a' redirect='false'><Number>1</Number></Dial>"
           "<Speak>x</Speak></Response>",
           "<Response><Dial><Number>1</Number></Dial><Speak>x</Speak></Response>",
           "<Response><Record recordSession='true' action='https://h/r'/><Dial><Number>1</Number>"
           "</Dial></Response>",
           "<Response><Record startOnDialAnswer='true' action='https://h/r'/><Dial><Number>1"
           "</Number></Dial></Response>",
           "<Response><Hangup schedule='60'/><Speak>x</Speak></Response>",
           "<Response><GetInput action='https://h/i'><Speak>x</Speak></GetInput><Speak>y</Speak>"
           "</Response>",
           "<Response><Speak voice='Polly.Aditi' language='hi-IN'>x</Speak></Response>",
           "<Response><Play>https://h/sound?id=3</Play></Response>",
           "<Response><Stream contentType='audio/x-l16;rate=24000' noiseCancellation='true' "
           "noiseCancellationLevel='85'>wss://h/s</Stream></Response>",
           "<Response><MultiPartyCall role='ai-agent' aiAgentStreamServiceUrl='wss://h/s'>x"
           "</MultiPartyCall></Response>",
           "<Response><Dial><Number callerId='+14155550199' callerName='Sales'>1</Number>"
           "<User callerId='14155550199' callerName='Desk'>sip:a@h</User></Dial></Response>",
       }) {
    EXPECT_THAT(remarks_on_document(xml), IsEmpty()) << xml;
  }
}

TEST(CheckDocument, LimitIsExact) {
  const std::string start = "<Response><Speak>", end = "</Speak></Response>";
  const std::string text(kMaxDocumentBytes - start.size() - end.size(), 'x');
  EXPECT_EQ(verdict(start + text + end), "accepted");
  EXPECT_THAT(verdict(start + text + "x" + end), HasSubstr("100001 bytes"));
}

TEST(CheckDocument, SurvivesDeepNestingAndEntityBombs) {
  std::string deep = "<Response><Speak>";
  for (int i = 0; i < 5'000; ++i) deep += "<p>";
  for (int i = 0; i < 5'000; ++i) deep += "</p>";
  EXPECT_THAT(verdict(deep + "</Speak></Response>"), HasSubstr("not well-formed XML"));

  std::string bomb = "<!DOCTYPE r [<!ENTITY a0 'ha'>";
  for (int i = 1; i < 30; ++i) {
    const std::string before = "&a" + std::to_string(i - 1) + ";";
    bomb += "<!ENTITY a" + std::to_string(i) + " '" + before + before + "'>";
  }
  EXPECT_NE(verdict(bomb + "]><Response><Speak voice='&a29;'>&a29;</Speak></Response>"),
            "accepted");
}

// A document cut at any byte, and one with any byte replaced, never crashes and never passes for
// well-formed when libxml2 says otherwise.
TEST(CheckDocument, AgreesWithTheParserOnDamagedDocuments) {
  const std::string whole =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Response><Speak "
      "voice=\"MAN\">Gr\xC3\xBC\xC3\x9F"
      "e &amp; mehr</Speak><Dial timeout=\"20\"><Number>+14155550100</Number></Dial></Response>";
  ASSERT_EQ(verdict(whole), "accepted");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_NE(verdict(whole.substr(0, i)), "accepted") << i;
    for (const char byte : {'\0', '<', '>', '&', '"', '\xFF', ' ', 'x'}) {
      std::string damaged = whole;
      damaged[i] = byte;
      if (!check_document(damaged)) continue;
      EXPECT_TRUE(parse_document(damaged).ok()) << damaged;
    }
  }
}

}  // namespace
}  // namespace plivo_dial
