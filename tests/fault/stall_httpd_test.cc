// SPDX-License-Identifier: Apache-2.0
// Rows 6 and 16 to 18 of the fault table: whoever comes behind httpd stalls, dies or is missing.
// Promise: HTTP waits for none of them, and nothing is lost when they are back.
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "tests/fault/fault_server.h"
#include "tests/httpd/events.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

using std::chrono::milliseconds;

// Far above what a busy machine needs, far below what a stall would take.
constexpr std::chrono::seconds kLongestWait{5};

class SyslogDaemon {
 public:
  explicit SyslogDaemon(const HttpdServer& httpd)
      : socket_(httpd.root() + "/log.sock"), file_(httpd.root() + "/events/syslog") {
    start();
  }
  ~SyslogDaemon() { end(); }

  void start() {
    std::filesystem::remove(socket_);
    Command command;
    command.arguments = {SYSLOG_DAEMON_FILE, socket_, file_};
    pid_ = start_process(command);
    EXPECT_TRUE(wait_for([&] { return std::filesystem::exists(socket_); }));
  }
  void end() {
    if (pid_ <= 1) return;
    kill(pid_, SIGKILL);
    EXPECT_TRUE(wait_for([&] {
      const std::vector<ProcessInfo> all = list_processes(0);
      return std::none_of(all.begin(), all.end(),
                          [&](const ProcessInfo& one) { return one.pid == pid_; });
    }));
    pid_ = 0;
  }
  pid_t pid() const { return pid_; }
  void send(int signal) const { ASSERT_EQ(kill(pid_, signal), 0); }
  void remove_socket() const { std::filesystem::remove(socket_); }

  std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    std::istringstream text(read_file(file_));
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }

  // Waits until it has a line of each call, and checks that none has two.
  void expect_all(const std::vector<AnsweredCall>& calls) const {
    std::map<std::string, int> times;
    EXPECT_TRUE(wait_for([&] {
      times.clear();
      for (const std::string& line : lines()) ++times[syslog_field(line, "call")];
      return std::all_of(calls.begin(), calls.end(),
                         [&](const AnsweredCall& one) { return times[one.call] > 0; });
    }));
    for (const AnsweredCall& one : calls) {
      EXPECT_EQ(times[one.call], 1) << "lines of call " << one.call;
    }
  }

 private:
  const std::string socket_;
  const std::string file_;
  pid_t pid_ = 0;
};

class Stall : public MpmTest {
 protected:
  // With as many children as the clients need: nobody waits until prefork has started another.
  static FaultServer::Options options(const std::string& more = "") {
    const std::string children =
        GetParam() == Mpm::kPrefork ? "StartServers 16\nMinSpareServers 8\n" : "";
    return {.server = {.mpm = GetParam()}, .hook_options = "timeout=120", .more = children + more};
  }
  static constexpr const char* kSyslog =
      "PlivoEventSink log syslog:local0 \"socket=${ROOT}/log.sock\"\n";

  // Sends more than a socket's queue holds, all of which must be accepted. Prints how long that
  // took.
  std::vector<AnsweredCall> accept_all(const FaultServer& server, const std::string& during) {
    Callers callers(server.httpd.port(), {.clients = 8, .keep_alive = true});
    EXPECT_TRUE(callers.accept_more(300)) << during;
    callers.stop();
    const std::vector<AnsweredCall> calls = callers.calls();
    EXPECT_EQ(count_status(calls, 200), calls.size()) << during;
    EXPECT_LT(longest_wait(calls), kLongestWait) << during;
    std::cout << to_string(GetParam()) << ", " << during << ": " << describe_latency(calls) << "\n";
    all_.insert(all_.end(), calls.begin(), calls.end());
    return calls;
  }

  // That nobody notices who stalls. Some may wait for a second either way: a child of httpd's may
  // sleep so long before it serves.
  using Calls = std::vector<AnsweredCall>;
  static void expect_no_slower(const Calls& during, const Calls& before) {
    EXPECT_LE(median_wait(during),
              std::max<std::chrono::microseconds>(10 * median_wait(before), milliseconds(100)));
    EXPECT_LE(share_over(during, milliseconds(1000)),
              share_over(before, milliseconds(1000)) + 0.01);
  }

  std::vector<AnsweredCall> all_;
};
PLIVO_DIAL_EACH_MPM(Stall);

TEST_P(Stall, OfTheHookHoldsNobodyUp) {
  FaultServer::Options with_slow_hook = options();
  with_slow_hook.hook_options += " concurrency=2";
  with_slow_hook.hook_microseconds = 2000;
  FaultServer server(with_slow_hook);
  ASSERT_TRUE(server.start());
  const Calls before = accept_all(server, "hook runs");
  // Both that may run at a time; nobody starts others.
  std::set<pid_t> stopped;
  Callers callers(server.httpd.port());
  ASSERT_TRUE(wait_for([&] {
    for (const pid_t hook : server.hooks()) {
      // Between fork and exec it is the dispatcher itself, which is whoever shares its memory.
      if (read_file("/proc/" + std::to_string(hook) + "/cmdline").find("attempt_log") !=
              std::string::npos &&
          !stopped.contains(hook) && kill(hook, SIGSTOP) == 0) {
        stopped.insert(hook);
      }
    }
    const std::vector<pid_t> alive = server.hooks();
    std::erase_if(stopped, [&](pid_t pid) {
      return std::find(alive.begin(), alive.end(), pid) == alive.end();
    });
    return stopped.size() >= 2;
  }));
  callers.stop();
  const std::vector<AnsweredCall> meanwhile = callers.calls();
  all_.insert(all_.end(), meanwhile.begin(), meanwhile.end());
  const std::size_t runs = server.in_hook().size();
  expect_no_slower(accept_all(server, "hook stopped"), before);
  EXPECT_LE(server.in_hook().size(), runs + 2) << "the hook was not stopped";
  for (const pid_t hook : stopped) kill(hook, SIGCONT);
  server.expect_account(all_);
  for (const HookAttempt& one : server.in_hook()) EXPECT_EQ(one.attempt, 1U) << one.event;
}

TEST_P(Stall, OfTheDispatcherHoldsNobodyUp) {
  FaultServer server(options());
  ASSERT_TRUE(server.start());
  const Calls before = accept_all(server, "dispatcher runs");
  const pid_t dispatcher = server.dispatcher();
  ASSERT_NE(dispatcher, 0);
  ASSERT_TRUE(stop_process(dispatcher));
  const std::size_t delivered = server.in_file().size();
  expect_no_slower(accept_all(server, "dispatcher stopped"), before);
  EXPECT_EQ(server.in_file().size(), delivered) << "the dispatcher was not stopped";
  // Nor does a reload wait for it.
  ASSERT_TRUE(server.httpd.restart_gracefully());
  accept_all(server, "dispatcher stopped, after a reload");
  ASSERT_EQ(kill(dispatcher, SIGCONT), 0);
  server.expect_account(all_);
}

TEST_P(Stall, OfTheSyslogDaemonHoldsNobodyUp) {
  FaultServer server(options(kSyslog));
  server.httpd.allow_log("PD0611");
  SyslogDaemon daemon(server.httpd);
  ASSERT_TRUE(server.start());
  const Calls before = accept_all(server, "syslog daemon runs");
  daemon.expect_all(all_);
  ASSERT_TRUE(stop_process(daemon.pid()));
  const std::size_t lines = daemon.lines().size();
  expect_no_slower(accept_all(server, "syslog daemon stopped"), before);
  EXPECT_EQ(daemon.lines().size(), lines) << "the daemon was not stopped";
  daemon.send(SIGCONT);
  daemon.expect_all(all_);
  daemon.end();
  server.expect_account(all_);
}

// What a daemon was handed and had not read when it died is gone, and nobody can know; so it dies
// while it has nothing in hand. Row 17.
TEST_P(Stall, ADeadSyslogDaemonIsWaitedForAndItsSuccessorFound) {
  FaultServer server(options(kSyslog));
  server.httpd.expect_log("PD0611");
  SyslogDaemon daemon(server.httpd);
  ASSERT_TRUE(server.start());
  const Calls before = accept_all(server, "syslog daemon runs");
  daemon.expect_all(all_);
  daemon.end();
  expect_no_slower(accept_all(server, "syslog daemon dead"), before);
  daemon.remove_socket();
  expect_no_slower(accept_all(server, "no socket"), before);
  daemon.start();
  daemon.expect_all(all_);
  // A socket that takes the place of the old one, whose daemon is gone.
  daemon.end();
  daemon.start();
  accept_all(server, "another syslog daemon");
  daemon.expect_all(all_);
  daemon.end();
  server.expect_account(all_);
}

// Row 18. Values as long as PlivoMaxBody lets them be.
TEST_P(Stall, AMessageTooLongForSyslogIsShortenedAndMarked) {
  FaultServer server(options(std::string(kSyslog) + "PlivoMaxBody 262144\n" +
                             "PlivoEventSink json syslog:local1 format=json "
                             "\"socket=${ROOT}/json.sock\"\n"));
  SyslogDaemon daemon(server.httpd);
  server.httpd.expect_log("PD0655: sink json: event ");
  server.httpd.expect_log("PD0655: sink log: event ");
  SyslogSocket json(server.httpd.root() + "/json.sock");
  ASSERT_TRUE(server.start());
  Example call = fresh_call(example("R1"));
  for (int i = 0; i < 20; ++i) {
    call.form += "&Long" + std::to_string(i) + "=" + std::string(8000, 'x');
  }
  const std::string long_to = std::string(8000, '7');
  call.form = with_form_value(call.form, "To", long_to);
  ASSERT_EQ(send_example(server.client(), "/dialstatus/ring", call).status, 200);
  const AnsweredCall answered{form_value(call.form, "CallUUID"), "/dialstatus/ring", 200, {}};
  daemon.expect_all({answered});
  ASSERT_TRUE(wait_for([&] { return json.lines().size() == 1; }));
  const std::string line = daemon.lines().at(0);
  EXPECT_LE(line.size(), 7500U);
  EXPECT_THAT(line, testing::HasSubstr("truncated"));
  EXPECT_LE(json.lines().at(0).size(), 7500U);
  // JSON still, which says what it has not.
  const std::string text = json.lines().at(0);
  const auto object = nlohmann::json::parse(text.substr(text.find("]: ") + 3), nullptr, false);
  ASSERT_TRUE(object.is_object()) << text;
  EXPECT_EQ(object["truncated"], true);
  EXPECT_EQ(object["left_out"], nlohmann::json({"params", "to"}));
  daemon.end();
  server.expect_account({answered});
}

}  // namespace
}  // namespace plivo_dial::test
