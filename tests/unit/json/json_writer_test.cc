// SPDX-License-Identifier: Apache-2.0
#include "lib/json/json_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace plivo_dial {
namespace {

using Charset = JsonWriter::Charset;
using Library = nlohmann::ordered_json;
using namespace std::string_literals;

std::string printed(const auto& value, Charset charset = Charset::kUtf8) {
  return JsonWriter(charset).value(value).take();
}

TEST(JsonWriter, PrintsEachKindOfValue) {
  EXPECT_EQ(printed("text"), R"("text")");
  EXPECT_EQ(printed("text"s), R"("text")");
  EXPECT_EQ(printed(""), R"("")");
  EXPECT_EQ(printed(true), "true");
  EXPECT_EQ(printed(false), "false");
  EXPECT_EQ(printed(nullptr), "null");
  EXPECT_EQ(printed(0), "0");
  EXPECT_EQ(printed(-7), "-7");
  EXPECT_EQ(printed(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(printed(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(printed(std::optional<int>()), "null");
  EXPECT_EQ(printed(std::optional<int>(3)), "3");
  EXPECT_EQ(printed(std::optional<std::string>("a")), R"("a")");
  EXPECT_EQ(printed(std::vector<std::string>{}), "[]");
  EXPECT_EQ(printed(std::vector<std::string>{"a", "b"}), R"(["a","b"])");
  EXPECT_EQ(printed(std::vector<unsigned>{1, 2}), "[1,2]");
  EXPECT_EQ(printed(text_or_null("")), "null");
  EXPECT_EQ(printed(text_or_null("a")), R"("a")");
}

TEST(JsonWriter, PutsCommasBetweenMembersAndElementsAlone) {
  JsonWriter json;
  json.begin_object().member("a", 1).key("b").begin_array();
  json.begin_object().end_object().begin_array().end_array().raw("{\"x\":1}").value("y");
  json.end_array().member("c", nullptr).end_object();
  EXPECT_EQ(json.take(), R"({"a":1,"b":[{},[],{"x":1},"y"],"c":null})");
}

TEST(JsonWriter, IsEmptyOnceItsTextIsTaken) {
  JsonWriter json;
  EXPECT_EQ(json.value(1).take(), "1");
  EXPECT_EQ(json.value(2).take(), "2");
  EXPECT_EQ(json.take(), "");
}

TEST(JsonWriter, ReadsNoFurtherThanTheText) {
  const std::string_view all = "text\xc3\xa4\n?";
  for (std::size_t length = 0; length <= 4; ++length) {
    EXPECT_EQ(printed(all.substr(0, length)), '"' + std::string(all.substr(0, length)) + '"');
  }
  EXPECT_EQ(printed(all.substr(0, 6)), "\"text\xc3\xa4\"");
  EXPECT_EQ(printed(all.substr(0, 7)), "\"text\xc3\xa4\\n\"");
}

TEST(JsonWriter, EscapesWhatAStringMayNotHold) {
  EXPECT_EQ(printed("\"\\/\b\f\n\r\t\x01\x1f"s), R"("\"\\/\b\f\n\r\t\u0001\u001f")");
  EXPECT_EQ(printed("a\0b"s), R"("a\u0000b")");
  JsonWriter json;
  json.begin_object().member("a\"\n", 1).end_object();
  EXPECT_EQ(json.take(), R"({"a\"\n":1})");
}

TEST(JsonWriter, PrintsCharactersAsTheyAreOrInAscii) {
  const std::string text = "\x7f\xc3\xa4\xef\xbf\xbf\xf0\x9d\x84\x9e\xf4\x8f\xbf\xbf";
  EXPECT_EQ(printed(text), '"' + text + '"');
  EXPECT_EQ(printed(text, Charset::kAscii), R"("\u007f\u00e4\uffff\ud834\udd1e\udbff\udfff")");
  EXPECT_EQ(printed("\xf0\x90\x80\x80", Charset::kAscii), R"("\ud800\udc00")");
}

// Whatever the bytes, a reader finds what base/utf8.h makes of them.
TEST(JsonWriter, PrintsWhatTheLibraryPrintsOfAnyBytes) {
  std::uint32_t state = 20261130;
  const auto next = [&] { return (state = state * 1664525u + 1013904223u) >> 24; };
  const std::string telling = "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xed\xa0\x80\xc0\x80\"\\\n\x7f";
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (unsigned i = next() % 12; i > 0; --i) {
      const unsigned byte = next();
      text += byte < 128 ? static_cast<char>(next()) : telling[next() % telling.size()];
    }
    for (const bool ascii : {false, true}) {
      EXPECT_EQ(printed(text, ascii ? Charset::kAscii : Charset::kUtf8),
                Library(text).dump(-1, ' ', ascii, Library::error_handler_t::replace));
    }
  }
}

}  // namespace
}  // namespace plivo_dial
