// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "lib/settings/sink_arguments.h"
#include "lib/settings/sink_check.h"
#include "lib/settings/sink_config.h"
#include "lib/settings/sink_kinds.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Words = std::vector<std::string_view>;

SinkConfig good(const Words& words) {
  Result<SinkConfig> sink = parse_sink(words);
  EXPECT_TRUE(sink.ok()) << sink.error().message;
  return sink ? *sink : SinkConfig();
}

TEST(ParseSink, ReadsSyslog) {
  const SinkConfig sink = good({"log", "syslog:local3"});
  EXPECT_EQ(sink.name, "log");
  EXPECT_EQ(sink.kind, SinkKind::kSyslog);
  EXPECT_EQ(sink.facility, 19);
  EXPECT_EQ(sink.socket, "/dev/log");
  EXPECT_EQ(sink.format, EventFormat::kKeyValue);
  EXPECT_EQ(good({"log", "syslog:daemon", "socket=/run/log", "format=json"}).socket, "/run/log");
}

TEST(ParseSink, ReadsFile) {
  const SinkConfig sink = good({"f", "file:/var/log/calls", "events=dial.result,call.hangup"});
  EXPECT_EQ(sink.kind, SinkKind::kFile);
  EXPECT_EQ(sink.path, "/var/log/calls");
  EXPECT_EQ(sink.format, EventFormat::kJson);
  EXPECT_THAT(sink.events, ElementsAre("dial.result", "call.hangup"));
  EXPECT_TRUE(wants_event(sink, "dial.result"));
  EXPECT_FALSE(wants_event(sink, "dial.ended"));
  EXPECT_TRUE(wants_event(good({"f", "file:/x"}), "dial.ended"));
}

TEST(ParseSink, SplitsProgramByQuotingRulesOfHttpd) {
  const auto program = [](std::string_view target) { return good({"e", target}).program; };
  EXPECT_THAT(program("exec:/bin/hook"), ElementsAre("/bin/hook"));
  EXPECT_THAT(program("exec:/bin/hook  --mode=fast\tx"),
              ElementsAre("/bin/hook", "--mode=fast", "x"));
  EXPECT_THAT(program("exec:\"/opt/my hook\" 'two words' \"a \\\"b\\\"\" ''"),
              ElementsAre("/opt/my hook", "two words", "a \"b\"", ""));
  EXPECT_THAT(program("exec:/bin/hook a\"b c\\d"), ElementsAre("/bin/hook", "a\"b", "c\\d"));
  EXPECT_THAT(program(R"(exec:/bin/hook a\\b "c\\" 'd\"' e\)"),
              ElementsAre("/bin/hook", R"(a\b)", R"(c\)", R"(d\")", R"(e\)"));
  EXPECT_THAT(program(R"(exec:/bin/hook \a 'it\'s' "\a" '' "x"y)"),
              ElementsAre("/bin/hook", R"(\a)", "it's", R"(\a)", "", "x", "y"));
  EXPECT_EQ(good({"e", "exec:/bin/hook", "timeout=5"}).timeout_seconds, 5);
  EXPECT_EQ(good({"e", "exec:/bin/hook"}).timeout_seconds, 30);
}

TEST(ParseSink, ReadsStream) {
  const SinkConfig sink = good({"s", "stream:/bin/hook --fast", "timeout=5", "retry=2"});
  EXPECT_EQ(sink.kind, SinkKind::kStream);
  EXPECT_THAT(sink.program, ElementsAre("/bin/hook", "--fast"));
  EXPECT_EQ(sink.format, EventFormat::kJson);
  EXPECT_EQ(sink.timeout_seconds, 5);
  EXPECT_EQ(sink.concurrency, 1);
  EXPECT_EQ(good({"s", "stream:/bin/hook"}).timeout_seconds, 30);
}

TEST(ParseSink, ArgumentsComeBack) {
  for (const Words& words :
       std::vector<Words>{{"a", "syslog:local7", "events=other", "format=json", "socket=/run/s"},
                          {"b", "file:/x y/z", "format=kv"},
                          {"c", "exec:\"/opt/my hook\" 'a \\\\ \\' \"b' ''", "timeout=7",
                           "concurrency=9", "retry=2,3/4"},
                          {"d", "stream:\"/opt/my hook\" -v", "timeout=8", "retry=5"}}) {
    const SinkConfig sink = good(words);
    const std::vector<std::string> arguments = sink_arguments(sink);
    EXPECT_EQ(good(Words(arguments.begin(), arguments.end())), sink);
  }
  EXPECT_EQ(good({"syslog", "syslog:local0"}), default_sink());
}

TEST(ParseSink, TakesEachLimit) {
  EXPECT_EQ(good({std::string_view("azAZ09._-"), "file:/x"}).name, "azAZ09._-");
  const std::string name(64, 'n');
  EXPECT_EQ(good({name, "file:/x"}).name, name);
  const SinkConfig least = good({"e", "exec:/x", "timeout=1", "concurrency=1"});
  EXPECT_EQ(least.timeout_seconds, 1);
  EXPECT_EQ(least.concurrency, 1);
  const SinkConfig most = good({"e", "exec:/x", "timeout=3600", "concurrency=64"});
  EXPECT_EQ(most.timeout_seconds, 3600);
  EXPECT_EQ(most.concurrency, 64);
  const std::string socket = "/" + std::string(106, 's');
  const std::string option = "socket=" + socket;
  EXPECT_EQ(good({"s", "syslog:local0", option}).socket, socket);
}

TEST(ParseSink, KeepsAnEventThatIsNamedTwiceOnce) {
  EXPECT_THAT(good({"f", "file:/x", "events=other,dial.result,other"}).events,
              ElementsAre("other", "dial.result"));
}

struct BadSink {
  Words words;
  std::string_view message;
};

TEST(ParseSink, RefusalsNameValueAndRemedy) {
  const std::string long_name(65, 'n');
  const std::string long_socket = "socket=/" + std::string(107, 's');
  const std::vector<BadSink> cases = {
      {{}, "form is: PlivoEventSink name target"},
      {{"x"}, "target is missing"},
      {{"", "file:/x"}, "sink name ''"},
      {{"a b", "file:/x"}, "sink name 'a b'"},
      {{long_name, "file:/x"}, "is not 1 to 64 letters"},
      {{"x", "file"}, "target 'file' is unknown"},
      {{"x", "syslog"}, "lacks its facility; write syslog:local0"},
      {{"x", "sylog:local0"}, "target 'sylog:local0' is unknown; did you mean 'syslog'?"},
      {{"x", "/bin/hook"}, "Write syslog:facility, exec:/program, stream:/program or file:/path"},
      {{"x", "stream:"}, "stream: names no program; write stream:/path/of/program"},
      {{"x", "stream:hook"}, "program 'hook' is not an absolute path"},
      {{"x", "stream:/x", "format=kv"}, "this sink gives its program JSON"},
      {{"x", "stream:/x", "concurrency=2"}, "a stream sink has one program"},
      {{"x", "syslog:locl0"}, "facility 'locl0' is unknown; did you mean 'local0'?"},
      {{"x", "syslog:"}, "Facilities: user"},
      {{"x", "exec:"}, "exec: names no program"},
      {{"x", "exec:hook"}, "program 'hook' is not an absolute path"},
      {{"x", "exec:/bin/hook \"open"}, "has no end; close it with \""},
      {{"x", "exec:/bin/hook 'open\\'"}, "has no end; close it with '"},
      {{"x", "exec:/bin/hook '"}, "has no end; close it with '"},
      {{"x", "exec:/bin/hook '\\"}, "has no end; close it with '"},
      {{"x", std::string_view("exec:/bin/x\0y", 13)}, "is not valid UTF-8"},
      {{"x", std::string_view("file:/x\0y", 9)}, "is not valid UTF-8"},
      {{"x", "exec:/bin/\xFF"}, "is not valid UTF-8"},
      {{"x", "file:calls"}, "file 'calls' is not an absolute path"},
      {{"x", "file:/\xFF"}, "is not valid UTF-8"},
      {{"x", "file:/x", "events=dial.resul"}, "did you mean 'dial.result'?"},
      {{"x", "file:/x", "events="}, "event '' in events=''"},
      {{"x", "file:/x", "format=xml"}, "format='xml' is unknown"},
      {{"x", "exec:/x", "format=kv"}, "this sink gives its program JSON"},
      {{"x", "exec:/x", "timeout=0"}, "timeout='0' is not a number of seconds from 1 to 3600"},
      {{"x", "exec:/x", "timeout=3601"}, "timeout='3601'"},
      {{"x", "exec:/x", "timeout=5s"}, "timeout='5s'"},
      {{"x", "exec:/x", "timeout=5", "timeout=6"}, "option 'timeout' is given twice"},
      {{"x", "exec:/x", "timeout=99999999999"}, "timeout='99999999999'"},
      {{"x", "file:/x", "timeout=5"}, "'timeout=5' is for exec and stream sinks; remove it"},
      {{"x", "syslog:local0", "retry=1"}, "'retry=1' is for exec and stream sinks"},
      {{"x", "file:/x", "concurrency=2"}, "'concurrency=2' is for exec and stream sinks"},
      {{"x", "file:/x", "socket=/x"}, "'socket=/x' is for syslog sinks"},
      {{"x", "syslog:local0", "socket=log"}, "socket 'log' is not an absolute path"},
      {{"x", "syslog:local0", long_socket}, "longer than the 107 bytes"},
      {{"x", "exec:/x", "concurrency=0"}, "concurrency='0' is not a number of runs from 1 to 64"},
      {{"x", "exec:/x", "concurrency=65"}, "concurrency='65'"},
      {{"x", "exec:/x", "retry=1s"}, "retry='1s' is not a list of at most 16 waits"},
      {{"x", "exec:/x", "timout=5"}, "option 'timout=5' is unknown; did you mean 'timeout'?"},
      {{"x", "exec:/x", "--mode=fast"}, "Options: events="},
      {{"x", "exec:/x", "fast"}, "\"exec:/program argument\""},
  };
  for (const BadSink& bad : cases) {
    const Result<SinkConfig> sink = parse_sink(bad.words);
    ASSERT_FALSE(sink.ok()) << bad.message;
    EXPECT_THAT(sink.error().message, HasSubstr(bad.message));
  }
}

class CheckSinkTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "plivo-sink-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    file_ = directory_ + "/file";
    std::ofstream(file_) << "#!/bin/sh\n";
    set_modes(0755, 0755);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void set_modes(mode_t directory, mode_t file) {
    ASSERT_EQ(chmod(directory_.c_str(), directory), 0);
    ASSERT_EQ(chmod(file_.c_str(), file), 0);
  }
  std::string check(const std::string& target) {
    const Result<void> result = check_sink(good({"x", target}), Identity{54321, 54321, {}});
    return result ? "ok" : result.error().message;
  }

  std::string directory_, file_;
};

TEST_F(CheckSinkTest, ProgramMustBeThereExecutableAndClosedToOthers) {
  EXPECT_EQ(check("exec:" + file_), "ok");
  EXPECT_EQ(check("stream:" + file_), "ok");
  EXPECT_THAT(check("stream:" + file_ + ".none"), HasSubstr("; install it"));
  EXPECT_THAT(check("exec:" + file_ + ".none"), HasSubstr("No such file or directory; install it"));
  EXPECT_THAT(check("exec:" + directory_), HasSubstr("is not a regular file"));
  set_modes(0755, 0750);
  EXPECT_THAT(check("exec:" + file_), HasSubstr("chmod 755 '" + file_));
  set_modes(0755, 0757);
  EXPECT_THAT(check("exec:" + file_), HasSubstr("chmod o-w '" + file_));
  set_modes(0777, 0755);
  EXPECT_THAT(check("exec:" + file_), HasSubstr("chmod o-w '" + directory_));
}

TEST_F(CheckSinkTest, ProgramMustBeOneThatTheKernelStarts) {
  std::ofstream(file_, std::ios::trunc) << "echo hello\n";
  for (const char* kind : {"exec:", "stream:"}) {
    EXPECT_THAT(check(kind + file_), HasSubstr("does not begin with #!")) << kind;
  }
}

TEST(DoubtAbout, WhatOnlyAShellUnderstands) {
  for (const char* target :
       {"exec:/bin/cat > /tmp/x", "exec:/bin/cat >>/tmp/x", "exec:/bin/cat | logger",
        "stream:/bin/cat 2>&1", "exec:/bin/a && b", "exec:/bin/a $(date)", "exec:/bin/a ; b"}) {
    EXPECT_THAT(doubt_about(good({"x", target})), HasSubstr("since no shell runs it")) << target;
  }
  for (const char* target : {"exec:/bin/cat", "exec:/bin/sh -c \"cat > /tmp/x\"", "syslog:local0",
                             "exec:/bin/a a>b x|y", "file:/tmp/>x"}) {
    EXPECT_EQ(doubt_about(good({"x", target})), "") << target;
  }
}

TEST_F(CheckSinkTest, FileMustBeWritableOrItsDirectory) {
  EXPECT_THAT(check("file:" + file_), HasSubstr("chown 54321 '" + file_));
  EXPECT_THAT(check("file:" + directory_ + "/new"),
              HasSubstr("install -d -o 54321 -m 0750 '" + directory_ + "/plivo-dial'"));
  EXPECT_THAT(check("file:" + directory_), HasSubstr("is not a regular file"));
  EXPECT_THAT(check("file:" + directory_ + "/none/new"),
              HasSubstr("-m 0750 '" + directory_ + "/none'"));
  set_modes(0777, 0666);
  EXPECT_EQ(check("file:" + file_), "ok");
  EXPECT_EQ(check("file:" + directory_ + "/new"), "ok");
}

TEST_F(CheckSinkTest, SyslogDaemonMayStartLater) {
  EXPECT_EQ(check("syslog:local0"), "ok");
}

}  // namespace
}  // namespace plivo_dial
