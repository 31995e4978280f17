// SPDX-License-Identifier: Apache-2.0
#include "lib/json/json_value.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace plivo_dial {
namespace {

using namespace std::string_literals;

JsonDocument parsed(std::string_view text) {
  auto document = JsonDocument::parse(text);
  EXPECT_TRUE(document) << text;
  return std::move(*document);
}

TEST(JsonValue, SaysWhatItIs) {
  const JsonDocument document =
      parsed(R"({"text":"a\u0000b","flag":true,"natural":7,"negative":-7,"real":1.5,"none":null,)"
             R"("list":[1,"x"],"object":{"b":1,"a":2}})");
  const JsonValue root = document.root();
  EXPECT_TRUE(root.is_object());
  EXPECT_EQ(root["text"].text(), "a\0b"s);
  EXPECT_EQ(root["flag"].flag(), true);
  EXPECT_EQ(root["natural"].natural(), 7u);
  EXPECT_EQ(root["natural"].integer(), 7);
  EXPECT_EQ(root["negative"].integer(), -7);
  EXPECT_TRUE(root["real"].is_number());
  EXPECT_TRUE(root["none"].is_null());
  EXPECT_TRUE(root["list"].is_array());
  EXPECT_EQ(root["list"].elements().at(1).text(), "x");
  const auto members = root["object"].members();
  ASSERT_EQ(members.size(), 2u);
  EXPECT_EQ(members[0].first, "b");
  EXPECT_EQ(members[1].second.natural(), 2u);
}

TEST(JsonValue, IsOfNoOtherType) {
  const JsonDocument document = parsed(R"({"text":"7","natural":7,"real":7.0,"list":[]})");
  const JsonValue root = document.root();
  EXPECT_FALSE(root["text"].natural());
  EXPECT_FALSE(root["text"].is_number());
  EXPECT_FALSE(root["natural"].text());
  EXPECT_FALSE(root["natural"].flag());
  EXPECT_FALSE(root["natural"].is_null());
  EXPECT_FALSE(root["real"].natural());
  EXPECT_FALSE(root["real"].integer());
  EXPECT_FALSE(root["list"].is_object());
  EXPECT_TRUE(root["list"].members().empty());
  EXPECT_TRUE(root.elements().empty());
  EXPECT_FALSE(root["list"]["text"]);
}

TEST(JsonValue, HoldsWholeNumbersOf64Bits) {
  const JsonDocument document = parsed(
      "[9223372036854775807,9223372036854775808,18446744073709551615,18446744073709551616,"
      "-9223372036854775808]");
  const auto numbers = document.root().elements();
  EXPECT_EQ(numbers[0].integer(), INT64_MAX);
  EXPECT_FALSE(numbers[1].integer());
  EXPECT_EQ(numbers[1].natural(), 9223372036854775808u);
  EXPECT_EQ(numbers[2].natural(), UINT64_MAX);
  EXPECT_FALSE(numbers[3].natural());
  EXPECT_TRUE(numbers[3].is_number());
  EXPECT_EQ(numbers[4].integer(), INT64_MIN);
  EXPECT_FALSE(numbers[4].natural());
}

TEST(JsonValue, OfNothingAnswersNo) {
  const JsonDocument document = parsed("{}");
  for (const JsonValue& none : {JsonValue(), document.root()["x"], JsonValue()["x"]["y"]}) {
    EXPECT_FALSE(none);
    EXPECT_FALSE(none.is_null() || none.is_object() || none.is_array() || none.is_number());
    EXPECT_FALSE(none.text() || none.flag() || none.natural() || none.integer());
    EXPECT_TRUE(none.members().empty() && none.elements().empty());
    EXPECT_EQ(none.print(), "null");
    EXPECT_EQ(none.print_indented(2), "null");
  }
}

TEST(JsonValue, OfTwoMembersWithOneNameIsTheLast) {
  const JsonDocument document = parsed(R"({"a":1,"b":2,"a":3})");
  EXPECT_EQ(document.root()["a"].natural(), 3u);
  EXPECT_EQ(document.root().members().size(), 2u);
}

TEST(JsonValue, IsPrintedAgain) {
  const JsonDocument document = parsed("{ \"b\" : [ 1.50, \"\\u00e4\" ], \"a\" : { } }");
  EXPECT_EQ(document.root().print(), "{\"b\":[1.5,\"\xc3\xa4\"],\"a\":{}}");
  EXPECT_EQ(document.root().print(JsonWriter::Charset::kAscii), R"({"b":[1.5,"\u00e4"],"a":{}})");
  EXPECT_EQ(document.root().print_indented(2),
            "{\n  \"b\": [\n    1.5,\n    \"\xc3\xa4\"\n  ],\n  \"a\": {}\n}");
}

TEST(JsonDocument, IsTheWholeTextOrNone) {
  for (const std::string& text : {""s, "{"s, "{}x"s, "{} {}"s, "'a'"s, "{\"a\":1,}"s, "\"\xff\""s,
                                  "{}\0"s, "{}\0x"s, "{\"a\":\"\0\"}"s, "nul"s, "1e999"s}) {
    EXPECT_FALSE(JsonDocument::parse(text)) << text;
  }
  EXPECT_TRUE(JsonDocument::parse(" \t\r\n1 "));
}

TEST(JsonDocument, KeepsItsValuesWhenItMoves) {
  JsonDocument first = parsed(R"({"a":"x"})");
  const JsonValue value = first.root()["a"];
  const JsonDocument second = std::move(first);
  EXPECT_EQ(value.text(), "x");
  EXPECT_EQ(second.root()["a"].text(), "x");
}

}  // namespace
}  // namespace plivo_dial
