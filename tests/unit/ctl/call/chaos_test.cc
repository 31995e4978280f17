// Calls whose reports come in disorder: what a seed decides, and what it never may.
// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/chaos.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <ranges>
#include <set>
#include <tuple>

#include "mod_plivo_dial/ctl/call/timeline.h"
#include "tests/unit/ctl/fake_server.h"

namespace plivo_dial::ctl {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::uint64_t kSeeds = 200;

// Two stages with two phones each, a message, and URLs for all that can be reported.
void serve_whole_plan(FakeServer& server) {
  const std::string origin(kOrigin);
  const auto dial = [&](const std::string& action, const char* method) {
    return "<Dial action=\"" + origin + action + "\" method=\"" + method + "\" callbackUrl=\"" +
           origin + "/leg\"><Number>14155550101</Number><Number>14155550102</Number></Dial>";
  };
  server.document("/answer", dial("/second", "POST"));
  server.document("/second", dial("/message", "GET"));
  server.document("/message", "<Record action=\"" + origin + "/end\" callbackUrl=\"" + origin +
                                  "/file\" redirect=\"false\"/><Redirect>" + origin +
                                  "/last</Redirect>");
  server.document("/last", "<Hangup/>");
}

CallScript outbound_script(std::optional<std::uint64_t> seed) {
  CallScript script = test_script();
  script.direction = Direction::kOutbound;
  script.ring_url = std::string(kOrigin) + "/ring";
  script.outcomes = {*parse_target_outcome("14155550101=busy"),
                     *parse_target_outcome("14155550102=no-answer:9")};
  script.chaos = seed;
  script.token = "N2JkYjE0ZmUtYWM0MC00ZTFiLThlM2UtZTAzMjQ1";
  return script;
}

struct Played {
  CallRecord record;
  std::vector<std::string> summary;
};

Played play_plan(std::optional<std::uint64_t> seed) {
  FakeServer server;
  serve_whole_plan(server);
  const CallRecord record = play_call(outbound_script(seed), server);
  return {record, server.summary()};
}

std::vector<RequestStep> requests_of(const CallRecord& record) {
  std::vector<RequestStep> requests;
  for (const CallStep& step : record.steps) {
    if (const auto* request = std::get_if<RequestStep>(&step.what)) requests.push_back(*request);
  }
  return requests;
}

// By which a request is the same one.
using Told = std::tuple<Purpose, std::string, std::string, FormPairs>;

Told told_by(const RequestStep& step) {
  return {step.purpose, step.method, step.url, step.parameters};
}

bool wants_document(const RequestStep& step) {
  return step.purpose == Purpose::kAnswer || step.purpose == Purpose::kRedirect ||
         (step.purpose == Purpose::kAction && !step.url.ends_with("/end"));
}

TEST(SplitMix, IsTheGeneratorOfThatName) {
  SplitMix64 generator(1234567);
  EXPECT_EQ(generator.next(), 6457827717110365317U);
  EXPECT_EQ(generator.next(), 3203168211198807973U);
  EXPECT_EQ(generator.next(), 9817491932198370423U);
}

TEST(CallChaos, OfOneSeedIsTheSameEachTime) {
  std::set<std::vector<std::string>> plays;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Played played = play_plan(seed);
    EXPECT_EQ(played.summary, play_plan(seed).summary) << seed;
    plays.insert(played.summary);
  }
  EXPECT_GT(plays.size(), 15U) << "seeds make no difference";
}

// A change of these is a change of what every seed means, in notes and in reports of faults.
TEST(CallChaos, OfASeedStaysWhatItWas) {
  Chaos chaos(4);
  std::string play;
  for (int report = 0; report < 12; ++report) {
    if (!chaos.add({Purpose::kCallback, "POST", std::to_string(report), {}, 0})) play += "x ";
    while (const auto delivery = chaos.take()) {
      play += delivery->report.url + (delivery->again ? "+" : "") + (delivery->late ? "< " : " ");
    }
  }
  chaos.end();
  while (const auto delivery = chaos.take()) play += delivery->report.url + "! ";
  EXPECT_EQ(play, "0 1 2 2+ 0+< 3 x 5 5+ 6 7 x 10 9< 11 10! ");
}

TEST(CallChaos, SendsEachReportAtLeastOnceOrTellsThatItIsDropped) {
  std::multiset<Told> expected;
  for (const RequestStep& step : requests_of(play_plan(std::nullopt).record)) {
    EXPECT_TRUE(!step.again && !step.late && !step.dropped);
    expected.insert(told_by(step));
  }
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    std::multiset<Told> first;
    for (const RequestStep& step : requests_of(play_plan(seed).record)) {
      if (!step.again) first.insert(told_by(step));
      EXPECT_TRUE(!step.again || first.contains(told_by(step))) << "again without a first time";
    }
    EXPECT_EQ(first, expected);
  }
}

TEST(CallChaos, DropsAndDelaysNoDocument) {
  std::set<Purpose> doubled;
  std::set<Purpose> dropped;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    for (const RequestStep& step : requests_of(play_plan(seed).record)) {
      EXPECT_FALSE(wants_document(step) && (step.dropped || step.late)) << seed;
      if (step.again && wants_document(step)) doubled.insert(step.purpose);
      if (step.dropped) dropped.insert(step.purpose);
    }
  }
  EXPECT_THAT(doubled, ElementsAre(Purpose::kAnswer, Purpose::kAction))
      << "the documents behind a Redirect are numbered";
  EXPECT_THAT(dropped, testing::IsSupersetOf({Purpose::kRing, Purpose::kAction, Purpose::kCallback,
                                              Purpose::kRecording, Purpose::kHangup}));
}

TEST(CallChaos, LetsTheHangupOvertakeWhatWasBefore) {
  const bool overtakes =
      std::ranges::any_of(std::views::iota(std::uint64_t{0}, kSeeds), [](std::uint64_t seed) {
        const std::vector<std::string> summary = play_plan(seed).summary;
        const auto hangup = std::ranges::find(summary, "POST /hangup Hangup");
        return std::find(hangup, summary.end(), "POST /leg DialHangup") != summary.end();
      });
  EXPECT_TRUE(overtakes);
}

TEST(CallChaos, MarksAsLateWhatAnotherOvertook) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    std::int64_t newest = 0;
    for (const RequestStep& step : requests_of(play_plan(seed).record)) {
      if (step.dropped) continue;
      EXPECT_TRUE(step.due >= newest || step.late) << seed;
      newest = std::max(newest, step.due);
    }
  }
}

TEST(CallChaos, CountsWhatItDid) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const CallRecord record = play_plan(seed).record;
    const std::vector<RequestStep> requests = requests_of(record);
    const ChaosCount& count = *record.chaos;
    const auto many = [&](auto member) {
      return static_cast<std::size_t>(std::ranges::count(requests, true, member));
    };
    EXPECT_EQ(count.doubled, many(&RequestStep::again));
    EXPECT_EQ(count.dropped, many(&RequestStep::dropped));
    EXPECT_EQ(count.late, many(&RequestStep::late));
    EXPECT_EQ(record.requests, requests.size() - count.dropped);
    EXPECT_TRUE(is_good(record));
    EXPECT_THAT(
        render_timeline(record, {}),
        HasSubstr("\nChaos with seed " + std::to_string(seed) + ": " +
                  std::to_string(count.doubled) + " sent again, " + std::to_string(count.dropped) +
                  " dropped, " + std::to_string(count.late) + " late.\n"));
  }
}

TEST(CallChaos, RepeatsWithANonceOfItsOwn) {
  FakeServer server;
  serve_whole_plan(server);
  std::uint64_t seed = 0;
  while (play_plan(seed).record.chaos->doubled == 0) ++seed;
  play_call(outbound_script(seed), server);
  std::map<std::string, std::set<std::string>> nonces;  // by URL and body
  std::size_t requests = 0;
  for (const HttpRequest& request : server.requests()) {
    for (const HttpHeader& header : request.headers) {
      if (header.name != "X-Plivo-Signature-V3-Nonce") continue;
      nonces[request.url + request.body].insert(header.value);
      ++requests;
    }
  }
  std::size_t different = 0;
  for (const auto& [request, values] : nonces) different += values.size();
  EXPECT_EQ(different, requests);
  EXPECT_LT(nonces.size(), requests);
}

// A server that counts its answers.
Played play_changing_server(std::uint64_t seed) {
  FakeServer server;
  server.document("/answer", "<Speak>one</Speak>");
  server.document("/answer", "<Speak>two</Speak>");
  CallScript script = test_script();
  script.chaos = seed;
  return {play_call(script, server), server.summary()};
}

TEST(CallChaos, TellsOfADocumentThatDiffersWhenAskedForAgain) {
  std::uint64_t seed = 0;
  while (play_changing_server(seed).record.chaos->differing == 0) ASSERT_LT(++seed, kSeeds);
  const CallRecord record = play_changing_server(seed).record;
  EXPECT_FALSE(is_good(record));
  EXPECT_EQ(record.refused, 0U);
  EXPECT_THAT(notices(record, Severity::kFault), ElementsAre(HasSubstr("got another reply")));
  EXPECT_THAT(render_timeline(record, {}),
              AllOf(HasSubstr("200 Event=StartApp CallStatus=ringing  (again)\n"),
                    HasSubstr("!! fault: the same request for a document"),
                    HasSubstr("1 document that differed when asked for again."),
                    Not(HasSubstr("would refuse"))));
}

TEST(CallChaos, ThatRunsIntoTheLimitStops) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    FakeServer server;
    serve_whole_plan(server);
    CallScript script = outbound_script(seed);
    script.max_requests = 5;
    const CallRecord record = play_call(script, server);
    EXPECT_TRUE(record.stopped) << seed;
    EXPECT_LE(server.requests().size(), 7U) << "the hangup comes all the same";
  }
}

TEST(CallChaos, LeavesReportsBesideTheCallAlone) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    FakeServer server;
    server.document("/answer", "<Wait/>");
    CallScript script = test_script();
    script.chaos = seed;
    script.hangup_url.reset();
    script.reports = {{"machine", ""}, {"stream", ""}};
    const CallRecord record = play_call(script, server);
    for (const RequestStep& step : requests_of(record)) {
      const bool touched = step.again || step.late || step.dropped;
      EXPECT_FALSE(touched && step.purpose == Purpose::kReport) << seed;
    }
  }
}

}  // namespace
}  // namespace plivo_dial::ctl
