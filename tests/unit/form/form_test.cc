// SPDX-License-Identifier: Apache-2.0
#include "lib/form/form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs pairs_of(const Form& form) {
  Pairs pairs;
  for (const auto& [name, value] : form.parameters()) pairs.emplace_back(name, value);
  return pairs;
}

struct Case {
  const char* what;
  std::string encoded;
  Pairs pairs;
  bool malformed_escape = false;
  bool nul = false;
};

std::vector<Case> cases() {
  using namespace std::string_literals;
  return {
      {"nothing", "", {}},
      {"only separators", "&&&", {}},
      {"one pair", "a=1", {{"a", "1"}}},
      {"order is kept", "b=2&a=1", {{"b", "2"}, {"a", "1"}}},
      {"repeats are kept", "a=1&a=2&a=1", {{"a", "1"}, {"a", "2"}, {"a", "1"}}},
      {"empty value", "DialBLegUUID=&x=1", {{"DialBLegUUID", ""}, {"x", "1"}}},
      {"no equals sign", "flag&x=1", {{"flag", ""}, {"x", "1"}}},
      {"empty name", "=v", {{"", "v"}}},
      {"only an equals sign", "=", {{"", ""}}},
      {"empty segments", "&a=1&&b=2&", {{"a", "1"}, {"b", "2"}}},
      {"split at first equals sign", "a=b=c", {{"a", "b=c"}}},
      {"encoded separators", "a%3Db=c%26d", {{"a=b", "c&d"}}},
      {"plus is a space", "a+b=c++d", {{"a b", "c  d"}}},
      {"encoded plus", "From=%2B1415", {{"From", "+1415"}}},
      {"both cases of digits", "a=%c3%A9", {{"a", "\xC3\xA9"}}},
      {"first and last digits", "a=%af%AF%0A%9F", {{"a", "\xAF\xAF\x0A\x9F"}}},
      {"decoded once", "a=%2541", {{"a", "%41"}}},
      {"raw bytes", "a=\xFF\x01", {{"a", "\xFF\x01"}}},
      {"semicolon separates nothing", "a=1;b=2", {{"a", "1;b=2"}}},
      {"escape cut after percent", "a=%", {{"a", "%"}}, true},
      {"escape cut after a digit", "a=%4", {{"a", "%4"}}, true},
      {"escape cut by separator", "a=%4&1=b", {{"a", "%4"}, {"1", "b"}}, true},
      {"escape cut by equals sign", "a%4=1", {{"a%4", "1"}}, true},
      {"escape without digits", "a=%zz%41", {{"a", "%zzA"}}, true},
      {"escape with bad second digit", "a=%4g", {{"a", "%4g"}}, true},
      {"escape with a bad first digit",
       "a=%G1%g1%/1%:1%@1%`1",
       {{"a", "%G1%g1%/1%:1%@1%`1"}},
       true},
      {"percent before an escape", "a=%%41", {{"a", "%A"}}, true},
      {"encoded NUL", "a=%00b", {{"a", "\0b"s}}, false, true},
      {"raw NUL in a name", "a\0=1"s, {{"a\0"s, "1"}}, false, true},
  };
}

TEST(FormDecode, FollowsTable) {
  for (const Case& test : cases()) {
    SCOPED_TRACE(test.what);
    const Result<Form> form = Form::decode(test.encoded);
    ASSERT_TRUE(form.ok()) << form.error().message;
    EXPECT_EQ(pairs_of(*form), test.pairs);
    EXPECT_EQ(form->has_malformed_escape(), test.malformed_escape);
    EXPECT_EQ(form->has_nul(), test.nul);
  }
}

TEST(FormDecode, LooksAtNothingBehindTheEnd) {
  const Result<Form> form = Form::decode(std::string_view("a=%41", 4));
  ASSERT_TRUE(form.ok());
  EXPECT_EQ(form->find("a"), "%4");
  EXPECT_TRUE(form->has_malformed_escape());
}

TEST(FormDecode, AcceptsEachCapAndRefusesOneMore) {
  const FormLimits limits{.pairs = 2, .name_bytes = 3, .value_bytes = 4};
  struct {
    const char* accepted;
    const char* refused;
    const char* message;
  } const rows[] = {
      {"a=1&b=2", "a=1&b=2&c=3", "too many pairs"},
      {"&a&&b&", "a&b&c", "too many pairs"},
      {"abc=1", "abcd=1", "name"},
      {"%61%62%63=1", "%61%62%63%64=1", "name"},
      {"a=1234", "a=12345", "value"},
      {"a=%31%32%33%34", "a=%31%32%33%34%35", "value"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.refused);
    EXPECT_TRUE(Form::decode(row.accepted, limits).ok());
    const Result<Form> refused = Form::decode(row.refused, limits);
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.error().message, HasSubstr(row.message));
  }
}

TEST(FormDecode, AppliesDefaultCaps) {
  std::string pairs = "a=1";
  for (int i = 1; i < 200; ++i) pairs += "&a=1";
  EXPECT_TRUE(Form::decode(pairs).ok());
  EXPECT_FALSE(Form::decode(pairs + "&a=1").ok());
  EXPECT_TRUE(Form::decode(std::string(128, 'n') + "=1").ok());
  EXPECT_FALSE(Form::decode(std::string(129, 'n') + "=1").ok());
  EXPECT_TRUE(Form::decode("a=" + std::string(8192, 'v')).ok());
  EXPECT_FALSE(Form::decode("a=" + std::string(8193, 'v')).ok());
}

TEST(FormDecode, ErrorHoldsNoByteOfTheInput) {
  const Result<Form> form = Form::decode("a=secretsecret", {.value_bytes = 4});
  ASSERT_FALSE(form.ok());
  EXPECT_THAT(form.error().message, Not(HasSubstr("secret")));
  EXPECT_THAT(form.error().message, HasSubstr("4"));
}

TEST(Form, FindsFirstWithCase) {
  const Result<Form> form = Form::decode("to=own&To=plivo&To=second&empty=");
  ASSERT_TRUE(form.ok());
  EXPECT_EQ(form->find("To"), "plivo");
  EXPECT_EQ(form->find("to"), "own");
  EXPECT_EQ(form->find("empty"), "");
  EXPECT_EQ(form->find("TO"), std::nullopt);
}

TEST(Form, ViewsSurviveAMove) {
  Result<Form> decoded = Form::decode("name=value");
  ASSERT_TRUE(decoded.ok());
  const std::string_view view = *decoded->find("name");
  const Form moved = std::move(decoded).value();
  EXPECT_EQ(moved.find("name")->data(), view.data());
  EXPECT_EQ(view, "value");
}

TEST(FormBuilder, KeepsPairsInOrder) {
  FormBuilder builder;
  EXPECT_TRUE(builder.build().parameters().empty());
  ASSERT_TRUE(builder.add("b", "2").ok());
  ASSERT_TRUE(builder.add("", "").ok());
  ASSERT_TRUE(builder.add("a", "x=1&y=%41+").ok());
  ASSERT_TRUE(builder.add("b", "1").ok());
  const Form form = builder.build();
  EXPECT_EQ(pairs_of(form), (Pairs{{"b", "2"}, {"", ""}, {"a", "x=1&y=%41+"}, {"b", "1"}}));
  EXPECT_EQ(form.find("b"), "2");
  EXPECT_FALSE(form.has_malformed_escape());
  EXPECT_FALSE(form.has_nul());
}

TEST(FormBuilder, CopiesAndIsEmptyAfterBuilding) {
  FormBuilder builder;
  std::string value(1000, 'v');
  ASSERT_TRUE(builder.add("name", value).ok());
  value.assign(1000, 'w');
  const Form first = builder.build();
  ASSERT_TRUE(builder.add("other", "o").ok());
  const Form second = builder.build();
  EXPECT_EQ(pairs_of(first), (Pairs{{"name", std::string(1000, 'v')}}));
  EXPECT_EQ(pairs_of(second), (Pairs{{"other", "o"}}));
}

TEST(FormBuilder, ReportsNul) {
  for (const auto& [name, value] :
       Pairs{{std::string(1, '\0'), "v"}, {"n", std::string(2, '\0')}}) {
    FormBuilder builder;
    ASSERT_TRUE(builder.add("x", "y").ok());
    ASSERT_TRUE(builder.add(name, value).ok());
    const Form form = builder.build();
    EXPECT_TRUE(form.has_nul());
    EXPECT_EQ(form.find(name), value);
    EXPECT_FALSE(builder.build().has_nul());
  }
}

TEST(FormBuilder, HoldsItsLimits) {
  FormBuilder builder({.pairs = 2, .name_bytes = 3, .value_bytes = 4});
  ASSERT_TRUE(builder.add("abc", "1234").ok());
  const Result<void> name = builder.add("abcd", "");
  ASSERT_FALSE(name.ok());
  EXPECT_THAT(name.error().message, HasSubstr("name"));
  EXPECT_THAT(name.error().message, HasSubstr("3"));
  EXPECT_THAT(name.error().message, Not(HasSubstr("abcd")));
  const Result<void> value = builder.add("", "12345");
  ASSERT_FALSE(value.ok());
  EXPECT_THAT(value.error().message, HasSubstr("value"));
  EXPECT_THAT(value.error().message, HasSubstr("4"));
  ASSERT_TRUE(builder.add("d", "").ok());
  const Result<void> third = builder.add("e", "");
  ASSERT_FALSE(third.ok());
  EXPECT_THAT(third.error().message, HasSubstr("pairs"));
  EXPECT_EQ(pairs_of(builder.build()), (Pairs{{"abc", "1234"}, {"d", ""}}));
  EXPECT_TRUE(builder.add("f", "").ok()) << "the count begins anew";
}

TEST(AppendFormPair, RoundTripsEveryByte) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  const std::string name = all.substr(0, 128);
  std::string encoded;
  append_form_pair(name, all, encoded);
  append_form_pair("", "", encoded);
  const Result<Form> form = Form::decode(encoded, {.pairs = 2, .name_bytes = 128});
  ASSERT_TRUE(form.ok()) << form.error().message;
  EXPECT_EQ(pairs_of(*form), (Pairs{{name, all}, {"", ""}}));
  EXPECT_FALSE(form->has_malformed_escape());
  EXPECT_EQ(encoded.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                      "0123456789-._~+%=&"),
            std::string::npos);
}

TEST(AppendFormPair, WritesAsPlivoDoes) {
  std::string encoded;
  append_form_pair("From", "+1415", encoded);
  append_form_pair("Name", "Jos\xC3\xA9 *9", encoded);
  EXPECT_EQ(encoded, "From=%2B1415&Name=Jos%C3%A9+%2A9");
}

}  // namespace
}  // namespace plivo_dial
