// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <sys/prctl.h>

#include "lib/delivery/dispatcher.h"
#include "lib/settings/sink_arguments.h"
#include "lib/sink/make_sink.h"
#include "lib/sink/sink.h"
#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using Outcome = Attempt::Outcome;

// What most programs do: a line `OK` for the start, one for each event, which goes to $out.
constexpr const char* kObey =
    "echo OK; while read -r line; do printf '%s\\n' \"$line\" >> $out; echo OK; done";

class StreamSinkTest : public DeliveryTest {
 protected:
  // As the dispatcher.
  static void SetUpTestSuite() { prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

  // A program that knows $out, and $n, the number of this instance from 1.
  std::string program(const std::string& body) const {
    const std::string d = directory_;
    return write_hook("stream", "out=" + d + "/out; pids=" + d + "/pids; echo $$ >> $pids\n" +
                                    "n=$(grep -c . $pids)\n" + body);
  }

  std::unique_ptr<Sink> sink_of(const std::string& body, int timeout = 30) {
    SinkConfig config;
    config.name = "crm";
    config.kind = SinkKind::kStream;
    config.format = EventFormat::kJson;
    config.program = {program(body)};
    config.timeout_seconds = timeout;
    return make_sink(config, log_);
  }

  Attempt attempt(Sink& sink, const Event& event) { return sink.attempt(event, stop_); }

  // The attempt that follows the waits between two instances.
  Attempt attempt_when_ready(Sink& sink, const Event& event) {
    for (;;) {
      const Attempt made = attempt(sink, event);
      if (made.outcome != Outcome::kWait) return made;
      EXPECT_GT(made.delay.count(), 0);
      std::this_thread::sleep_for(made.delay);
    }
  }

  std::string received() const { return read_text(directory_ + "/out"); }
  std::vector<std::string> pids() const {
    std::vector<std::string> all;
    std::istringstream stream(read_text(directory_ + "/pids"));
    for (std::string pid; stream >> pid;) all.push_back(pid);
    return all;
  }
  static std::string line_of(const Event& event) { return to_json(event) + "\n"; }
  static bool exists(const std::string& pid) { return std::filesystem::exists("/proc/" + pid); }

  // `first` is what the first instance does with an event; the next one takes it.
  void expect_sent_again(const std::string& first, const std::string& reason, int timeout = 30) {
    const auto sink = sink_of("echo OK\n[ $n = 1 ] && {\n" + first + "\n}\n" +
                                  std::string(kObey).substr(std::string("echo OK; ").size()),
                              timeout);
    Event event = event_of(7);
    event.params.emplace_back("Long", std::string(100000, 'x'));  // more than a pipe holds
    const Attempt failed = attempt(*sink, event);
    EXPECT_EQ(failed.outcome, Outcome::kFailed);
    EXPECT_THAT(failed.reason, HasSubstr(reason));
    ASSERT_EQ(pids().size(), 1u);
    EXPECT_FALSE(exists(pids()[0])) << "the first one is gone, and no zombie";
    EXPECT_EQ(attempt(*sink, event).outcome, Outcome::kWait) << "a pause comes first";
    EXPECT_EQ(attempt_when_ready(*sink, event).outcome, Outcome::kDone) << log_.lines();
    EXPECT_EQ(pids().size(), 2u);
    EXPECT_EQ(received(), line_of(event)) << "whole, and once";
  }

  Stop stop_;
};

TEST_F(StreamSinkTest, OneProgramGetsEachEventAsALineAndConfirmsIt) {
  const auto sink = sink_of("cat /proc/$$/environ > $out.environ\n" + std::string(kObey));
  std::string lines;
  for (int i = 1; i <= 50; ++i) {
    ASSERT_EQ(attempt(*sink, event_of(i)).outcome, Outcome::kDone) << log_.lines();
    lines += line_of(event_of(i));
    ASSERT_EQ(received(), lines);
  }
  EXPECT_EQ(pids().size(), 1u);
  const std::string environment("PATH=/usr/bin:/bin\0LANG=C.UTF-8\0", 32);
  EXPECT_EQ(read_text(directory_ + "/out.environ"), environment);
  EXPECT_EQ(log_.lines(), "");
}

TEST_F(StreamSinkTest, FirstOkConfirmsNoEvent) {
  expect_sent_again("read -r line; exit 3", "stream' exited with 3");
}

TEST_F(StreamSinkTest, OtherAnswerMeansNotTaken) {
  expect_sent_again("read -r line; echo 'Error: no \033database'; read -r line",
                    "answered 'Error: no \\x1bdatabase'");
}

TEST_F(StreamSinkTest, GarbageWithoutEndMeansNotTaken) {
  expect_sent_again("read -r line; exec cat /dev/zero", "answered '\\x00\\x00");
}

TEST_F(StreamSinkTest, NoAnswerInTimeMeansNotTaken) {
  expect_sent_again("read -r line; trap '' TERM; while :; do sleep 1; done",
                    "wrote no line OK within 2 s, or keeps it in its buffer", 2);
}

TEST_F(StreamSinkTest, ProgramThatReadsNothingHoldsNobodyUp) {
  expect_sent_again("sleep 1000", "did not read the event within 2 s", 2);
}

TEST_F(StreamSinkTest, ProgramThatDiesInTheMiddleOfALineGetsNoRestOfIt) {
  expect_sent_again("head -c 100 > $out.part; exit 0", "exited with 0");
  EXPECT_EQ(read_text(directory_ + "/out.part").size(), 100u);
}

TEST_F(StreamSinkTest, AnswerBeforeTheWholeEventWasReadIsNone) {
  expect_sent_again("head -c 100 > /dev/null; echo OK; sleep 1000",
                    "answered before it had read the whole event");
}

TEST_F(StreamSinkTest, StoppedProgramIsReplaced) {
  expect_sent_again("read -r line; kill -STOP $$", "wrote no line OK within 2 s", 2);
}

TEST_F(StreamSinkTest, ProgramThatClosesItsOutputIsReplaced) {
  expect_sent_again("read -r line; exec 1>&-; sleep 1000", "closed its standard output");
}

TEST_F(StreamSinkTest, DotsAskForMoreTime) {
  const std::string slowly =
      "for i in 1 2 3; do printf .; sleep 0.8; done; echo .OK; read -r line\n";
  const auto sink = sink_of(slowly + slowly, 2);
  EXPECT_EQ(attempt(*sink, event_of(1)).outcome, Outcome::kDone) << log_.lines();
}

TEST_F(StreamSinkTest, EventsWaitForAProgramThatIsNotReady) {
  const auto sink =
      sink_of("[ $n -lt 3 ] && { echo no database >&2; exit 1; }\n" + std::string(kObey));
  const Attempt first = attempt(*sink, event_of(1));
  EXPECT_EQ(first.outcome, Outcome::kWait) << "no attempt at this event is used up";
  EXPECT_GT(first.delay, milliseconds{0});
  EXPECT_LE(first.delay, milliseconds{1000});
  std::this_thread::sleep_for(first.delay);
  const Attempt second = attempt(*sink, event_of(1));
  EXPECT_EQ(second.outcome, Outcome::kWait);
  EXPECT_GT(second.delay, milliseconds{1000});
  EXPECT_LE(second.delay, milliseconds{2000}) << "twice as long";
  EXPECT_EQ(attempt_when_ready(*sink, event_of(1)).outcome, Outcome::kDone);
  EXPECT_EQ(received(), line_of(event_of(1)));
  EXPECT_EQ(count_of(log_.lines(), "PD0638"), 1u) << log_.lines();
  EXPECT_THAT(log_.lines(), HasSubstr("stream' exited with 1 before it was ready; events wait"));
  EXPECT_EQ(count_of(log_.lines(), "says: no database"), 2u);
  EXPECT_EQ(count_of(log_.lines(), "PD0640"), 1u);
}

TEST_F(StreamSinkTest, ProgramThatNeverSaysThatItIsReadyIsToldWhatToDo) {
  const auto sink = sink_of("while read -r line; do echo OK; done", 1);
  EXPECT_EQ(attempt(*sink, event_of(1)).outcome, Outcome::kWait);
  EXPECT_THAT(log_.lines(),
              HasSubstr("wrote no line OK within 1 s of its start, or keeps it in its "
                        "buffer: a stream program begins with a line OK when it is ready"));
}

TEST_F(StreamSinkTest, EventsWaitForAProgramThatIsMissing) {
  const auto sink = sink_of(kObey);
  const std::string path = directory_ + "/stream";
  std::filesystem::rename(path, path + ".away");
  EXPECT_EQ(attempt(*sink, event_of(1)).outcome, Outcome::kWait);
  EXPECT_THAT(log_.lines(), HasSubstr("could not be started: No such file"));
  std::filesystem::rename(path + ".away", path);
  EXPECT_EQ(attempt_when_ready(*sink, event_of(1)).outcome, Outcome::kDone);
}

TEST_F(StreamSinkTest, LineThatNobodyAskedForConfirmsNoEvent) {
  const auto sink =
      sink_of("echo OK; read -r line; echo OK; [ $n = 1 ] && { echo OK; touch $out.two; }\n" +
              std::string(kObey).substr(std::string("echo OK; ").size()));
  EXPECT_EQ(attempt(*sink, event_of(1)).outcome, Outcome::kDone);
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(directory_ + "/out.two"); }));
  EXPECT_EQ(attempt_when_ready(*sink, event_of(2)).outcome, Outcome::kDone);
  EXPECT_EQ(pids().size(), 2u);
  EXPECT_THAT(log_.lines(), HasSubstr("PD0639 sink crm: '" + directory_ +
                                      "/stream' wrote 'OK\\x0a' without having got an event"));
}

TEST_F(StreamSinkTest, IsLookedAfterBetweenEvents) {
  const auto sink = sink_of("echo OK; read -r line; echo OK; printf 'tired\\033\\n' >&2; exit 4");
  EXPECT_EQ(attempt(*sink, event_of(1)).outcome, Outcome::kDone);
  EXPECT_TRUE(eventually([&] {
    sink->look_after(stop_);
    return log_.lines().find("PD0639") != std::string::npos;
  }));
  EXPECT_THAT(log_.lines(), HasSubstr("says: tired\\x1b\n"));
  // The end of its output may be seen before its own.
  EXPECT_THAT(log_.lines(), testing::AnyOf(HasSubstr("exited with 4, with no event in hand"),
                                           HasSubstr("closed its standard output, with no event in "
                                                     "hand")));
  EXPECT_FALSE(exists(pids().at(0))) << "no zombie waits for the next event";
}

TEST_F(StreamSinkTest, FloodOfErrorLinesIsCut) {
  const auto sink = sink_of("yes 2> /dev/null | head -n 100000 >&2; " + std::string(kObey));
  EXPECT_EQ(attempt(*sink, event_of(1)).outcome, Outcome::kDone);
  EXPECT_EQ(count_of(log_.lines(), "says: y\n"), 100u);
  EXPECT_EQ(count_of(log_.lines(), "says more"), 1u);
}

TEST_F(StreamSinkTest, EndOfInputIsTheWayToEnd) {
  auto sink = sink_of(std::string(kObey) + "; sleep 0.2; echo ended >> $out");
  EXPECT_EQ(attempt(*sink, event_of(1)).outcome, Outcome::kDone);
  sink.reset();
  EXPECT_EQ(received(), line_of(event_of(1)) + "ended\n");
  EXPECT_FALSE(exists(pids().at(0)));
}

TEST_F(StreamSinkTest, NothingSurvivesTheEnd) {
  auto sink = sink_of(
      "trap '' TERM\n(env -i setsid sh -c \"echo \\$\\$ >> $pids; trap '' TERM; "
      "sleep 1000\" < /dev/null > /dev/null 2>&1 &)\n" +
      std::string(kObey) + "; sleep 1001");
  EXPECT_EQ(attempt(*sink, event_of(1)).outcome, Outcome::kDone);
  ASSERT_TRUE(eventually([&] { return pids().size() == 2; }));
  sink.reset();
  for (const std::string& pid : pids()) EXPECT_FALSE(exists(pid)) << pid;
}

TEST_F(StreamSinkTest, EndOfDispatcherInterruptsTheTalk) {
  const auto sink = sink_of("echo OK; read -r line; touch $out; sleep 1000");
  Attempt made;
  std::thread thread([&] { made = attempt(*sink, event_of(1)); });
  EXPECT_TRUE(eventually([&] { return std::filesystem::exists(directory_ + "/out"); }));
  stop_.request(Stop::Clock::now());
  thread.join();
  EXPECT_EQ(made.outcome, Outcome::kInterrupted);
  EXPECT_EQ(count_of(log_.lines(), "PD0635"), 1u);
  EXPECT_FALSE(exists(pids().at(0)));
}

class StreamDispatcherTest : public StreamSinkTest {
 protected:
  DispatcherConfig config_of(const std::string& body,
                             const std::vector<std::string>& more = {}) const {
    DispatcherConfig config;
    config.spool = spool_;
    config.keep = std::chrono::seconds(0);
    const std::string target = "stream:" + program(body);
    config.sinks.push_back(*parse_sink(std::vector<std::string_view>{"s", target, "retry=1"}));
    for (const std::string& name : more) {
      const std::string file = "file:" + directory_ + "/" + name;
      config.sinks.push_back(*parse_sink(std::vector<std::string_view>{name, file}));
    }
    return config;
  }
  std::unique_ptr<Dispatcher> start(const DispatcherConfig& config) {
    Result<std::unique_ptr<Dispatcher>> started = Dispatcher::start(config, log_);
    EXPECT_TRUE(started.ok());
    return std::move(*started);
  }
  // The ids in the order in which the program took them.
  std::vector<std::string> ids() const {
    std::vector<std::string> all;
    const std::string text = received();
    const std::string key = "\"id\":\"";
    for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + 1)) {
      all.push_back(text.substr(at + key.size(), id_of(1).size()));
    }
    return all;
  }
};

TEST_F(StreamDispatcherTest, OrderIsKeptOverInstancesThatFail) {
  // Each instance takes two events and dies of the third.
  const auto dispatcher =
      start(config_of("echo OK; for i in 1 2; do read -r line || exit; printf '%s\\n' \"$line\" >> "
                      "$out; echo OK; done\n"
                      "read -r line || exit; exit 1"));
  spool_events(1, 6);
  ASSERT_TRUE(eventually([&] { return segments_left() == 0; })) << log_.lines();
  std::vector<std::string> expected;
  for (int i = 1; i <= 6; ++i) expected.push_back(id_of(i));
  EXPECT_EQ(ids(), expected);
  EXPECT_GE(pids().size(), 3u);
}

TEST_F(StreamDispatcherTest, ReloadThatLeavesTheSinkAsItIsKeepsTheProgram) {
  const auto dispatcher = start(config_of(kObey));
  spool_events(1, 2);
  ASSERT_TRUE(eventually([&] { return ids().size() == 2; }));
  dispatcher->apply(config_of(kObey, {"a"}));
  spool_events(3, 2);
  ASSERT_TRUE(eventually([&] { return ids().size() == 4; }));
  EXPECT_EQ(pids().size(), 1u);
  dispatcher->stop(milliseconds{3000});
  EXPECT_FALSE(exists(pids()[0]));
}

}  // namespace
}  // namespace plivo_dial
