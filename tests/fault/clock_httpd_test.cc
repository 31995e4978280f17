// SPDX-License-Identifier: Apache-2.0
// Row 38 of the fault table, through httpd: the wall clock is set again and again, by 0.2 s, by
// seconds and by days, while calls go on over several processes. Promise: events keep the order in
// which they were accepted, a request that comes again is one, and it is said.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <thread>

#include "lib/event/json.h"
#include "tests/fault/fault_server.h"
#include "tests/fault/set_clock.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

class WrongClock : public MpmTest {
 protected:
  static FaultServer::Options options() {
    const std::string children = GetParam() == Mpm::kPrefork
                                     ? "StartServers 4\n"
                                     : "StartServers 4\nMinSpareThreads 32\nMaxSpareThreads 64\n";
    return {.server = {.mpm = GetParam(),
                       .environment = {"PLIVO_FAULT_CLOCK=${ROOT}/run/clock"},
                       .preload = CLOCK_SHIM_FILE},
            .has_hook = false,
            .dispatcher = "${ROOT}/hook/dispatcher",
            .more = children};
  }

  void SetUp() override {
    server_.httpd.files().write_file("hook/dispatcher",
                                     "#!/bin/sh\nexport PLIVO_FAULT_CLOCK=" + server_.httpd.root() +
                                         "/run/clock\nLD_PRELOAD=" CLOCK_SHIM_FILE
                                         " exec " PLIVO_DIALD_PROGRAM " \"$@\"\n",
                                     0755);
    server_.httpd.expect_log("PD0528: the clock of this machine was set back by");
    server_.httpd.expect_log("PD0528: the clock of this machine was set ahead by");
  }

  // One after the other, each over a connection of its own: whichever child takes it.
  std::vector<std::string> send_call(int number) {
    static const std::vector<std::pair<const char*, const char*>> kCourse = {
        {"/dialstatus", "A1"},
        {"/dialstatus/callback", "E1"},
        {"/dialstatus/callback", "E2"},
        {"/dialstatus/callback", "E5"},
        {"/dialstatus/action", "D1"}};
    const std::string call = new_uuid();
    const std::string leg = new_uuid();
    std::vector<std::string> sent;
    for (const auto& [path, id] : kCourse) {
      Example request = example(id);
      for (const char* name : {"CallUUID", "DialALegUUID"}) {
        request.form = with_form_value(request.form, name, call);
      }
      request.form = with_form_value(request.form, "DialBLegUUID", leg);
      clock_.set_wrong_by(
          kWrongBy[static_cast<std::size_t>(number + static_cast<int>(sent.size())) %
                   std::size(kWrongBy)]);
      EXPECT_EQ(send_example(server_.client(), path, request).status, 200);
      sent.emplace_back(id);
    }
    last_ = {call, leg};
    return sent;
  }

  // The names of each call's events, in the order of the file.
  std::map<std::string, std::vector<std::string>> delivered() const {
    std::map<std::string, std::vector<std::string>> calls;
    std::istringstream lines(read_file(server_.httpd.root() + "/events/events.json"));
    for (std::string line; std::getline(lines, line) && !lines.eof();) {
      const Result<Event> event = event_from_json(line);
      EXPECT_TRUE(event.ok()) << line;
      if (event) calls[*event->call].push_back(event->event + (event->late ? " late" : ""));
    }
    return calls;
  }

  static constexpr nanoseconds kWrongBy[] = {seconds(0),        milliseconds(-200), hours(-72),
                                             milliseconds(200), hours(24 * 365),    seconds(-3),
                                             hours(-24 * 3650)};

  FaultServer server_{options()};
  SetClock clock_{server_.httpd.root() + "/run/clock"};
  std::pair<std::string, std::string> last_;
};
PLIVO_DIAL_EACH_MPM(WrongClock);

TEST_P(WrongClock, ChangesNoOrderAndMakesNoEventTwice) {
  constexpr int kCalls = 60;
  ASSERT_TRUE(server_.start());
  for (int call = 0; call < kCalls; ++call) send_call(call);
  // Plivo repeats a request, and the clock was set meanwhile.
  Example again = example("D1");
  for (const char* name : {"CallUUID", "DialALegUUID"}) {
    again.form = with_form_value(again.form, name, last_.first);
  }
  again.form = with_form_value(again.form, "DialBLegUUID", last_.second);
  clock_.set_wrong_by(hours(24 * 365));
  std::this_thread::sleep_for(seconds(2));
  EXPECT_EQ(send_example(server_.client(), "/dialstatus/action", again).status, 200);
  clock_.set_wrong_by(seconds(0));
  std::this_thread::sleep_for(seconds(2));
  EXPECT_EQ(send_example(server_.client(), "/dialstatus/action", again).status, 200);
  EXPECT_TRUE(wait_for([&] { return server_.in_file().size() >= 5 * kCalls; }));
  const auto calls = delivered();
  EXPECT_EQ(calls.size(), static_cast<std::size_t>(kCalls));
  for (const auto& [call, events] : calls) {
    EXPECT_THAT(events, testing::ElementsAre("call.answer", "dial.answered", "dial.connected",
                                             "dial.ended", "dial.result"))
        << call;
  }
}

}  // namespace
}  // namespace plivo_dial::test
