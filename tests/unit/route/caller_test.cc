// SPDX-License-Identifier: Apache-2.0
#include "lib/route/caller.h"

#include <gtest/gtest.h>

#include <string>

namespace plivo_dial::test {
namespace {

std::string shown(std::string_view reported) {
  const Caller caller = caller_of(reported);
  switch (caller.kind) {
    case Caller::Kind::kNumber:
      return std::string(caller.digits);
    case Caller::Kind::kWithheld:
      return "withheld";
    case Caller::Kind::kOther:
      break;
  }
  return "other";
}

TEST(Caller, IsTheSameNumberHoweverItIsReported) {
  for (const std::string_view reported :
       {"14155550199", "+14155550199", " 14155550199", "sip:14155550199@example.com",
        "sip:+14155550199@example.com;user=phone", "SIPS:+14155550199@example.com:5061",
        "tel:+14155550199", "\"Jane Doe\" <sip:+14155550199@example.com>;tag=1",
        "<tel:+14155550199>", "14155550199@example.com", "sip:+14155550199;npdi@example.com"}) {
    EXPECT_EQ(shown(reported), "14155550199") << reported;
  }
}

TEST(Caller, OfAServiceMayBeShort) {
  EXPECT_EQ(shown("911"), "911");
  EXPECT_EQ(shown("123456789012345"), "123456789012345");
}

TEST(Caller, MayBeWithheld) {
  for (const std::string_view reported :
       {"", " ", "anonymous", "Anonymous", "ANONYMOUS", "Restricted", "private", "Unavailable",
        "unknown", "+", "sip:anonymous@anonymous.invalid", "\"Anonymous\" <sip:anonymous@x>",
        "sip:", "<>"}) {
    EXPECT_EQ(shown(reported), "withheld") << reported;
  }
}

TEST(Caller, ThatIsNoNumberIsAnother) {
  for (const std::string_view reported :
       {"sip:alice@phone.plivo.com", "alice", "1234567890123456", "+1415x", "++1415", "1415 555"}) {
    EXPECT_EQ(shown(reported), "other") << reported;
  }
}

}  // namespace
}  // namespace plivo_dial::test
