// SPDX-License-Identifier: Apache-2.0
#include "lib/document/element.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/utf8.h"
#include "tests/unit/document/parsed_document.h"

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

Element speak(std::string text) {
  return {"Speak", {}, std::move(text), {}};
}

std::string rendered(const std::vector<Element>& children) {
  const Result<std::string> document = render_document(children);
  return document ? *document : "error: " + document.error().message;
}

TEST(RenderDocument, WritesAnEmptyResponse) {
  EXPECT_EQ(rendered({}), R"(<?xml version="1.0" encoding="utf-8"?><Response/>)");
}

TEST(RenderDocument, WritesCompactXmlWithAttributesInOrder) {
  const Element dial{"Dial",
                     {{"timeout", "20"}, {"action", "https://h/a?x=1&y=2"}},
                     "",
                     {{"Number", {}, "+14155550100", {}}, {"User", {}, "sip:a@h", {}}}};
  EXPECT_EQ(rendered({speak("Hi"), dial, {"Hangup", {}, "", {}}}),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><Response><Speak>Hi</Speak>"
            "<Dial timeout=\"20\" action=\"https://h/a?x=1&amp;y=2\"><Number>+14155550100</Number>"
            "<User>sip:a@h</User></Dial><Hangup/></Response>");
}

TEST(RenderDocument, KeepsTextAndValuesThatXmlCanHold) {
  for (const std::string text :
       {"plain", "a < b > c & d", "\"double\" and 'single'", "]]>", "<!-- x -->", "&amp; &#65;",
        "Gr\xC3\xBC\xC3\x9F"
        "e",
        "\xE6\x97\xA5\xE6\x9C\xAC", "\xF0\x9F\x93\x9E call", "tab\there", "line\nfeed",
        "carriage\rreturn", " spaces around ", "\xEF\xBF\xBD", "<![CDATA[x]]>", "<?pi?>", "%s%n"}) {
    const std::string xml = rendered({{"Speak", {{"voice", text}}, text, {}}});
    EXPECT_EQ(outline_of_document(xml), "Response(Speak[voice=" + text + "]{" + text + "})");
  }
}

TEST(RenderDocument, HostileTextChangesNoStructure) {
  for (const std::string text :
       {"\"><Dial><Number>+1900", "</Speak><Dial><Number>+19005550100</Number></Dial><Speak>",
        "'/><Redirect>http://evil/</Redirect>", "<!DOCTYPE x [<!ENTITY e 'x'>]>&e;",
        "--><Hangup/><!--", "]]><Hangup/>"}) {
    const std::string xml =
        rendered({{"Speak", {{"voice", text}}, text, {}}, {"Hangup", {}, "", {}}});
    const Result<Element> root = parse_document(xml);
    ASSERT_TRUE(root.ok()) << xml;
    ASSERT_EQ(root->children.size(), 2u) << xml;
    EXPECT_TRUE(root->children[0].children.empty()) << xml;
    EXPECT_EQ(root->children[0].text, text);
    EXPECT_EQ(root->children[0].attributes, (Attributes{{"voice", text}}));
  }
}

TEST(RenderDocument, EveryByteIsKeptOrReplaced) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = "a" + std::string(1, static_cast<char>(byte)) + "b";
    const bool kept = byte == '\t' || byte == '\n' || byte == '\r' || (byte >= 0x20 && byte < 0x80);
    const std::string expected = kept ? text : "a" + std::string(kReplacement) + "b";
    const std::string xml = rendered({{"Speak", {{"voice", text}}, text, {}}});
    EXPECT_EQ(outline_of_document(xml), "Response(Speak[voice=" + expected + "]{" + expected + "})")
        << byte;
  }
}

TEST(XmlText, ReplacesWhatXmlCannotHold) {
  const std::string r(kReplacement);
  const struct {
    std::string text;
    std::string expected;
  } cases[] = {
      {"", ""},
      {std::string("a\0b", 3), "a" + r + "b"},
      {"\x01\x1F\x7F", r + r + "\x7F"},
      {"\xEF\xBF\xBE", r},                                  // U+FFFE
      {"\xEF\xBF\xBF", r},                                  // U+FFFF
      {"\xEF\xBF\xBD", r},                                  // U+FFFD itself stays
      {"\xED\xA0\x80", r + r + r},                          // a surrogate
      {"\xED\xA0\xBD\xED\xB3\x9E", r + r + r + r + r + r},  // CESU-8
      {"\xC0\x80", r + r},                                  // overlong NUL
      {"\xF4\x90\x80\x80", r + r + r + r},                  // above U+10FFFF
      {"\xF0\x9F\x93", r},                                  // cut off
      {"\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"},             // U+10FFFF
      {"\xC2\x85", "\xC2\x85"},                             // U+0085
      {"\xEE\x80\x80", "\xEE\x80\x80"},                     // U+E000
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(xml_text(text), expected);
}

// Each code point of Unicode, surrogates too, written as UTF-8 by its bits alone.
TEST(XmlText, EveryCodePointMakesADocumentThatParses) {
  std::string text;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    append_utf8(c, text);
    if (c % 0x1000 != 0xFFF) continue;
    const std::string expected = xml_text(text);
    const std::string xml = rendered({{"Speak", {{"voice", text}}, text, {}}});
    ASSERT_EQ(outline_of_document(xml), "Response(Speak[voice=" + expected + "]{" + expected + "})")
        << "block before U+" << std::hex << static_cast<unsigned long>(c);
    text.clear();
  }
}

TEST(RenderDocument, LimitIsExact) {
  const std::size_t overhead = rendered({speak("x")}).size() - 1;
  const std::string largest(kMaxDocumentBytes - overhead, 'x');
  const std::string document = rendered({speak(largest)});
  EXPECT_EQ(document.size(), kMaxDocumentBytes);
  EXPECT_TRUE(parse_document(document).ok());

  const Result<std::string> over = render_document(std::vector<Element>{speak(largest + "x")});
  ASSERT_FALSE(over.ok());
  EXPECT_THAT(over.error().message, HasSubstr("100001 bytes"));
}

TEST(RenderDocument, LimitCountsBytesAfterEscaping) {
  EXPECT_TRUE(render_document(std::vector<Element>{speak(std::string(19'000, '&'))}).ok());
  EXPECT_FALSE(render_document(std::vector<Element>{speak(std::string(21'000, '&'))}).ok());
}

TEST(RenderDocument, RefusesNamesThatAreNotNames) {
  for (const std::string name : {"", "Speak><Hangup/", "Spe ak", "1Speak", "Sp\xC3\xA4"}) {
    EXPECT_FALSE(render_document(std::vector<Element>{{name, {}, "", {}}}).ok()) << name;
    EXPECT_FALSE(render_document(std::vector<Element>{{"Speak", {{name, "x"}}, "", {}}}).ok())
        << name;
  }
}

TEST(Attributes, AreFoundAndSet) {
  Attributes attributes{{"timeout", "20"}, {"method", "GET"}};
  ASSERT_NE(find_attribute(attributes, "method"), nullptr);
  EXPECT_EQ(*find_attribute(attributes, "method"), "GET");
  EXPECT_EQ(find_attribute(attributes, "Method"), nullptr);
  add_missing({{"timeout", "5"}, {"callerId", "1"}}, attributes);
  EXPECT_EQ(attributes, (Attributes{{"timeout", "20"}, {"method", "GET"}, {"callerId", "1"}}));
  attributes.pop_back();
  set_attribute(attributes, "timeout", "30");
  set_attribute(attributes, "redirect", "false");
  EXPECT_EQ(attributes, (Attributes{{"timeout", "30"}, {"method", "GET"}, {"redirect", "false"}}));
}

}  // namespace
}  // namespace plivo_dial
