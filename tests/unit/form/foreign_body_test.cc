// SPDX-License-Identifier: Apache-2.0
#include "lib/form/foreign_body.h"

#include <gtest/gtest.h>

#include <string>

namespace plivo_dial {
namespace {

TEST(ForeignBody, BeginsAsJson) {
  for (const char* text : {R"({"a":1})", "{}", "{'a':1}", " \t\r\n{ \"a\"", "\xEF\xBB\xBF{\"a\":1}",
                           "[]", "[1]", "[-1]", "[{}]", "[[]]", "[ \"a\"]", R"("text")"}) {
    EXPECT_TRUE(begins_as_json(text)) << text;
  }
  for (const char* text : {"", " ", "{", "[", "{{Start.status}}", "{a:1}", "{1}", "[a]", "[+1]",
                           "a={}", "<a/>", "]", "}"}) {
    EXPECT_FALSE(begins_as_json(text)) << text;
  }
}

TEST(ForeignBody, JsonIsFoundAlsoWhereItWasEncoded) {
  EXPECT_EQ(json_in_form("{\"a\":\"b=c&d\"}"), "{\"a\":\"b=c&d\"}");
  EXPECT_EQ(json_in_form("%7B%22a%22%3A1%7D"), "{\"a\":1}");
  EXPECT_EQ(json_in_form("+%5B%5D"), " []");
  for (const char* body : {"", "a=1", "%7B%22a%22=1", "%7B%7D&a", "%7Ba%7D", "x%7B%7D"}) {
    EXPECT_EQ(json_in_form(body), std::nullopt) << body;
  }
}

// What a form has for names when something else was sent in its place.
TEST(ForeignBody, IsKnownByTheNamesOfAForm) {
  const struct {
    const char* body;
    std::string_view format;
  } cases[] = {
      {"DialStatus=busy&x=1", ""},
      {"", ""},
      {"{\"DialStatus\":\"busy\"}", "JSON"},
      {"a=1&{\"x\":1}", "JSON"},
      {"<?xml version=\"1.0\"?>", "XML"},
      {"<?xml", "XML"},
      {" <Response><Dial/></Response>", "XML"},
      {"<3", ""},
      {"3>2", ""},
      {"--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--b--",
       "multipart/form-data"},
      {"--b", ""},
      {"a\r\nb", ""},
  };
  for (const auto& [body, format] : cases) {
    const Result<Form> form = Form::decode(body);
    ASSERT_TRUE(form.ok()) << body;
    EXPECT_EQ(foreign_format(*form), format) << body;
  }
}

}  // namespace
}  // namespace plivo_dial
