// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor/doctor_neighbours.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plivo_dial::ctl {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Findings findings_of(std::vector<ManifestNeighbour> neighbours) {
  ConfigManifest config;
  config.neighbours = std::move(neighbours);
  Findings findings;
  check_neighbours(config, findings);
  return findings;
}

TEST(DoctorNeighbours, AreToldWithTheirRemedy) {
  const std::pair<const char*, const char*> expected[] = {
      {"security2", "SecRuleEngine Off"}, {"evasive", "DOSPageCount"}, {"mpm-itk", "AssignUserID"}};
  for (const auto& [name, remedy] : expected) {
    const Findings found = findings_of({{name, false}});
    ASSERT_THAT(found, SizeIs(1)) << name;
    EXPECT_EQ(found[0].check, "other modules");
    EXPECT_EQ(found[0].health, Health::kWarning);
    EXPECT_THAT(found[0].sentence, HasSubstr(remedy));
    EXPECT_THAT(found[0].sentence, HasSubstr("guide Beside other modules"));
  }
}

TEST(DoctorNeighbours, AreFineWhereTheyAreProvidedForOrNeedNothing) {
  const Findings found = findings_of({{"security2", true},
                                      {"evasive", true},
                                      {"mpm-itk", true},
                                      {"reqtimeout", true},
                                      {"remoteip", false},
                                      {"passenger", false}});
  ASSERT_THAT(found, SizeIs(6));
  for (const Finding& finding : found) EXPECT_EQ(finding.health, Health::kOk) << finding.sentence;
}

TEST(DoctorNeighbours, ThatNobodyKnowsAreLeftOut) {
  EXPECT_THAT(findings_of({{"another", false}}), IsEmpty());
}

}  // namespace
}  // namespace plivo_dial::ctl
