// SPDX-License-Identifier: Apache-2.0
// PlivoAllowFrom and PlivoDenyFrom: whose calls are taken.
#include "lib/route/caller_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "lib/route/number_list.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Side = CallerRules::Side;
using RuleWords = std::vector<std::string_view>;

const Position kHere{"/etc/a.conf", 7};

TEST(CallerRules, WithoutLinesTakeEachCall) {
  EXPECT_EQ(CallerRules().verdict("14155550111", nullptr), std::nullopt);
  EXPECT_EQ(CallerRules().leads_to_voicemail(), nullptr);
}

TEST(CallerRules, TurnAwayWhoIsDenied) {
  CallerRules rules;
  ASSERT_TRUE(rules.add(Side::kDeny, RuleWords{"+14155550111", "+4420*", "action=busy"}, kHere));
  ASSERT_TRUE(rules.add(Side::kDeny, RuleWords{"anonymous"}, kHere));
  EXPECT_EQ(rules.verdict("+14155550111", nullptr)->action, CallerAction::kBusy);
  EXPECT_EQ(rules.verdict("14155550111", nullptr)->action, CallerAction::kBusy);
  EXPECT_EQ(rules.verdict("442079460000", nullptr)->action, CallerAction::kBusy);
  EXPECT_EQ(rules.verdict("anonymous", nullptr)->action, CallerAction::kReject);
  EXPECT_EQ(rules.verdict("14155550112", nullptr), std::nullopt);
}

TEST(CallerRules, TakeOnlyWhoIsAllowedAndNotDenied) {
  CallerRules rules;
  ASSERT_TRUE(rules.add(Side::kAllow, RuleWords{"+1415*"}, kHere));
  ASSERT_TRUE(rules.add(Side::kAllow, RuleWords{"+442079460000", "action=voicemail"}, kHere));
  ASSERT_TRUE(rules.add(Side::kDeny, RuleWords{"+14155550111", "action=busy"}, kHere));
  EXPECT_EQ(rules.verdict("14155550112", nullptr), std::nullopt);
  EXPECT_EQ(rules.verdict("442079460000", nullptr), std::nullopt);
  EXPECT_EQ(rules.verdict("14155550111", nullptr)->action, CallerAction::kBusy);
  EXPECT_EQ(rules.verdict("33123456789", nullptr)->action, CallerAction::kVoicemail)
      << "the last line's action";
  EXPECT_EQ(rules.verdict("", nullptr)->action, CallerAction::kVoicemail);
  ASSERT_NE(rules.leads_to_voicemail(), nullptr);
  EXPECT_EQ(rules.leads_to_voicemail()->line, 7);
  EXPECT_THAT(rules.describe(),
              ElementsAre("allow only +1415* action=reject  (/etc/a.conf:7)",
                          "allow only +442079460000 action=voicemail  (/etc/a.conf:7)",
                          "deny +14155550111 action=busy  (/etc/a.conf:7)"));
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
  EXPECT_THAT(refusal({"file:/spam", "file:/spam"}), HasSubstr("is given twice"));
  EXPECT_THAT(refusal({"+14155550111", "action=busy", "action=reject"}),
              HasSubstr("action= is given twice"));
}

// Lists as the tables have them.
class ListsOfTest final : public NumberLists {
 public:
  void add(const std::string& path, std::string_view text) {
    ImageWriter writer;
    ASSERT_TRUE(add_number_list(writer, "list", read_number_list(text).list));
    One& one = lists_[path];
    one.bytes = *writer.bytes(0);
    one.image.emplace(std::move(Image::over(one.bytes)).value());
    one.list = ListInImage::in(*one.image, "list");
  }
  const ListInImage* list(std::string_view path) const override {
    const auto place = lists_.find(path);
    return place == lists_.end() ? nullptr : &*place->second.list;
  }

 private:
  struct One {
    std::string bytes;
    std::optional<Image> image;
    std::optional<ListInImage> list;
  };
  std::map<std::string, One, std::less<>> lists_;
};

TEST(CallerRules, AskTheListsOfTheirFiles) {
  ListsOfTest lists;
  lists.add("/spam", "# spam\n+14155550111\n+4420*   # all of them\nanonymous\n");
  CallerRules rules;
  ASSERT_TRUE(rules.add(Side::kDeny, RuleWords{"+14155550112", "file:/spam"}, kHere));
  for (const char* from : {"14155550111", "14155550112", "442012345678", "anonymous"}) {
    EXPECT_EQ(rules.verdict(from, &lists)->action, CallerAction::kReject) << from;
  }
  EXPECT_EQ(rules.verdict("14155550113", &lists), std::nullopt);
  EXPECT_THAT(rules.describe(),
              ElementsAre("deny +14155550112 file:/spam action=reject  (/etc/a.conf:7)"));
  ASSERT_EQ(rules.files().size(), 1u);
  EXPECT_EQ(rules.files()[0].first, "/spam");
}

TEST(CallerRules, TakeACallRatherThanNoneWhereAListIsNotKnown) {
  const ListsOfTest lists;
  CallerRules deny;
  ASSERT_TRUE(deny.add(Side::kDeny, RuleWords{"file:/spam"}, kHere));
  CallerRules allow;
  ASSERT_TRUE(allow.add(Side::kAllow, RuleWords{"file:/friends"}, kHere));
  for (const NumberLists* known :
       {static_cast<const NumberLists*>(&lists), static_cast<const NumberLists*>(nullptr)}) {
    EXPECT_EQ(deny.verdict("14155550111", known), std::nullopt);
    EXPECT_EQ(allow.verdict("14155550111", known), std::nullopt);
  }
}

}  // namespace
}  // namespace plivo_dial
