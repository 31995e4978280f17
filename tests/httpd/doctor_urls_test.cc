// plivo-dialctl doctor at URLs that directives name in place of the module's own.
// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/doctor.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

std::string with_dial(const std::string& attributes, const std::string& more = "") {
  std::string location = kLocation;
  location.insert(location.find("PlivoDial +14155550100") + 22, " " + attributes);
  return location + more;
}

// Of what the doctor asks at a Location anyway, none has this query.
constexpr const char* kSecond = R"(
<Location "/second">
    SetHandler plivo-dial
    PlivoDial +14155550122
</Location>
<If "%{QUERY_STRING} == 'site=2'">
    Require env calls
</If>
)";

TEST_F(Doctor, AsksTheUrlsThatDirectivesName) {
  ASSERT_TRUE(
      start(with_dial("action=http://127.0.0.1:${PORT}/second/action?site=1 "
                      "callbackUrl=http://127.0.0.1:${PORT}/second/callback",
                      kSecond)));
  wait_for_dispatcher();
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 0) << diagnosis.output;
  EXPECT_EQ(diagnosis.of("handler").size(), 2U) << diagnosis.output;
}

TEST_F(Doctor, FindsWhoShutsANamedUrl) {
  httpd_.allow_log("AH0");
  ASSERT_TRUE(start(with_dial("action=http://127.0.0.1:${PORT}/second/action?site=2", kSecond)));
  wait_for_dispatcher();
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("handler"),
              Contains(AllOf(HasSubstr("problem: /second/action?site=2 at"),
                             HasSubstr("(of action=)"), HasSubstr("is forbidden (403)"))));
}

TEST_F(Doctor, LooksWhetherAnotherProgramsUrlIsThere) {
  httpd_.allow_log("PD0104");
  httpd_.allow_log("AH0");
  httpd_.files().write_file("htdocs/crm.xml", "<Response/>", 0644);
  ASSERT_TRUE(
      start(with_dial("action=http://127.0.0.1:${PORT}/crm.xml "
                      "callbackUrl=http://127.0.0.1:${PORT}/gone")));
  wait_for_dispatcher();
  const Diagnosis diagnosis = examine({"--offline"});
  EXPECT_EQ(diagnosis.exit_code, 0) << diagnosis.output;
  EXPECT_THAT(
      diagnosis.of("handler"),
      AllOf(Contains(AllOf(HasSubstr("ok: "), HasSubstr("/crm.xml at"),
                           HasSubstr("answers a GET with 200"))),
            Contains(AllOf(HasSubstr("warning: "), HasSubstr("/gone at"), HasSubstr("(404)")))));
}

}  // namespace
}  // namespace plivo_dial::test
