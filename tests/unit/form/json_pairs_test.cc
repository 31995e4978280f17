// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <clocale>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "lib/form/event_body.h"
#include "lib/form/json_pairs.h"

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Kind = EventBodyError::Kind;
using Pairs = std::vector<std::pair<std::string, std::string>>;
using namespace std::string_literals;

const EventBodyType kType{EventBodyType::Format::kJson, ""};

struct Decoded {
  bool ok = false;
  Pairs pairs;
  bool nul = false;
  EventBodyError error;
};

Decoded decode(std::string_view body, const FormLimits& limits = {}) {
  Decoded decoded;
  const auto form = decode_event_body(kType, body, decoded.error, limits);
  decoded.ok = form.has_value();
  if (!form) return decoded;
  for (const auto& [name, value] : form->parameters()) decoded.pairs.emplace_back(name, value);
  decoded.nul = form->has_nul();
  EXPECT_FALSE(form->has_malformed_escape());
  return decoded;
}

TEST(JsonPairs, HasTheMembersInOrder) {
  const struct {
    std::string body;
    Pairs pairs;
  } rows[] = {
      {"", {}},
      {"{}", {}},
      {" \t\r\n{ } \n", {}},
      {R"({"b":"2","a":"1"})", {{"b", "2"}, {"a", "1"}}},
      {R"({"a":"1","a":"2","a":"1"})", {{"a", "1"}, {"a", "2"}, {"a", "1"}}},
      {R"({"":""})", {{"", ""}}},
      {R"({"t":true,"f":false,"n":null})", {{"t", "true"}, {"f", "false"}}},
      {R"({"n":null})", {}},
      {R"({"n":null,"n":"1","l":[null],"o":{"n":null}})",
       {{"n", "1"}, {"l", "[null]"}, {"o", R"({"n":null})"}}},
      {R"({"a":"{{Start.call.from}}"})", {{"a", "{{Start.call.from}}"}}},
      {R"({"a":"x=1&y=%41+"})", {{"a", "x=1&y=%41+"}}},
      {R"({"\u0061":"\"\\\/\b\f\n\r\t"})", {{"a", "\"\\/\b\f\n\r\t"}}},
      {R"({"a":"\u00e9\ud83d\ude00"})", {{"a", "\xC3\xA9\xF0\x9F\x98\x80"}}},
      {"{\"a\":\"J\xC3\xB6rg\"}", {{"a", "J\xC3\xB6rg"}}},
      {"\xEF\xBB\xBF{\"a\":\"byte order mark\"}", {{"a", "byte order mark"}}},
  };
  for (const auto& row : rows) {
    const Decoded decoded = decode(row.body);
    EXPECT_TRUE(decoded.ok) << row.body << ": " << decoded.error.message;
    EXPECT_EQ(decoded.pairs, row.pairs) << row.body;
    EXPECT_FALSE(decoded.nul) << row.body;
  }
}

TEST(JsonPairs, KeepsNumbersAsWritten) {
  for (const std::string& number :
       {"0"s, "-0"s, "1"s, "-1"s, "18446744073709551615"s, "18446744073709551616"s,
        "-9223372036854775808"s, "-9223372036854775809"s, "1.0"s, "1.50"s, "-0.0"s, "1e5"s,
        "1E+05"s, "0.1e-400"s, "1e308"s, "123456789012345678901234567890.10"s,
        std::string(kMaxJsonNumber, '9')}) {
    const Decoded decoded = decode("{\"a\":" + number + ",\"b\":[" + number + "," + number + "]}");
    EXPECT_TRUE(decoded.ok) << number << ": " << decoded.error.message;
    EXPECT_EQ(decoded.pairs, (Pairs{{"a", number}, {"b", "[" + number + "," + number + "]"}}));
  }
}

// Sets a locale with a decimal comma while it lives, which it makes where none is installed.
class CommaLocale {
 public:
  CommaLocale() : before_(std::setlocale(LC_NUMERIC, nullptr)) {
    set_ = std::setlocale(LC_NUMERIC, "de_DE.UTF-8") != nullptr || make();
  }
  ~CommaLocale() {
    std::setlocale(LC_NUMERIC, before_.c_str());
    unsetenv("LOCPATH");
    std::filesystem::remove_all(folder_);
  }
  CommaLocale(const CommaLocale&) = delete;
  CommaLocale& operator=(const CommaLocale&) = delete;

  bool is_set() const { return set_; }

 private:
  bool make() {
    folder_ = testing::TempDir() + "plivo_dial_locale." + std::to_string(getpid());
    std::filesystem::create_directory(folder_);
    const std::string made = folder_ + "/de_DE.UTF-8";
    const std::string command = "localedef -i de_DE -f UTF-8 '" + made + "' >/dev/null 2>&1";
    return std::system(command.c_str()) == 0 && setenv("LOCPATH", folder_.c_str(), 1) == 0 &&
           std::setlocale(LC_NUMERIC, "de_DE.UTF-8") != nullptr;
  }

  std::string before_;
  std::string folder_;
  bool set_ = false;
};

// Another module of the server may have set it.
TEST(JsonPairs, KeepsThePointOfANumberInEveryLocale) {
  const CommaLocale locale;
  if (!locale.is_set()) GTEST_SKIP() << "no locale de_DE.UTF-8, and localedef can't make it";
  ASSERT_EQ(std::to_string(1.5), "1,500000");
  const Decoded decoded = decode(R"({"a":1.5,"b":[-2.5e1]})");
  EXPECT_EQ(decoded.pairs, (Pairs{{"a", "1.5"}, {"b", "[-2.5e1]"}}));
}

TEST(JsonPairs, RefusesNumbersBeyondAllBounds) {
  const struct {
    std::string number;
    const char* message;
  } rows[] = {
      {"1e309", "beyond all bounds"},
      {"-1e999999999", "beyond all bounds"},
      {std::string(kMaxJsonNumber + 1, '9'), "more than 64 characters"},
      {"0." + std::string(kMaxJsonNumber - 1, '0'), "more than 64 characters"},
      {std::string(60000, '9'), "beyond all bounds"},
  };
  for (const auto& row : rows) {
    for (const std::string& body : {"{\"a\":" + row.number + "}", "{\"a\":[" + row.number + "]}"}) {
      const Decoded decoded = decode(body);
      EXPECT_FALSE(decoded.ok) << row.number;
      EXPECT_EQ(decoded.error.kind, Kind::kMalformed);
      EXPECT_THAT(decoded.error.message, HasSubstr(row.message));
    }
  }
}

TEST(JsonPairs, KeepsNestedValuesCompact) {
  constexpr struct {
    const char* written;
    const char* kept;
  } kRows[] = {
      {"[ ]", "[]"},
      {"{ }", "{}"},
      {"[ 1 , \"two\" , null , true , false ]", R"([1,"two",null,true,false])"},
      {"{ \"x\" : 1 , \"y\" : { \"z\" : [ ] } , \"x\" : 2 }", R"({"x":1,"y":{"z":[]},"x":2})"},
      {"[[],[],{},{}]", "[[],[],{},{}]"},
      {R"(["[","{",":",","])", R"(["[","{",":",","])"},
      {R"([":[",1,"{",{"a:":"b"}])", R"([":[",1,"{",{"a:":"b"}])"},
      {R"(["\"\\\/\n\u0001\u0000\u00e9"])", "[\"\\\"\\\\/\\n\\u0001\\u0000\xC3\xA9\"]"},
      {R"({"\u0061\"":""})", R"({"a\"":""})"},
  };
  for (const auto& row : kRows) {
    const Decoded decoded =
        decode("{\"before\":\"1\", \"a\" : " + std::string(row.written) + " , \"after\":2}");
    EXPECT_TRUE(decoded.ok) << row.written << ": " << decoded.error.message;
    EXPECT_EQ(decoded.pairs, (Pairs{{"before", "1"}, {"a", row.kept}, {"after", "2"}}));
    EXPECT_FALSE(decoded.nul) << "an escape is no NUL byte";
  }
}

std::string nested(std::string_view open, std::string_view close, int depth) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += open;
  for (int i = 0; i < depth; ++i) text += close;
  return text;
}

TEST(JsonPairs, BoundsTheDepth) {
  const std::string deepest = nested("[", "]", kMaxJsonDepth);
  EXPECT_EQ(decode("{\"a\":" + deepest + "}").pairs, (Pairs{{"a", deepest}}));
  EXPECT_TRUE(decode("{\"a\":" + nested("{\"x\":", "}", kMaxJsonDepth - 1).insert(35, "[]") +
                     ",\"b\":" + deepest + "}")
                  .ok);
  const std::string too_deep[] = {
      nested("[", "]", kMaxJsonDepth + 1),
      nested("{\"x\":", "}", kMaxJsonDepth + 1),
      std::string(100000, '['),
  };
  for (const std::string& value : too_deep) {
    const Decoded decoded = decode("{\"a\":" + value + "}");
    EXPECT_FALSE(decoded.ok);
    EXPECT_EQ(decoded.error.kind, Kind::kMalformed);
    EXPECT_THAT(decoded.error.message, HasSubstr("more than 8 deep"));
  }
}

TEST(JsonPairs, KeepsAndReportsNul) {
  const Decoded value = decode(R"({"a":"x\u0000y"})");
  EXPECT_EQ(value.pairs, (Pairs{{"a", "x\0y"s}}));
  EXPECT_TRUE(value.nul);
  const Decoded name = decode(R"({"\u0000":"x"})");
  EXPECT_EQ(name.pairs, (Pairs{{"\0"s, "x"}}));
  EXPECT_TRUE(name.nul);
}

TEST(JsonPairs, WantsAnObject) {
  for (const char* body : {"[]", "[{\"a\":1}]", "\"a\"", "1", "-1", "1.5", "true", "null"}) {
    const Decoded decoded = decode(body);
    EXPECT_FALSE(decoded.ok) << body;
    EXPECT_EQ(decoded.error.kind, Kind::kMalformed) << body;
    EXPECT_THAT(decoded.error.message, HasSubstr("begin with '{'")) << body;
  }
}

TEST(JsonPairs, RefusesWhatIsNoJson) {
  for (const std::string& body : {
           " "s,
           "{"s,
           "}"s,
           "{\"a\""s,
           "{\"a\":"s,
           "{\"a\":1"s,
           "{\"a\":1,}"s,
           "{\"a\" 1}"s,
           "{\"a\":1 \"b\":2}"s,
           "{a:1}"s,
           "{'a':1}"s,
           "{\"a\":01}"s,
           "{\"a\":+1}"s,
           "{\"a\":.5}"s,
           "{\"a\":1.}"s,
           "{\"a\":NaN}"s,
           "{\"a\":Infinity}"s,
           "{\"a\":True}"s,
           "{\"a\":tru}"s,
           "{\"a\":\"x}"s,
           "{\"a\":\"\\x41\"}"s,
           "{\"a\":\"\\u12\"}"s,
           "{\"a\":[1}"s,
           "{\"a\":[1,]}"s,
           "{\"a\":{]}"s,
           "{\"a\":1}x"s,
           "{\"a\":1}{\"a\":1}"s,
           "{\"a\":1},"s,
           "{\"a\":1}/* comment */"s,
           "// comment\n{\"a\":1}"s,
           "a=1&b=2"s,
           "{\"a\":\"line\nfeed\"}"s,
       }) {
    const Decoded decoded = decode(body);
    EXPECT_FALSE(decoded.ok) << body;
    EXPECT_EQ(decoded.error.kind, Kind::kMalformed) << body;
    EXPECT_THAT(decoded.error.message, HasSubstr("no valid JSON in UTF-8 (at byte ")) << body;
  }
}

TEST(JsonPairs, RefusesNulBytes) {
  for (const std::string& body :
       {"{\"a\":1}\0"s, "{\"a\":1}\0 garbage"s, "\0"s, "{\0\"a\":1}"s, "{\"a\":\"\0\"}"s}) {
    const Decoded decoded = decode(body);
    EXPECT_FALSE(decoded.ok);
    EXPECT_EQ(decoded.error.kind, Kind::kMalformed);
    EXPECT_THAT(decoded.error.message, HasSubstr("NUL byte (at byte"));
  }
}

TEST(JsonPairs, RefusesInvalidUtf8) {
  for (const char* bytes : {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80",
                            "\\ud800", "\\ud800x", "\\ude00", "\\ud83d\\ud83d"}) {
    for (const std::string& body :
         {"{\"a\":\"" + std::string(bytes) + "\"}", "{\"" + std::string(bytes) + "\":1}",
          "{\"a\":[\"" + std::string(bytes) + "\"]}"}) {
      const Decoded decoded = decode(body);
      EXPECT_FALSE(decoded.ok) << body;
      EXPECT_EQ(decoded.error.kind, Kind::kMalformed) << body;
    }
  }
}

TEST(JsonPairs, HoldsTheLimitsOfForms) {
  const FormLimits limits{.pairs = 2, .name_bytes = 3, .value_bytes = 4};
  EXPECT_TRUE(decode(R"({"abc":"1234","d":[ 12 ]})", limits).ok);
  for (const char* body : {R"({"abcd":""})", R"({"a":"12345"})", R"({"a":12345})", R"({"a":[123]})",
                           R"({"a":false})", R"({"a":1,"b":2,"c":3})"}) {
    const Decoded decoded = decode(body, limits);
    EXPECT_FALSE(decoded.ok) << body;
    EXPECT_EQ(decoded.error.kind, Kind::kOverLimit) << body;
    EXPECT_THAT(decoded.error.message, HasSubstr("limit")) << body;
  }
}

TEST(JsonPairs, ErrorHoldsNoByteOfTheBody) {
  for (const char* body : {R"({"secret":"secret)", R"({"secret" secret})", R"("secret")"}) {
    const Decoded decoded = decode(body);
    EXPECT_FALSE(decoded.ok);
    EXPECT_THAT(decoded.error.message, Not(HasSubstr("secret")));
  }
  EXPECT_THAT(decode(R"({"a":1,})").error.message, HasSubstr("(at byte 8)"));
}

}  // namespace
}  // namespace plivo_dial
