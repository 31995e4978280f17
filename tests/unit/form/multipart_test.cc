// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "lib/form/event_body.h"
#include "lib/form/multipart.h"

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Kind = EventBodyError::Kind;
using Pairs = std::vector<std::pair<std::string, std::string>>;
using namespace std::string_literals;

const EventBodyType kMultipart{EventBodyType::Format::kMultipart, "b"};

struct DecodedParts {
  bool ok = false;
  Pairs pairs;
  bool nul = false;
  EventBodyError error;
};

DecodedParts decode_parts(std::string_view body, const FormLimits& limits = {},
                          const EventBodyType& type = kMultipart) {
  DecodedParts decoded;
  const auto form = decode_event_body(type, body, decoded.error, limits);
  decoded.ok = form.has_value();
  if (!form) return decoded;
  for (const auto& [name, value] : form->parameters()) decoded.pairs.emplace_back(name, value);
  decoded.nul = form->has_nul();
  return decoded;
}

std::string one_part(const std::string& name, const std::string& value) {
  return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

// One part with these header fields and the content "v".
std::string with_headers(const std::string& fields) {
  return "--b\r\n" + fields + "\r\nv\r\n--b--\r\n";
}

constexpr char kNamed[] = "Content-Disposition: form-data; name=n\r\n";

TEST(Multipart, HasThePairsInOrder) {
  const DecodedParts decoded =
      decode_parts(one_part("DialStatus", "No Answer") + one_part("b", "") +
                   one_part("DialStatus", "x") + "--b--");
  ASSERT_TRUE(decoded.ok) << decoded.error.message;
  EXPECT_EQ(decoded.pairs, (Pairs{{"DialStatus", "No Answer"}, {"b", ""}, {"DialStatus", "x"}}));
  EXPECT_FALSE(decoded.nul);
}

TEST(Multipart, KeepsEveryByteOfAContent) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  for (const std::string& value :
       {all, "\r\n"s, "\r\n\r\n"s, "\r"s, "\n--b"s, "--b"s.substr(0, 2), "x--b"s, "\r--b--"s,
        "\r\n--a"s, "\r\n-b\r\n--"s, "a=1&b=%41+"s, "{{Start.call.from}}"s, "\r\r\r\n"s}) {
    const DecodedParts decoded = decode_parts(one_part("n", value) + "--b--\r\n");
    ASSERT_TRUE(decoded.ok) << decoded.error.message;
    EXPECT_EQ(decoded.pairs, (Pairs{{"n", value}}));
    EXPECT_EQ(decoded.nul, value == all);
  }
}

TEST(Multipart, IsFramedByItsBoundaries) {
  const std::string one = one_part("n", "v");
  const struct {
    const char* what;
    std::string body;
    Pairs pairs;
  } rows[] = {
      {"empty body", "", {}},
      {"no part", "--b--\r\n", {}},
      {"no part and no line end", "--b--", {}},
      {"preamble", "not a form\r\n" + one + "--b--", {{"n", "v"}}},
      {"empty line first", "\r\n" + one + "--b--", {{"n", "v"}}},
      {"no boundary in the preamble", "x--b\r\n\n--b\r\n" + ("\r\n" + one) + "--b--", {{"n", "v"}}},
      {"epilogue", one + "--b--\r\nanything\r\n" + one_part("late", "x"), {{"n", "v"}}},
      {"padding", "--b \t\r\n" + one.substr(5) + "--b-- \t\r\n", {{"n", "v"}}},
      {"padding up to the end", one + "--b-- ", {{"n", "v"}}},
      {"shared line end", with_headers(kNamed).substr(0, 45) + "\r\n--b--", {{"n", ""}}},
  };
  for (const auto& row : rows) {
    const DecodedParts decoded = decode_parts(row.body);
    EXPECT_TRUE(decoded.ok) << row.what << ": " << decoded.error.message;
    EXPECT_EQ(decoded.pairs, row.pairs) << row.what;
  }
}

TEST(Multipart, IsMalformedOtherwise) {
  const std::string one = one_part("n", "v");
  const struct {
    const char* what;
    std::string body;
    const char* message;
  } rows[] = {
      {"no boundary", "n=v", "has no line with its boundary (at byte 0)"},
      {"another boundary", "--c\r\n\r\n\r\n--c--", "has no line with its boundary"},
      {"no end", one, "without the boundary at its end"},
      {"no end after content", one.substr(0, one.size() - 2), "without the boundary"},
      {"only a first boundary", "--b", "behind a boundary"},
      {"cut behind a boundary", one + "--b\r\n", "headers do not end"},
      {"cut at the end", one + "--b-", "behind a boundary on its line (at byte 55)"},
      {"line feeds only", "--b\n" + one.substr(5) + "--b--", "behind a boundary"},
      {"longer boundary", one + "--bb--", "behind a boundary"},
      {"text behind the end", one + "--b--x", "behind a boundary"},
      {"line feed behind the end", one + "--b--\nx", "behind a boundary"},
      {"boundary among headers", "--b\r\n" + std::string(kNamed) + "--b--", "headers do not end"},
      {"part without an empty line", "--b\r\n--b--\r\n", "boundary among the headers"},
      {"headers without an empty line", "--b\r\n" + std::string(kNamed) + "--b--\r\n",
       "boundary among the headers"},
      {"headers cut", "--b\r\nContent-Disposition: form", "headers do not end"},
  };
  for (const auto& row : rows) {
    const DecodedParts decoded = decode_parts(row.body);
    EXPECT_FALSE(decoded.ok) << row.what;
    EXPECT_EQ(decoded.error.kind, Kind::kMalformed) << row.what;
    EXPECT_THAT(decoded.error.message, HasSubstr(row.message)) << row.what;
  }
}

TEST(Multipart, ReadsNamesAsProgramsWriteThem) {
  constexpr struct {
    const char* disposition;
    const char* name;
  } kRows[] = {
      {"form-data; name=\"n\"", "n"},
      {"form-data;name=n", "n"},
      {"FORM-DATA; NAME=\"N\"", "N"},
      {"form-data; name=\"\"", ""},
      {"form-data; filename=\"x.txt\"; name=\"n\"", "n"},
      {"form-data; name=\"n\"; filename=\"C:\\a;name=m.txt\"", "n"},
      {"form-data; name=\"n\"; filename*=UTF-8''x", "n"},
      {"form-data; name=\"a\\\"b\\\\c\"", "a\"b\\c"},
      {"form-data; name=\"a\\b\"", "a\\b"},
      {"form-data; name=\"a%22b%0D%0a%0d%0A\"", "a\"b\r\n\r\n"},
      {"form-data; name=\"100%\"", "100%"},
      {"form-data; name=\"%41%2\"", "%41%2"},
      {"form-data; name=\"%2522\"", "%2522"},
      {"form-data; name=\"J\xC3\xB6rg\"", "J\xC3\xB6rg"},
      {"form-data;\r\n\tname=\"folded\"", "folded"},
  };
  for (const auto& row : kRows) {
    const DecodedParts decoded =
        decode_parts(with_headers("content-disposition:" + std::string(row.disposition) + "\r\n"));
    ASSERT_TRUE(decoded.ok) << row.disposition << ": " << decoded.error.message;
    EXPECT_EQ(decoded.pairs, (Pairs{{row.name, "v"}})) << row.disposition;
  }
}

TEST(Multipart, LeavesNamelessPartsOut) {
  for (const char* fields :
       {"", "Content-Type: text/plain\r\n", "Content-Disposition: form-data\r\n",
        "Content-Disposition: attachment; name=n\r\n",
        "Content-Disposition: form-data; name*=UTF-8''n\r\n"}) {
    const DecodedParts decoded = decode_parts(with_headers(fields));
    EXPECT_TRUE(decoded.ok) << fields << decoded.error.message;
    EXPECT_TRUE(decoded.pairs.empty()) << fields;
  }
}

TEST(Multipart, RefusesHeadersThatMayMeanTwoThings) {
  const std::string named = kNamed;
  for (const std::string& fields :
       {named + named, "Content-Disposition: attachment\r\n" + named,
        "Content-Disposition: form-data; name=n; name=m\r\n"s,
        "Content-Disposition: form-data; name=\"n\r\n"s,
        "Content-Disposition: form-data; name\r\n"s, named + "no colon\r\n",
        named + ": no name\r\n", named + "bad name: x\r\n", named + "Space : x\r\n",
        " folded: first\r\n" + named, "Content-Disposition: form-data; name=a\nb\r\n"s,
        "Content-Disposition: form-data; name=\"a\0\"\r\n"s}) {
    const DecodedParts decoded = decode_parts(with_headers(fields));
    EXPECT_FALSE(decoded.ok) << fields;
    EXPECT_EQ(decoded.error.kind, Kind::kMalformed);
    EXPECT_THAT(decoded.error.message, HasSubstr("header field that is malformed")) << fields;
  }
}

TEST(Multipart, ServesOnlyEncodingsThatChangeNothing) {
  for (const char* encoding : {"7bit", "8BIT", "binary", " binary "}) {
    const DecodedParts decoded = decode_parts(
        with_headers(std::string(kNamed) + "Content-Transfer-Encoding:" + encoding + "\r\n"));
    EXPECT_TRUE(decoded.ok) << encoding;
  }
  for (const char* encoding : {"base64", "quoted-printable", "", "8bit, base64", "x-8bit"}) {
    const DecodedParts decoded = decode_parts(
        with_headers(std::string(kNamed) + "content-transfer-encoding: " + encoding + "\r\n"));
    EXPECT_FALSE(decoded.ok) << encoding;
    EXPECT_EQ(decoded.error.kind, Kind::kMalformed) << encoding;
  }
}

TEST(Multipart, BoundsHeaders) {
  std::string fields = kNamed;
  for (std::size_t i = 1; i < kMaxPartHeaders; ++i) fields += "X: y\r\n";
  EXPECT_TRUE(decode_parts(with_headers(fields)).ok);
  const DecodedParts many = decode_parts(with_headers(fields + "X: y\r\n"));
  EXPECT_FALSE(many.ok);
  EXPECT_EQ(many.error.kind, Kind::kMalformed);
  EXPECT_THAT(many.error.message, HasSubstr("16"));

  fields = kNamed;
  fields += "X: " + std::string(kMaxPartHeaderBytes - fields.size() - 5, 'y') + "\r\n";
  ASSERT_EQ(fields.size(), kMaxPartHeaderBytes);
  EXPECT_TRUE(decode_parts(with_headers(fields)).ok);
  const DecodedParts long_field = decode_parts(with_headers("Y" + fields));
  EXPECT_FALSE(long_field.ok);
  EXPECT_EQ(long_field.error.kind, Kind::kMalformed);
  EXPECT_THAT(long_field.error.message, HasSubstr("8192"));

  std::string folded = "X: y\r\n";
  while (folded.size() <= kMaxPartHeaderBytes) folded += " y\r\n";
  EXPECT_FALSE(decode_parts(with_headers(kNamed + folded)).ok);
}

TEST(Multipart, HoldsTheLimitsOfForms) {
  const FormLimits limits{.pairs = 2, .name_bytes = 3, .value_bytes = 4};
  EXPECT_TRUE(decode_parts(one_part("abc", "1234") + one_part("", "") + "--b--", limits).ok);
  for (const std::string& body : {one_part("abcd", ""), one_part("a", "12345"),
                                  one_part("a", "") + one_part("b", "") + one_part("c", "")}) {
    const DecodedParts decoded = decode_parts(body + "--b--", limits);
    EXPECT_FALSE(decoded.ok);
    EXPECT_EQ(decoded.error.kind, Kind::kOverLimit);
    EXPECT_THAT(decoded.error.message, HasSubstr("limit"));
  }
}

TEST(Multipart, ErrorHoldsNoByteOfTheBody) {
  const DecodedParts decoded = decode_parts("--b\r\nsecret\r\n\r\nsecret\r\n--b--");
  EXPECT_FALSE(decoded.ok);
  EXPECT_THAT(decoded.error.message, Not(HasSubstr("secret")));
}

TEST(Multipart, TakesTheLongestBoundary) {
  const std::string boundary(70, '-');
  const std::string body = "--" + boundary + "\r\n" + kNamed + "\r\n" + std::string(71, '-') +
                           "\r\n--" + boundary + "--";
  const DecodedParts decoded =
      decode_parts(body, {}, {EventBodyType::Format::kMultipart, boundary});
  ASSERT_TRUE(decoded.ok) << decoded.error.message;
  EXPECT_EQ(decoded.pairs, (Pairs{{"n", std::string(71, '-')}}));
}

TEST(IsMultipartBoundary, KnowsLengthAndSet) {
  for (const std::string& boundary :
       {"b"s, "----WebKitFormBoundaryAbC123"s, "gc0p4Jq0M2Yt08jU534c0p"s, "'()+_,-./:=?"s,
        "with space"s, " x"s, std::string(70, 'a')}) {
    EXPECT_TRUE(is_multipart_boundary(boundary)) << boundary;
  }
  for (const std::string& boundary : {""s, "ends with space "s, "a\"b"s, "a;b"s, "a\\b"s, "a*b"s,
                                      "a\r\nb"s, "a\0b"s, "J\xC3\xB6rg"s, std::string(71, 'a')}) {
    EXPECT_FALSE(is_multipart_boundary(boundary)) << boundary;
  }
}

}  // namespace
}  // namespace plivo_dial
