// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mod_plivo_dial/ctl/uuid.h"

namespace plivo_dial::ctl {
namespace {

TEST(TargetOutcome, ReadsEveryWord) {
  for (const OutcomeRule& rule : outcome_rules()) {
    const auto read = parse_target_outcome("+14155550100=" + std::string(rule.word));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->target, "+14155550100");
    EXPECT_EQ(read->outcome, rule.outcome);
    EXPECT_EQ(read->seconds, std::nullopt);
  }
}

TEST(TargetOutcome, ReadsSecondsAndSipTargets) {
  const auto read = parse_target_outcome("sip:bob@example.com;transport=tls=completed:12");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->target, "sip:bob@example.com;transport=tls");
  EXPECT_EQ(read->outcome, Outcome::kCompleted);
  EXPECT_EQ(read->seconds, 12);
}

TEST(TargetOutcome, RefusesOtherTextWithRemedy) {
  struct Case {
    std::string_view text;
    std::string_view message;
  };
  const Case cases[] = {
      {"busy", "TARGET=OUTCOME"},
      {"=busy", "TARGET=OUTCOME"},
      {"*=bussy", "did you mean busy?"},
      {"*=busy:x", "number of seconds"},
      {"*=busy:", "number of seconds"},
      {"*=busy:-1", "number of seconds"},
      {"*=busy:86401", "number of seconds"},
  };
  for (const Case& entry : cases) {
    const auto read = parse_target_outcome(entry.text);
    ASSERT_FALSE(read) << entry.text;
    EXPECT_THAT(read.error().message, testing::HasSubstr(std::string(entry.message)));
  }
}

TEST(FindOutcome, PrefersTheTargetToTheStar) {
  const std::vector<TargetOutcome> outcomes = {{"*", Outcome::kBusy, std::nullopt},
                                               {"14155550100", Outcome::kFailed, 4}};
  EXPECT_EQ(find_outcome(outcomes, "+14155550100").outcome, Outcome::kFailed);
  EXPECT_EQ(find_outcome(outcomes, "+14155550101").outcome, Outcome::kBusy);
  EXPECT_EQ(find_outcome({}, "+14155550101").outcome, Outcome::kCompleted);
}

TEST(Outcomes, HaveCausesOfPlivosTable) {
  for (const OutcomeRule& rule : outcome_rules()) {
    EXPECT_NE(cause_name(rule.end.code), "Unknown") << rule.word;
  }
  EXPECT_EQ(cause_name(9110), "Confirm Key Challenge Failed");
}

TEST(Uuid, IsRandomAndWellFormed) {
  const std::string uuid = random_uuid();
  EXPECT_TRUE(is_uuid(uuid)) << uuid;
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(uuid, random_uuid());
  EXPECT_FALSE(is_uuid(uuid + "0"));
  EXPECT_FALSE(is_uuid("c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d2g"));
  EXPECT_FALSE(is_uuid("c3f2b0d4a6a17-4d0e-9c55-0f3a6e1b7d21"));
}

}  // namespace
}  // namespace plivo_dial::ctl
