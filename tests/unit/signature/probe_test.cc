// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/probe.h"

#include <gtest/gtest.h>

#include "lib/signature/signature.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kProbeToken = "NzQ2MDIxMzU5OGFiY2RlZjAxMjM0NTY3ODlhYmNk";
constexpr std::string_view kDocument = "<Response><Hangup/></Response>";

TEST(ProbeMark, IsBoundToTokenChallengeAndBody) {
  const std::string mark = probe_mark("7421", kDocument, kProbeToken);
  EXPECT_TRUE(check_mark(mark, "7421", kDocument, kProbeToken).whole);
  const MarkVerdict changed = check_mark(mark, "7421", "<Response/>", kProbeToken);
  EXPECT_TRUE(changed.ours);
  EXPECT_FALSE(changed.whole);
  EXPECT_FALSE(check_mark(mark, "7422", kDocument, kProbeToken).ours);
  EXPECT_FALSE(check_mark(mark, "7421", kDocument, "another").ours);
  EXPECT_FALSE(check_mark(mark, "7422", kDocument, kProbeToken).whole);
}

TEST(ProbeMark, TakesNothingElse) {
  for (const char* mark : {"", " ", "x y", "7421"}) {
    const MarkVerdict verdict = check_mark(mark, "7421", kDocument, kProbeToken);
    EXPECT_FALSE(verdict.ours || verdict.whole) << mark;
  }
  // Half a mark tells who answered, not what was sent.
  const std::string mark = probe_mark("7421", kDocument, kProbeToken);
  const MarkVerdict half =
      check_mark(mark.substr(0, mark.find(' ')), "7421", kDocument, kProbeToken);
  EXPECT_TRUE(half.ours);
  EXPECT_FALSE(half.whole);
}

// Plivo reads nothing where a document is not wanted.
TEST(ProbeMark, LetsOthersWriteBehindAnEmptyBody) {
  EXPECT_TRUE(
      check_mark(probe_mark("7421", "", kProbeToken), "7421", "<!-- served -->", kProbeToken)
          .whole);
}

// Nobody gets the signature of a webhook by asking for a mark.
TEST(ProbeMark, IsNoSignatureOfAWebhook) {
  const std::string url = "https://pbx.example.com/dialstatus";
  const std::string mark = probe_mark(url, "", kProbeToken);
  EXPECT_EQ(mark.find(sign(url, kProbeToken)), std::string::npos);
  EXPECT_EQ(mark.find(sign(v3_string_to_sign({"https://pbx.example.com", "/dialstatus"}, {}, "1"),
                           kProbeToken)),
            std::string::npos);
}

}  // namespace
}  // namespace plivo_dial
