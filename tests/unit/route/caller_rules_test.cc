// SPDX-License-Identifier: Apache-2.0
// PlivoAllowFrom and PlivoDenyFrom: whose calls are taken.
#include "lib/route/caller_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace plivo_dial {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using Side = CallerRules::Side;
using RuleWords = std::vector<std::string_view>;

const Position kHere{"/etc/a.conf", 7};

TEST(CallerRules, WithoutLinesTakeEachCall) {
  EXPECT_EQ(CallerRules().verdict("14155550111"), std::nullopt);
  EXPECT_EQ(CallerRules().leads_to_voicemail(), nullptr);
}

TEST(CallerRules, TurnAwayWhoIsDenied) {
  CallerRules rules;
  ASSERT_TRUE(rules.add(Side::kDeny, RuleWords{"+14155550111", "+4420*", "action=busy"}, kHere));
  ASSERT_TRUE(rules.add(Side::kDeny, RuleWords{"anonymous"}, kHere));
  EXPECT_EQ(rules.verdict("+14155550111"), CallerAction::kBusy);
  EXPECT_EQ(rules.verdict("14155550111"), CallerAction::kBusy);
  EXPECT_EQ(rules.verdict("442079460000"), CallerAction::kBusy);
  EXPECT_EQ(rules.verdict("anonymous"), CallerAction::kReject);
  EXPECT_EQ(rules.verdict("14155550112"), std::nullopt);
}

TEST(CallerRules, TakeOnlyWhoIsAllowedAndNotDenied) {
  CallerRules rules;
  ASSERT_TRUE(rules.add(Side::kAllow, RuleWords{"+1415*"}, kHere));
  ASSERT_TRUE(rules.add(Side::kAllow, RuleWords{"+442079460000", "action=voicemail"}, kHere));
  ASSERT_TRUE(rules.add(Side::kDeny, RuleWords{"+14155550111", "action=busy"}, kHere));
  EXPECT_EQ(rules.verdict("14155550112"), std::nullopt);
  EXPECT_EQ(rules.verdict("442079460000"), std::nullopt);
  EXPECT_EQ(rules.verdict("14155550111"), CallerAction::kBusy);
  EXPECT_EQ(rules.verdict("33123456789"), CallerAction::kVoicemail) << "the last line's action";
  EXPECT_EQ(rules.verdict(""), CallerAction::kVoicemail);
  ASSERT_NE(rules.leads_to_voicemail(), nullptr);
  EXPECT_EQ(rules.leads_to_voicemail()->line, 7);
  EXPECT_THAT(rules.describe(),
              ElementsAre("allow only 1 caller, action=reject  (/etc/a.conf:7)",
                          "allow only 1 caller, action=voicemail  (/etc/a.conf:7)",
                          "deny 1 caller, action=busy  (/etc/a.conf:7)"));
}

TEST(CallerRules, SayWhatIsWrong) {
  const auto refusal = [](const RuleWords& words) {
    CallerRules rules;
    const Result<void> added = rules.add(Side::kDeny, words, kHere);
    EXPECT_TRUE(added || rules.describe().empty());
    return added ? "accepted" : added.error().message;
  };
  EXPECT_THAT(refusal({}), HasSubstr("names no caller"));
  EXPECT_THAT(refusal({"action=busy"}), HasSubstr("names no caller"));
  EXPECT_THAT(refusal({"+14155550111", "action=bussy"}), HasSubstr("did you mean busy?"));
  EXPECT_THAT(refusal({"+14155550111", "+14155550111"}), HasSubstr("is given twice"));
  EXPECT_THAT(refusal({"4155550111"}), HasSubstr("country code"));
  EXPECT_THAT(refusal({"file:spam.txt"}), HasSubstr("no absolute path"));
  EXPECT_THAT(refusal({"file:/nowhere/spam.txt"}), HasSubstr("cannot read '/nowhere/spam.txt'"));
}

class CallerFile : public testing::Test {
 protected:
  CallerFile() {
    char name[] = "/tmp/callers-XXXXXX";
    directory_ = mkdtemp(name);
    word_ = "file:" + directory_ + "/spam.txt";
  }
  ~CallerFile() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& text) { std::ofstream(directory_ + "/spam.txt") << text; }

  std::string directory_;
  std::string word_;
};

TEST_F(CallerFile, HasACallerALine) {
  write("# spam\n+14155550111\n+4420*   # all of them\nanonymous\n");
  CallerRules rules;
  ASSERT_TRUE(rules.add(Side::kDeny, RuleWords{"+14155550112", word_}, kHere));
  for (const char* from : {"14155550111", "14155550112", "442012345678", "anonymous"}) {
    EXPECT_EQ(rules.verdict(from), CallerAction::kReject) << from;
  }
  EXPECT_EQ(rules.verdict("14155550113"), std::nullopt);
  EXPECT_THAT(rules.describe().front(), HasSubstr("deny 4 callers"));
}

TEST_F(CallerFile, IsRefusedWithLineAndNumberOfItsFaults) {
  write("+14155550111\n555\nbob\n+1 415\n");
  CallerRules rules;
  const Result<void> added = rules.add(Side::kDeny, RuleWords{word_}, kHere);
  ASSERT_FALSE(added);
  EXPECT_THAT(added.error().message,
              AllOf(HasSubstr("spam.txt:2: \"555\""), HasSubstr("(and 2 more like it)")));
  EXPECT_TRUE(rules.describe().empty());
}

TEST_F(CallerFile, OfAHundredThousandIsRead) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "+1415" + std::to_string(5'000'000 + i) + "\n";
  write(text);
  CallerRules rules;
  ASSERT_TRUE(rules.add(Side::kDeny, RuleWords{word_}, kHere));
  EXPECT_EQ(rules.verdict("14155099999"), CallerAction::kReject);
  EXPECT_EQ(rules.verdict("14155100000"), std::nullopt);
}

}  // namespace
}  // namespace plivo_dial
