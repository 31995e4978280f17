// SPDX-License-Identifier: Apache-2.0
// The hooks that README.md and the manual show, run over calls that end in every way: each call
// that nobody took is reported once, and no other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "lib/event/environment.h"
#include "lib/event/json.h"
#include "tests/httpd/manual_blocks.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kOutcomes = {"completed", "busy",      "failed",
                                            "timeout",   "no-answer", "cancel"};

// How one call goes: an outcome for each stage that is reached.
struct Walk {
  std::size_t stages;  // of the plan
  bool voicemail;
  std::vector<std::string> outcomes;

  bool ends() const {
    return outcomes.size() == stages || outcomes.back() == "completed" ||
           outcomes.back() == "cancel";
  }
  bool taken() const { return outcomes.back() == "completed"; }
  std::string location() const {
    return std::string(voicemail ? "/voicemail" : "/plain") + std::to_string(stages);
  }
  std::string text() const {
    std::string words = location();
    for (const std::string& outcome : outcomes) words += " " + outcome;
    return words;
  }
};

void add_walks(Walk walk, std::vector<Walk>& walks) {
  for (const std::string& outcome : kOutcomes) {
    // Before the last stage, one or two words stand for those that go on alike.
    const bool goes_on = outcome != "completed" && outcome != "cancel" && outcome != "busy" &&
                         (outcome != "no-answer" || walk.stages == 3);
    if (goes_on && walk.outcomes.size() + 1 < walk.stages) continue;
    Walk longer = walk;
    longer.outcomes.push_back(outcome);
    if (longer.ends()) {
      walks.push_back(longer);
    } else {
      add_walks(longer, walks);
    }
  }
}

std::vector<Walk> all_walks() {
  std::vector<Walk> walks;
  for (std::size_t stages = 1; stages <= 3; ++stages) {
    for (const bool voicemail : {false, true}) add_walks({stages, voicemail, {}}, walks);
  }
  return walks;
}

std::string configuration() {
  std::string text =
      "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher On \"${DIALD}\"\nPlivoSignature Off\n"
      "PlivoEventSink file \"file:${ROOT}/events/events.json\"\n"
      "PlivoPublicURL https://pbx.example.com\n";
  for (std::size_t stages = 1; stages <= 3; ++stages) {
    for (const bool voicemail : {false, true}) {
      text += "<Location \"" + Walk{stages, voicemail, {}}.location() +
              "\">\nSetHandler plivo-dial\n" + (voicemail ? "PlivoVoicemail On\n" : "");
      for (std::size_t stage = 1; stage <= stages; ++stage) {
        text += "PlivoDial +1415555010" + std::to_string(stage) + "\n";
      }
      text += "</Location>\n";
    }
  }
  return text;
}

void play(const HttpdServer& httpd, const Walk& walk, const std::string& call) {
  Command command;
  command.arguments = {PLIVO_DIALCTL_PROGRAM,
                       "call",
                       "--url",
                       "http://127.0.0.1:" + std::to_string(httpd.port()) + walk.location(),
                       "--public-url",
                       "https://pbx.example.com",
                       "--call-uuid",
                       call};
  for (std::size_t stage = 0; stage < walk.outcomes.size(); ++stage) {
    command.arguments.emplace_back("--outcome");
    command.arguments.push_back("+1415555010" + std::to_string(stage + 1) + "=" +
                                walk.outcomes[stage]);
  }
  const CommandResult result = run_command(command);
  EXPECT_EQ(result.exit_code, 0) << walk.text() << "\n" << result.output;
}

// The events of each call, in the order in which the sink had them.
using Calls = std::map<std::string, std::vector<Event>>;

Calls calls_of(const EventSinks& sinks) {
  Calls calls;
  for (const auto& json : sinks.in_file()) {
    Event event = event_from_json(json.dump()).value();
    calls[event.call.value_or("")].push_back(std::move(event));
  }
  return calls;
}

bool is_over(const std::vector<Event>& events) {
  return std::any_of(events.begin(), events.end(),
                     [](const Event& event) { return event.event == "call.hangup"; });
}

// Runs hooks in a directory of its own, where logger writes what it is called with.
class HookBench {
 public:
  explicit HookBench(ServerRoot& files) : root_(files.path() + "/htdocs") {
    files.write_file("htdocs/logger", "#!/bin/sh\nprintf '%s\\n' \"$*\" >> " + root_ + "/logged\n",
                     0755);
  }

  // What the hook logs of `calls`, with or without the events of single legs, which cost time.
  std::vector<std::string> run(ServerRoot& files, std::string hook, const Calls& calls,
                               bool with_legs) {
    const std::string place = "/var/lib/plivo-missed";
    for (std::size_t at = hook.find(place); at != std::string::npos;
         at = hook.find(place, at + 1)) {
      hook.replace(at, place.size(), root_ + "/seen");
    }
    files.write_file("htdocs/hook", hook, 0755);
    std::string script = "set -eu\nrm -rf " + root_ + "/seen " + root_ + "/logged\nmkdir " + root_ +
                         "/seen\n: > " + root_ + "/logged\n";
    for (const auto& [call, events] : calls) {
      for (const Event& event : events) {
        const bool of_leg = event.event != "dial.result" && event.event.starts_with("dial.");
        if (of_leg && !with_legs) continue;
        script += "env -i PATH=" + root_ + ":/usr/bin:/bin";
        for (const std::string& variable : event_environment(event))
          script += " '" + variable + "'";
        script += " " + root_ + "/hook < /dev/null\n";
      }
    }
    files.write_file("htdocs/script", script, 0644);
    Command command;
    command.arguments = {"/bin/sh", root_ + "/script"};
    const CommandResult result = run_command(command);
    EXPECT_EQ(result.exit_code, 0) << hook << result.output;
    std::vector<std::string> lines;
    std::istringstream logged(read_file(root_ + "/logged"));
    for (std::string line; std::getline(logged, line);) lines.push_back(line);
    return lines;
  }

 private:
  std::string root_;
};

std::size_t lines_about(const std::vector<std::string>& lines, const std::string& call) {
  return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(),
                    [&](const std::string& line) { return line.find(call) != std::string::npos; }));
}

// `calls` as they are when Plivo does not ask for the action of a caller who has left.
Calls without_cancel(Calls calls) {
  for (auto& [call, events] : calls) {
    std::erase_if(events, [](const Event& event) { return event.dial_status == "cancel"; });
  }
  return calls;
}

std::vector<ManualBlock> hooks() {
  std::vector<ManualBlock> found;
  for (const std::string& page : manual_pages()) {
    for (ManualBlock& block : manual_blocks(page)) {
      if (block.mark("test") == "hook") found.push_back(std::move(block));
    }
  }
  return found;
}

TEST(MissedCalls, AreReportedOnceByTheManualsHooks) {
  PlivoServer server;
  ASSERT_TRUE(server.httpd.start(configuration()));
  std::map<std::string, Walk> walks;
  for (const Walk& walk : all_walks()) {
    const std::string call = new_uuid();
    walks.emplace(call, walk);
    play(server.httpd, walk, call);
  }
  Calls calls;
  ASSERT_TRUE(wait_for([&] {
    calls = calls_of(server.sinks);
    return std::all_of(walks.begin(), walks.end(),
                       [&](const auto& walk) { return is_over(calls[walk.first]); });
  }));
  ASSERT_GE(hooks().size(), 4U);
  HookBench bench(server.httpd.files());
  for (const ManualBlock& hook : hooks()) {
    SCOPED_TRACE(hook.text);
    const bool remembers = !hook.mark("memory").empty();
    const auto lines = bench.run(server.httpd.files(), hook.text, calls, remembers);
    for (const auto& [call, walk] : walks) {
      EXPECT_EQ(lines_about(lines, call), walk.taken() ? 0U : 1U) << walk.text();
    }
    if (!remembers) continue;
    const auto other = bench.run(server.httpd.files(), hook.text, without_cancel(calls), true);
    for (const auto& [call, walk] : walks) {
      EXPECT_EQ(lines_about(other, call), walk.taken() ? 0U : 1U) << walk.text();
    }
  }
}

// What a request of a call that the player does not play says.
struct Report {
  const char* path;
  const char* pairs;
};

// What one result does not tell is told at the end of the call.
struct LongWalk {
  const char* what;
  std::vector<Report> reports;
  std::size_t missed;
  const char* direction = "inbound";
};

const std::vector<LongWalk>& long_walks() {
  static const std::vector<LongWalk> walks = {
      {"taken where the reply is ignored",
       {{"/ignored/action", "DialStatus=completed&DialBLegUUID=8e41c6aa"},
        {"/ignored/action?stage=2", "DialStatus=no-answer&DialBLegUUID="}},
       0},
      {"taken after a stage whose reply is ignored",
       {{"/ignored/action", "DialStatus=busy&DialBLegUUID="},
        {"/ignored/action?stage=2", "DialStatus=completed&DialBLegUUID=8e41c6aa"}},
       0},
      {"missed where the reply is ignored",
       {{"/ignored/action", "DialStatus=busy"}, {"/ignored/action?stage=2", "DialStatus=timeout"}},
       1},
      {"taken in the second round",
       {{"/plain1/action", "DialStatus=busy"},
        {"/plain1", "Event=Redirect"},
        {"/plain1/action?round=7", "DialStatus=completed&DialBLegUUID=8e41c6aa"}},
       0},
      {"taken in the first round",
       {{"/plain1/callback", "DialAction=connected&DialBLegUUID=8e41c6aa"},
        {"/plain1", "Event=Redirect"},
        {"/plain1/action?round=7", "DialStatus=busy"}},
       0},
      {"missed in both rounds",
       {{"/plain1/action", "DialStatus=busy"},
        {"/plain1", "Event=Redirect"},
        {"/plain1/action?round=7", "DialStatus=busy"}},
       1},
      {"left after the first stage", {{"/plain2/action", "DialStatus=busy"}}, 1},
      {"answered, in a word that is not known",
       {{"/plain1/action", "DialStatus=talked&DialBLegUUID=8e41c6aa"}},
       0},
      {"placed by the API", {{"/plain1/ring", "Event=Ring"}}, 0, "outbound"},
      {"answered, without a word", {{"/plain1/action", "DialStatus=&DialBLegUUID=8e41c6aa"}}, 0},
  };
  return walks;
}

TEST(MissedCalls, OfSeveralRoundsAndIgnoredRepliesAreToldAtTheirEnd) {
  PlivoServer server;
  server.httpd.expect_log("PD0414: served: ");
  server.httpd.expect_log("PlivoDial with redirect=false and a stage after it");
  ASSERT_TRUE(server.httpd.start(configuration() +
                                 "<Location \"/ignored\">\nSetHandler plivo-dial\n"
                                 "PlivoDialDefault redirect=false\nPlivoDial +14155550101\n"
                                 "PlivoDial +14155550102\n</Location>\n"));
  std::map<std::string, LongWalk> walks;
  for (const LongWalk& walk : long_walks()) {
    const std::string call = new_uuid();
    walks.emplace(call, walk);
    std::vector<Report> reports = walk.reports;
    reports.push_back({"/plain1/hangup", "Event=Hangup&CallStatus=completed"});
    for (const Report& report : reports) {
      EXPECT_EQ(server.client()
                    .post(report.path, "CallUUID=" + call + "&CallStatus=in-progress&Direction=" +
                                           walk.direction + "&" + report.pairs)
                    .status,
                200)
          << walk.what;
    }
  }
  Calls calls;
  ASSERT_TRUE(wait_for([&] {
    calls = calls_of(server.sinks);
    return std::all_of(walks.begin(), walks.end(),
                       [&](const auto& walk) { return is_over(calls[walk.first]); });
  }));
  HookBench bench(server.httpd.files());
  std::size_t remember = 0;
  for (const ManualBlock& hook : hooks()) {
    if (hook.mark("memory").empty()) continue;
    ++remember;
    const auto lines = bench.run(server.httpd.files(), hook.text, calls, true);
    for (const auto& [call, walk] : walks) {
      EXPECT_EQ(lines_about(lines, call), walk.missed) << walk.what << "\n"
                                                       << testing::PrintToString(lines);
    }
  }
  EXPECT_GE(remember, 1U);
}

// A flow goes on by itself: of what it reports, nobody here can tell whether it is the last.
TEST(MissedCalls, OfFlowsAreLeftToTheFlow) {
  PlivoServer server;
  write_event_secret(server.httpd.files());
  ASSERT_TRUE(server.httpd.start(configuration() +
                                 "<Location \"/flow\">\nSetHandler plivo-dial\n"
                                 "PlivoEndpoint event\n"
                                 "PlivoEventSecret \"file:${ROOT}/conf/event.secret\"\n"
                                 "</Location>\n"));
  const std::string call = new_uuid();
  for (const char* status : {"No+Answer", "Busy%2FRejected", "Timed+out"}) {
    HttpRequest request = form_post("/flow", "DialALegUUID=" + call + "&DialStatus=" + status);
    request.headers.push_back("Authorization: Bearer " + std::string(kEventSecret));
    EXPECT_EQ(server.client().send(request).status, 200);
  }
  Calls calls;
  ASSERT_TRUE(wait_for([&] {
    calls = calls_of(server.sinks);
    return calls[call].size() == 3;
  }));
  HookBench bench(server.httpd.files());
  for (const ManualBlock& hook : hooks()) {
    EXPECT_THAT(bench.run(server.httpd.files(), hook.text, calls, true), testing::IsEmpty())
        << hook.text;
  }
}

// What the event of each stage's end says about the caller.
TEST(MissedCalls, NextIsWhatTheCallerGot) {
  PlivoServer server;
  ASSERT_TRUE(server.httpd.start(configuration()));
  const std::vector<std::pair<Walk, std::vector<std::string>>> rows = {
      {{1, false, {"busy"}}, {"sentence"}},
      {{1, true, {"no-answer"}}, {"voicemail"}},
      {{2, true, {"failed", "timeout"}}, {"stage", "voicemail"}},
      {{2, true, {"busy", "completed"}}, {"stage", "end"}},
      {{3, false, {"timeout", "busy", "cancel"}}, {"stage", "stage", "end"}},
  };
  std::map<std::string, std::vector<std::string>> expected;
  for (const auto& [walk, next] : rows) {
    const std::string call = new_uuid();
    expected.emplace(call, next);
    play(server.httpd, walk, call);
  }
  Calls calls;
  ASSERT_TRUE(wait_for([&] {
    calls = calls_of(server.sinks);
    return std::all_of(expected.begin(), expected.end(),
                       [&](const auto& row) { return is_over(calls[row.first]); });
  }));
  for (const auto& [call, next] : expected) {
    std::vector<std::string> said;
    for (const Event& event : calls[call]) {
      EXPECT_EQ(event.event == "call.answer" ? event.next.value_or("") : "stage", "stage");
      if (event.event == "dial.result") said.push_back(event.next.value_or("absent"));
      if (event.event == "call.hangup") {
        EXPECT_FALSE(event.next);
      }
    }
    EXPECT_EQ(said, next);
  }
}

}  // namespace
}  // namespace plivo_dial::test
