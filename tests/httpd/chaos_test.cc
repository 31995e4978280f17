// Calls whose reports come late, twice or not at all (plivo-dialctl call --chaos), through httpd
// and the dispatcher: what was sent is an event, and what was sent again none.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/httpd/events.h"
#include "tests/httpd/httpd_server.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/process.h"
#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {
namespace {

using nlohmann::json;

constexpr int kSeeds = 12;

// Two stages, the first one in an order that is drawn, and a message.
constexpr const char* kPlan = R"(
<Location "/dialstatus">
    SetHandler plivo-dial
    PlivoSpeak "Connecting your call.."
    PlivoDial +14155550121 +14155550122 +14155550123 ring=random timeout=20
    PlivoDial +14155550124 +14155550125 timeout=30
    PlivoVoicemail On
</Location>
)";

// What may be told twice: a sound that is asked for, and keys that can be pressed again.
constexpr const char* kPlanWithKeys = R"(
<Location "/dialstatus">
    SetHandler plivo-dial
    PlivoConfirm 1 "say=Press 1 to take the call."
    PlivoDial +14155550121 timeout=20
    PlivoDial +14155550122 timeout=20 digitsMatch=99
</Location>
)";

// A request as an event tells of it: "dial.ended 1 8e41c6aa-...".
std::string event_of_request(const json& step) {
  const json& said = step["parameters"];
  const std::string purpose = step["purpose"];
  const std::string url = step["url"];
  const std::size_t at = url.find("stage=");
  const std::string stage = at == std::string::npos ? "1" : url.substr(at + 6, 1);
  static const std::map<std::string, std::string> kOfCallback = {{"answer", "dial.answered"},
                                                                 {"connected", "dial.connected"},
                                                                 {"digits", "dial.digits"},
                                                                 {"hangup", "dial.ended"}};
  if (purpose == "callback") {
    return kOfCallback.at(said["DialAction"]) + " " + stage + " " +
           said["DialBLegUUID"].get<std::string>();
  }
  if (purpose == "action" && said.contains("DialStatus")) return "dial.result " + stage;
  // That the caller has finished, and that the file is there.
  if (said.contains("RecordingID")) return "recording";
  static const std::map<std::string, std::string> kOfPurpose = {
      {"answer", "call.answer"}, {"hangup", "call.hangup"}, {"confirm", "dial.confirm"}};
  return kOfPurpose.at(purpose);
}

std::string event_of(const json& event) {
  const std::string name = event["event"];
  if (name == "dial.result") return name + " " + std::to_string(event.value("stage", 1));
  if (!name.starts_with("dial.") || name == "dial.confirm") return name;
  return name + " " + std::to_string(event.value("stage", 1)) + " " + event.value("b_leg", "");
}

// As the table of mod_plivo_dial(5) has it under "Again".
bool makes_an_event_each_time(const json& step) {
  const std::string name = event_of_request(step);
  return name == "dial.confirm" || name.starts_with("dial.digits");
}

class Chaos : public testing::Test {
 protected:
  Chaos() : sinks_(httpd_.files()) { write_token(httpd_.files(), "main", kMainToken); }
  // The sinks must outlive the dispatcher.
  ~Chaos() override {
    if (httpd_.pid() != 0) httpd_.stop();
  }

  bool start(const std::string& plan) {
    return httpd_.start(
        std::string("PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher On \"${DIALD}\"\n"
                    "PlivoEventSink file \"file:${ROOT}/events/events.json\"\nPlivoPublicURL ") +
        kOrigin + "\nPlivoAccount main MAXXXXXXXXXXXXXXXXXX \"file:${ROOT}/conf/main.token\"\n" +
        plan);
  }

  json ctl(std::vector<std::string> arguments) {
    Command command;
    command.arguments = {PLIVO_DIALCTL_PROGRAM};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    const CommandResult result = run_command(command);
    EXPECT_EQ(result.exit_code, 0) << result.output;
    return json::parse(result.output, nullptr, false);
  }

  // Plays a call, and adds what is to come of it to what is expected.
  void play(int seed, const std::vector<std::string>& options) {
    const std::string call = new_uuid();
    std::vector<std::string> arguments = {
        "call",
        "--url",
        "http://127.0.0.1:" + std::to_string(httpd_.port()) + "/dialstatus",
        "--public-url",
        kOrigin,
        "--token-file",
        httpd_.root() + "/conf/main.token",
        "--call-uuid",
        call,
        "--chaos",
        std::to_string(seed),
        "--json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const json played = ctl(arguments);
    EXPECT_EQ(played["result"]["chaos"]["differing"], 0);
    for (const json& step : played["steps"]) {
      if (step["kind"] != "request" || step["dropped"]) continue;
      ++sent_;
      if (step["again"]) ++again_;
      if (step["again"] && !makes_an_event_each_time(step)) {
        ++duplicates_;
      } else {
        expected_[call].insert(event_of_request(step));
      }
    }
  }

  std::map<std::string, std::multiset<std::string>> events() const {
    std::map<std::string, std::multiset<std::string>> calls;
    for (const json& event : sinks_.in_file()) calls[event["call"]].insert(event_of(event));
    return calls;
  }

  // Each request that was sent is an event in the file, but for repeats, which are duplicates.
  void expect_all() {
    const std::size_t events_to_come = sent_ - duplicates_;
    EXPECT_TRUE(wait_for([&] { return sinks_.in_file().size() >= events_to_come; }));
    json sums;
    EXPECT_TRUE(wait_for([&] {
      sums = ctl({"events", "verify", "--spool", httpd_.root() + "/spool", "--json"});
      return sums["pending"] == 0;
    }));
    EXPECT_EQ(sums["accepted"], sent_) << sums;
    EXPECT_EQ(sums["duplicates"], duplicates_) << sums;
    EXPECT_EQ(sums["delivered"], events_to_come) << sums;
    EXPECT_EQ(sums["differences"], json::array());
    EXPECT_EQ(events(), expected_);
  }

  HttpdServer httpd_;
  EventSinks sinks_;
  std::size_t sent_ = 0;
  std::size_t again_ = 0;
  std::size_t duplicates_ = 0;
  std::map<std::string, std::multiset<std::string>> expected_;  // by call
};

TEST_F(Chaos, EachRequestThatWasSentIsOneEvent) {
  ASSERT_TRUE(start(kPlan));
  for (int seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    play(seed, {"--outcome", "+14155550124=busy", "--outcome", "*=no-answer"});
  }
  EXPECT_GT(again_, 10U);
  EXPECT_EQ(again_, duplicates_);
  expect_all();
}

TEST_F(Chaos, OfACallThatIsTakenToo) {
  ASSERT_TRUE(start(kPlan));
  for (int seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    play(seed, {"--outcome", "*=no-answer", "--outcome", "+14155550125=completed:5", "--outcome",
                "+14155550124=completed:7"});
  }
  expect_all();
}

TEST_F(Chaos, MayBeToldTwiceWhereTheManualSaysSo) {
  ASSERT_TRUE(start(kPlanWithKeys));
  for (int seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    play(seed, {"--outcome", "+14155550121=busy", "--digits", "99"});
  }
  EXPECT_GT(again_, duplicates_);
  expect_all();
}

}  // namespace
}  // namespace plivo_dial::test
