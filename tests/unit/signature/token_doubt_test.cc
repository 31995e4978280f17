// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/token_doubt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;

TEST(TokenDoubt, SaysWhyATextCanBeNone) {
  const struct {
    std::string_view token;
    std::string_view words;
  } cases[] = {
      {"\"N2JkYjE0ZmUtYWM0MC00ZTFiLThlM2UtZTAzMjQ1\"", "has quotes around"},
      {"'N2JkYjE0ZmUtYWM0MC00ZTFiLThlM2UtZTAzMjQ1'", "has quotes around"},
      {"N2JkYjE0ZmUtYWM0MC00ZTFiLThlM2UtZTAzMjQ1\"", "has quotes around"},
      {"MAXXXXXXXXXXXXXXXXXX", "holds an Auth ID"},
      {"SA0123456789ABCDEFGH", "holds an Auth ID"},
      {"PLIVO_AUTH_TOKEN=N2JkYjE0ZmUtYWM0MC00ZTFi", "has a name in front"},
      {"export TOKEN=N2JkYjE0ZmUtYWM0MC00ZTFi", "has a name in front"},
      {"auth_token: N2JkYjE0ZmUtYWM0MC00ZTFi", "has a name in front"},
      {"azAZ09_- auth=N2JkYjE0ZmUtYWM0MC00ZTFi", "has a name in front"},
      {"Auth Token N2JkYjE0ZmUtYWM0MC00ZTFi", "has blanks in it"},
  };
  for (const auto& [token, words] : cases) {
    const std::string doubt = doubt_of_token(token);
    EXPECT_THAT(doubt, HasSubstr(words)) << token;
    EXPECT_EQ(doubt.find("N2Jk"), std::string::npos) << doubt;
  }
}

TEST(TokenDoubt, TakesWhatPlivoMakes) {
  for (const char* token :
       {"", "N2JkYjE0ZmUtYWM0MC00ZTFiLThlM2UtZTAzMjQ1", "MAyOTk1ZjE0ZmUtYWM0MC00ZTFiLThlM2Ut",
        "c2VjcmV0", "abc=", "test-token", "TOKEN=", "x/auth=N2Jk", "auth{=N2Jk", "{auth=N2Jk",
        "auth@=N2Jk", "auth[=N2Jk"}) {
    EXPECT_EQ(doubt_of_token(token), "") << token;
  }
}

}  // namespace
}  // namespace plivo_dial
