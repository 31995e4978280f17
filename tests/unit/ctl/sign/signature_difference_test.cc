// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/sign/signature_difference.h"

#include <gtest/gtest.h>

namespace plivo_dial::ctl {
namespace {

struct Parts {
  std::string_view url, body, nonce = "1";
};

struct Case {
  Parts signed_as, here;
  std::string_view difference;
};

TEST(SignatureDifference, NamesTheFirstPart) {
  constexpr Case kCases[] = {
      {{"https://h/p?b=1&a=1", "b=1&a=1"}, {"https://h/p?a=1&b=1#f", "a=1&b=1"}, ""},
      {{"https://h/p?a=2", ""},
       {"http://h/p?a=1", "b"},
       R"(the base "http://h/p": it was signed as "https://h/p")"},
      {{"https://h/p?a=2&b=1", ""},
       {"https://h/p?b=1&a=1", "b"},
       R"(the query pair "a=1": it was signed as "a=2")"},
      {{"https://h/p", ""},
       {"https://h/p?a=%2B", "b"},
       R"(the query pair "a=+": it was not signed)"},
      {{"https://h/p?a=1", ""},
       {"https://h/p", "b"},
       R"(the query pair "a=1": it was signed, and is missing here)"},
      {{"https://h/p", "a=1&c=3"},
       {"https://h/p", "a=1&b=2&c=3"},
       R"(the body pair "b=2": it was not signed)"},
      {{"https://h/p", "a=1&b=&c=3"},
       {"https://h/p", "a=1&c=3"},
       R"(the body pair "b=": it was signed, and is missing here)"},
      {{"https://h/p", "a=1%0A"},
       {"https://h/p", "a=1"},
       R"(the body pair "a=1": it was signed as "a=1\n")"},
      {{"https://h/p", "a=1", "7"},
       {"https://h/p", "a=1", "8"},
       R"(the nonce "8": it was signed as "7")"},
  };
  for (const Case& c : kCases) {
    const Form signed_body = Form::decode(c.signed_as.body).value();
    const Form body = Form::decode(c.here.body).value();
    const SignedParts signed_as = {split_signed_url(c.signed_as.url), signed_body.parameters(),
                                   c.signed_as.nonce};
    const SignedParts here = {split_signed_url(c.here.url), body.parameters(), c.here.nonce};
    EXPECT_EQ(first_difference(signed_as, here), c.difference);
  }
}

}  // namespace
}  // namespace plivo_dial::ctl
