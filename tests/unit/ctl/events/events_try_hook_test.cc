// SPDX-License-Identifier: Apache-2.0
// `plivo-dialctl events hook-test`: what the hook gets, and what is said of how it ended.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "mod_plivo_dial/ctl/events/events_command.h"
#include "mod_plivo_dial/ctl/events/events_spool.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "tests/unit/books/store_fixture.h"
#include "tests/unit/ctl/command_runner.h"
#include "tests/unit/ctl/httpd/manifest_sample.h"

namespace plivo_dial::ctl {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class EventsHookTest : public StoreTest {
 protected:
  Ran try_hook(std::vector<std::string> arguments, const std::vector<std::string>& program) {
    arguments.insert(arguments.begin(), {"hook-test", "--spool", spool_});
    arguments.emplace_back("--");
    arguments.insert(arguments.end(), program.begin(), program.end());
    return run_subcommand(add_events_command, "events", std::move(arguments));
  }
  json told(std::vector<std::string> arguments, const std::vector<std::string>& program) {
    arguments.emplace_back("--json");
    return json::parse(try_hook(std::move(arguments), program).out, nullptr, false);
  }
  std::string hook(const std::string& body) const { return write_hook("hook", body); }
};

TEST_F(EventsHookTest, HookGetsWhatTheDispatcherGives) {
  const json run = told(
      {}, {hook("echo $PLIVO_DIAL_STATUS $PLIVO_ATTEMPT \"$@\"; pwd; cat"), "--crm", "two words"});
  EXPECT_EQ(run["exit"], 0);
  EXPECT_EQ(run["outcome"], "delivered");
  EXPECT_EQ(run["uid"], geteuid());
  const std::string output = run["output"];
  EXPECT_THAT(output, testing::StartsWith("busy 1 --crm two words\n/\n{\"v\":1,"));
  EXPECT_THAT(output, HasSubstr(run["event"].get<std::string>()));
}

TEST_F(EventsHookTest, SaysWhatWouldFollow) {
  EXPECT_EQ(told({}, {hook("exit 65")})["outcome"], "dead");
  EXPECT_EQ(told({"--retry", "7/0"}, {hook("exit 1")})["outcome"], "dead");
  EXPECT_EQ(told({}, {hook("kill -9 $$")})["signal"], 9);
  const Ran ran = try_hook({"--retry", "7"}, {hook("printf '\\033[2Jno database\\n'; exit 75")});
  EXPECT_EQ(ran.status, kExitDiffers);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("exited with 75\noutcome: would be tried again in 7 s: "),
                             HasSubstr("\n  \\x1b[2Jno database\n"), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(try_hook({"--timeout", "1"}, {hook("sleep 100")}).out,
              HasSubstr("was ended after 1 s"));
}

TEST_F(EventsHookTest, SaysThatProgramsGetNoPrivileges) {
  const std::string words =
      "echo 'postdrop: warning: mail_queue_enter: create file maildrop/1.2: Permission denied'; ";
  for (const char* end : {"exit 0", "exit 75"}) {
    EXPECT_THAT(try_hook({}, {hook(words + end)}).out,
                HasSubstr("set-uid and set-gid programs do not work in hooks"));
  }
  EXPECT_THAT(try_hook({}, {hook("echo 'Permission denied'; exit 1")}).out,
              Not(HasSubstr("set-uid")));
}

TEST_F(EventsHookTest, TakesTheTargetOfADirective) {
  const std::string program = hook("echo \"$1\"");
  EXPECT_EQ(told({}, {"exec:" + program + " 'two words'"})["output"], "two words\n");
}

TEST_F(EventsHookTest, StreamProgramIsAsked) {
  const std::string answers = "echo OK; while read -r line; do echo \"$1\"; done";
  const std::string program = "stream:" + hook(answers);
  EXPECT_EQ(told({}, {program + " OK"})["outcome"], "delivered");
  const Ran ran = try_hook({}, {program + " busy"});
  EXPECT_EQ(ran.status, kExitDiffers);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("would be tried again in 1 s"), HasSubstr("busy")));
}

TEST_F(EventsHookTest, EveryEventHasASample) {
  const json hangup = told({"--event", "call.hangup"}, {hook("cat")});
  const json event = json::parse(hangup["output"].get<std::string>());
  EXPECT_EQ(event["event"], "call.hangup");
  EXPECT_EQ(event["endpoint"], "hangup");
  EXPECT_EQ(event["hangup_cause_code"], 4000);
  for (const char* const kind : {"call.answer", "dial.answered", "recording", "other"}) {
    EXPECT_EQ(told({"--event", kind}, {hook("echo $PLIVO_EVENT")})["output"],
              std::string(kind) + "\n");
  }
  EXPECT_EQ(try_hook({"--event", "dial.reslt"}, {hook("")}).status, kExitUsage);
}

TEST_F(EventsHookTest, TakesAnEventOfAFileOrOfTheStore) {
  const std::string file = directory_ + "/event";
  std::ofstream(file) << to_json(event_of(5)) << "\n";
  EXPECT_EQ(told({"--event-file", file}, {hook("cat")})["event"], id_of(5));
  open_store();
  take_in({frame_of(event_of_call(7, "other", "c"))});
  EXPECT_EQ(told({"--id", id_of(7)}, {hook("cat")})["event"], id_of(7));
  EXPECT_EQ(try_hook({"--id", id_of(8)}, {hook("cat")}).status, kExitDiffers);
  std::ofstream(file) << "{}";
  EXPECT_THAT(try_hook({"--event-file", file}, {hook("cat")}).err, HasSubstr("--event-file: "));
}

// A sink by its name in httpd's configuration.
class HookOfASink : public EventsHookTest {
 protected:
  void SetUp() override {
    EventsHookTest::SetUp();
    ConfigManifest manifest = sample_manifest();
    manifest.user.clear();  // runs as who runs the test
    httpd_ = write_hook("apachectl", "cat <<'END'\n" + output_with(manifest) + "END\n");
  }
  Ran try_sink(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"hook-test", "--spool", spool_, "--httpd", httpd_});
    return run_subcommand(add_events_command, "events", std::move(arguments));
  }
  json told_of(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    return json::parse(try_sink(std::move(arguments)).out, nullptr, false);
  }

  std::string httpd_;
};

TEST_F(HookOfASink, RunsWithItsProgramAndOptions) {
  const json run = told_of({"--sink", "crm"});
  EXPECT_EQ(run["sink"], "crm");
  EXPECT_EQ(run["program"], json({"/bin/cat", "two words"}));
  EXPECT_EQ(run["exit"], 1) << "there is no file \"two words\"";
  EXPECT_EQ(run["outcome"], "retry");
  EXPECT_EQ(told_of({"--sink", "crm", "--retry", "7/0"})["outcome"], "dead");
}

TEST_F(HookOfASink, GetsAnEventThatItTakes) {
  const Ran queue = try_sink({"--sink", "queue", "--timeout", "1"});
  EXPECT_THAT(queue.out, HasSubstr("(call.hangup)")) << queue.err;
  const Ran other = try_sink({"--sink", "crm", "--event", "recording"});
  EXPECT_EQ(other.status, kExitDiffers);
  EXPECT_THAT(other.err, AllOf(HasSubstr("sink crm does not take recording, and nothing was run"),
                               HasSubstr("events=call.hangup,dial.result")));
}

TEST_F(HookOfASink, ThatIsNoneIsNamed) {
  const Ran unknown = try_sink({"--sink", "crn"});
  EXPECT_EQ(unknown.status, kExitUsage);
  EXPECT_THAT(unknown.err, HasSubstr("no PlivoEventSink is named \"crn\"; did you mean crm?"));
  EXPECT_THAT(try_sink({"--sink", "nothing"}).err, HasSubstr("sinks that run one: crm, queue"));
  EXPECT_THAT(try_sink({"--sink", "log"}).err,
              HasSubstr("\"log\" runs no program: its target is \"syslog:local0\""));
  EXPECT_THAT(try_sink({}).err, HasSubstr("name a program behind --, or a sink with --sink"));
  EXPECT_THAT(try_sink({"--sink", "crm", "--", "/bin/true"}).err, HasSubstr("leave out"));
  EXPECT_THAT(try_sink({"--sink", "crm", "--timeout", "x"}).err, HasSubstr("timeout"));
}

TEST_F(EventsHookTest, WhatConfigtestRefusesIsRefused) {
  struct Case {
    std::vector<std::string> options, program;
    std::string_view message;
  };
  const Case cases[] = {
      {{}, {"hook"}, "\"hook\" is not absolute"},
      {{}, {directory_ + "/none"}, "configtest refuses it"},
      {{}, {"exec:/bin/cat", "-n"}, "put quotes around the target"},
      {{"--timeout", "x"}, {"/bin/cat"}, "timeout"},
      {{"--user", "nobody-here"}, {"/bin/cat"}, "there is no user \"nobody-here\""},
  };
  for (const Case& c : cases) {
    const Ran ran = try_hook(c.options, c.program);
    EXPECT_EQ(ran.status, kExitUsage) << c.message;
    EXPECT_THAT(ran.err, HasSubstr(std::string(c.message)));
  }
}

}  // namespace
}  // namespace plivo_dial::ctl
