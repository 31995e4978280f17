// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/document_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plivo_dial::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ReadDocument, GivesElementsAttributesAndChildren) {
  const auto read = read_document(
      "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<Response>\n"
      "  <Speak voice=\"Polly.Amy\">Hello <break time=\"1s\"/> Jos\xC3\xA9</Speak>\n"
      "  <Dial action=\"https://h/a?x=1&amp;y=2\"> <Number> +14155550100 </Number>"
      "<User><![CDATA[sip:bob@h]]></User></Dial>\n</Response>\n");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->elements.size(), 2U);
  EXPECT_EQ(read->elements[0].text, "Hello  Jos\xC3\xA9");
  const Element& dial = read->elements[1];
  ASSERT_EQ(dial.attributes.size(), 1U);
  EXPECT_EQ(dial.attributes[0].value, "https://h/a?x=1&y=2");
  ASSERT_EQ(dial.children.size(), 2U);
  EXPECT_EQ(dial.children[0].text, "+14155550100");
  EXPECT_EQ(dial.children[1].text, "sip:bob@h");
  EXPECT_THAT(read->warnings, IsEmpty());
}

TEST(ReadDocument, TakesTheEmptyResponse) {
  const auto read = read_document("<Response/>");
  ASSERT_TRUE(read);
  EXPECT_THAT(read->elements, IsEmpty());
}

TEST(ReadDocument, SaysWhyPlivoRefuses) {
  struct Case {
    std::string_view xml;
    std::string_view message;
  };
  const Case cases[] = {
      {"", "empty"},
      {" \n", "empty"},
      {"OK", "not well-formed"},
      {"\n<?xml version=\"1.0\"?><Response/>", "not well-formed"},
      {"<Response><Dial action=\"a&b\"/></Response>", "not well-formed"},
      {"<Response>", "not well-formed"},
      {"<Response>\n<Play loop=2>https://example.com/a.mp3</Play></Response>",
       "line 2: AttValue: \" or ' expected"},
      {"<Response>\xFF</Response>", "not well-formed"},
      {"<!DOCTYPE r [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Response>&e;</Response>",
       "document type"},
      {"<html/>", "root is <html>"},
      {"<response/>", "root is <response>"},
      {"<Response>\n<Speek>x</Speek></Response>",
       "line 2: Plivo knows no element <Speek>; did you "
       "mean Speak?"},
      {"<Response><Dial/></Response>", "nobody to call"},
      {"<Response><Dial><Number> </Number></Dial></Response>", "<Number> is empty"},
      {"<Response><Redirect/></Response>", "needs a URL"},
  };
  for (const Case& entry : cases) {
    const auto read = read_document(entry.xml);
    ASSERT_FALSE(read) << entry.xml;
    EXPECT_THAT(read.error().message, HasSubstr(std::string(entry.message)));
  }
}

TEST(ReadDocument, WarnsOfWhatPlivoDoesNotPromise) {
  const auto read = read_document(
      "<Response>stray<Speak/>"
      "<Dial calerId=\"+14155550100\"><Number>+14155550100</Number><Parameter/></Dial>"
      "</Response>");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_THAT(read->warnings,
              ElementsAre(HasSubstr("text beside"), HasSubstr("no words"), HasSubstr("callerId"),
                          HasSubstr("<Parameter> has no place inside <Dial>")));
  EXPECT_EQ(read->elements.at(1).children.size(), 1U);
}

}  // namespace
}  // namespace plivo_dial::ctl
