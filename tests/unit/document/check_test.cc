// SPDX-License-Identifier: Apache-2.0
#include "lib/document/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "lib/document/element.h"
#include "tests/unit/document/parsed_document.h"

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string verdict(std::string_view xml) {
  const Result<void> result = check_document(xml);
  return result ? "accepted" : result.error().message;
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
      {"<Response>\n<Dial timout='1'><Number>1</Number></Dial></Response>",
       "line 2: ", "did you mean \"timeout\"?"},
      {"<Response><Dial timeout='x'><Number>1</Number></Dial></Response>",
       "line 1: ", "timeout=\"x\" is not a whole number"},
      {"<Response><Dial confirmKey='1'><Number>1</Number></Dial></Response>",
       "line 1: ", "without confirmSound"},
      {"<Response version='1'/>", "line 1: ", "Response has no attribute \"version\""},
      {"<Response xmlns='urn:x'/>", "line 1: ", "namespace"},
      {"<Response><Dial/></Response>", "line 1: ", "Dial is empty"},
      {"<Response><Dial>+14155550100</Dial></Response>", "line 1: ", "Dial takes no text"},
      {"<Response>hello</Response>", "line 1: ", "Response takes no text"},
      {"<Response><Dial>\n<Number/></Dial></Response>", "line 2: ", "Number is empty"},
      {"<Response><Dial><Number> </Number></Dial></Response>", "line 1: ", "Number is empty"},
      {"<Response><Dial><User/></Dial></Response>", "line 1: ", "User is empty"},
      {"<Response><Dial><User>alice@h</User></Dial></Response>", "line 1: ", "sip:alice@h"},
      {"<Response><Redirect/></Response>", "line 1: ", "Redirect is empty"},
      {"<Response><Redirect>/next</Redirect></Response>", "line 1: ", "not an absolute URL"},
      {"<Response><Play>hello.mp3</Play></Response>", "line 1: ", "not an absolute URL"},
      {"<Response><Speak> </Speak></Response>", "line 1: ", "Speak is empty"},
      {"<Response><Hangup>now</Hangup></Response>", "line 1: ", "Hangup takes no text"},
  };
  for (const auto& c : cases) {
    const std::string found = verdict(c.xml);
    EXPECT_THAT(found, StartsWith(c.line)) << c.xml;
    EXPECT_THAT(found, HasSubstr(c.message)) << c.xml;
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
