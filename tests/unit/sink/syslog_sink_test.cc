// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>
#include <utility>

#include "lib/settings/sink_arguments.h"
#include "lib/sink/make_sink.h"
#include "lib/sink/sink.h"
#include "tests/unit/base/syslog_daemons.h"
#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class SyslogSinkTest : public DeliveryTest {
 protected:
  SinkConfig config(const std::string& target, const std::string& option) {
    const std::vector<std::string_view> words = {"x", target, option};
    Result<SinkConfig> sink = parse_sink(words);
    EXPECT_TRUE(sink.ok()) << sink.error().message;
    return *sink;
  }

  Stop stop_;
};

using Outcome = Attempt::Outcome;

TEST_F(SyslogSinkTest, SyslogLineHasPriorityOfItsStatus) {
  const std::string path = directory_ + "/log";
  const Descriptor daemon = listen_at(path);
  const auto sink = make_syslog_sink(config("syslog:local0", "socket=" + path), log_);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"completed", "<134>"}, {"busy", "<133>"},   {"no-answer", "<133>"},
      {"timeout", "<133>"},   {"cancel", "<133>"}, {"failed", "<132>"}};
  for (const auto& [status, priority] : cases) {
    EXPECT_EQ(sink->attempt(event_of(1, "dial.result", status), stop_).outcome, Outcome::kDone);
    const std::string line = receive(daemon);
    EXPECT_THAT(line, StartsWith(priority));
    EXPECT_THAT(line, HasSubstr(" plivo-dial[" + std::to_string(getpid()) +
                                "]: received=2026-11-18T11:06:40.000000Z event=dial.result "));
    EXPECT_THAT(line, HasSubstr("dial_status=" + status));
  }
}

// What plivo-events(7) says: "[[severity-notice]]`notice`:: `busy`, `timeout`...".
std::map<std::string, std::set<std::string>> severities_of_manual() {
  std::map<std::string, std::set<std::string>> severities;
  std::istringstream page(read_text(PLIVO_EVENTS_PAGE));
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("[[severity-")) continue;
    const std::string severity = line.substr(11, line.find(']') - 11);
    std::set<std::string>& statuses = severities[severity];
    std::size_t at = line.find(":: ");
    while ((at = line.find('`', at)) != std::string::npos) {
      const std::size_t end = line.find('`', at + 1);
      statuses.insert(line.substr(at + 1, end - at - 1));
      at = end + 1;
    }
  }
  return severities;
}

TEST_F(SyslogSinkTest, SeveritiesAreThoseOfTheManual) {
  const std::string path = directory_ + "/log";
  const Descriptor daemon = listen_at(path);
  const auto sink = make_syslog_sink(config("syslog:local0", "socket=" + path), log_);
  const auto severity_of = [&](Event event) {
    EXPECT_EQ(sink->attempt(event, stop_).outcome, Outcome::kDone);
    return std::atoi(receive(daemon).c_str() + 1) % 8;
  };
  const auto manual = severities_of_manual();
  ASSERT_EQ(manual.size(), 3u);
  const std::map<std::string, int> codes = {{"warning", 4}, {"notice", 5}, {"info", 6}};
  std::set<std::string> statuses = {"completed", "in-progress", "ringing", "", "of-tomorrow"};
  for (const auto& [severity, of_manual] : manual) {
    statuses.insert(of_manual.begin(), of_manual.end());
    for (const std::string& status : of_manual) {
      Event event = event_of(1, "call.hangup", status);
      EXPECT_EQ(severity_of(event), codes.at(severity)) << status;
      event.call_status = std::exchange(event.dial_status, std::nullopt);
      EXPECT_EQ(severity_of(event), codes.at(severity)) << "of the call: " << status;
      event.dial_status = "completed";
      EXPECT_EQ(severity_of(event), 6) << "that of the dial counts";
    }
  }
  for (const std::string& status : statuses) {
    const bool is_more =
        manual.at("warning").contains(status) || manual.at("notice").contains(status);
    if (is_more) continue;
    EXPECT_EQ(severity_of(event_of(1, "dial.result", status)), 6) << status;
  }
}

TEST_F(SyslogSinkTest, SyslogJsonFitsItsLine) {
  const std::string path = directory_ + "/log";
  const Descriptor daemon = listen_at(path);
  SinkConfig json = config("syslog:local0", "socket=" + path);
  json.format = EventFormat::kJson;
  const auto sink = make_syslog_sink(json, log_);
  Event event = event_of(1);
  EXPECT_EQ(sink->attempt(event, stop_).outcome, Outcome::kDone);
  std::string line = receive(daemon);
  auto object = nlohmann::json::parse(line.substr(line.find("]: ") + 3));
  EXPECT_EQ(object["id"], event.id);
  EXPECT_TRUE(object.contains("params"));
  for (const char c : line) ASSERT_TRUE(c >= 0x20 && c < 0x7f);
  event.params.emplace_back("Long", std::string(9000, 'x'));
  EXPECT_EQ(sink->attempt(event, stop_).outcome, Outcome::kDone);
  line = receive(daemon);
  EXPECT_LE(line.size(), 7500u);
  object = nlohmann::json::parse(line.substr(line.find("]: ") + 3));
  EXPECT_EQ(object["truncated"], true);
  EXPECT_THAT(log_.lines(), StartsWith("PD0655 sink x: event " + event.id + " "));
}

// Not in another form without a word.
TEST_F(SyslogSinkTest, SyslogJsonThatIsTooLongWithoutParamsStaysJsonAndIsSaidOnce) {
  const std::string path = directory_ + "/log";
  const Descriptor daemon = listen_at(path);
  SinkConfig json = config("syslog:local0", "socket=" + path);
  json.format = EventFormat::kJson;
  const auto sink = make_syslog_sink(json, log_);
  Event event = event_of(1);
  for (const char filler : {'7', '\n', '"'}) {
    event.from = std::string(8000, filler);
    EXPECT_EQ(sink->attempt(event, stop_).outcome, Outcome::kDone);
    const std::string line = receive(daemon);
    EXPECT_LE(line.size(), 7500u);
    const auto object = nlohmann::json::parse(line.substr(line.find("]: ") + 3));
    EXPECT_EQ(object["truncated"], true);
    EXPECT_THAT(object["left_out"], ElementsAre("params", "params_raw", "from"));
    EXPECT_EQ(object["id"], event.id);
    EXPECT_EQ(object["received"], "2026-11-18T11:06:40.000000Z");
  }
  EXPECT_EQ(count_of(log_.lines(), "PD0655"), 1u);
  EXPECT_THAT(log_.lines(), HasSubstr("params, params_raw, from; 'plivo-dialctl events show " +
                                      event.id + "' has the whole event until"));
}

TEST_F(SyslogSinkTest, SyslogWaitsForDaemonAndFindsItsSuccessor) {
  const std::string path = directory_ + "/log";
  const auto sink = make_syslog_sink(config("syslog:local0", "socket=" + path), log_);
  Attempt attempt = sink->attempt(event_of(1), stop_);
  EXPECT_EQ(attempt.outcome, Outcome::kWait);
  EXPECT_EQ(attempt.delay.count(), 100);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).delay.count(), 200);
  for (int i = 0; i < 9; ++i) attempt = sink->attempt(event_of(1), stop_);
  EXPECT_EQ(attempt.delay.count(), 5000);
  EXPECT_EQ(count_of(log_.lines(), "PD0611"), 1u) << "one line, however long it lasts";
  Descriptor daemon = listen_at(path);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  EXPECT_THAT(log_.lines(), HasSubstr("PD0612"));
  daemon.reset();
  EXPECT_EQ(sink->attempt(event_of(2), stop_).outcome, Outcome::kWait);
  daemon = listen_at(path);
  EXPECT_EQ(sink->attempt(event_of(2), stop_).outcome, Outcome::kDone);
  EXPECT_THAT(receive(daemon), HasSubstr(id_of(2)));
}

// Without a pause: there is a daemon.
TEST_F(SyslogSinkTest, SyslogFindsTheSuccessorAtOnce) {
  const std::string path = directory_ + "/log";
  const auto sink = make_syslog_sink(config("syslog:local0", "socket=" + path), log_);
  for (int i = 0; i < 3; ++i) {
    const Descriptor daemon = listen_at(path);
    EXPECT_EQ(sink->attempt(event_of(i), stop_).outcome, Outcome::kDone);
    EXPECT_THAT(receive(daemon), HasSubstr(id_of(i)));
  }
  EXPECT_EQ(log_.lines(), "");
}

TEST_F(SyslogSinkTest, SyslogNeverBlocksOnFullSocket) {
  const std::string path = directory_ + "/log";
  const Descriptor daemon = listen_at(path);
  const auto sink = make_syslog_sink(config("syslog:local0", "socket=" + path), log_);
  int sent = 0;
  while (sink->attempt(event_of(sent), stop_).outcome == Outcome::kDone) ++sent;
  EXPECT_EQ(log_.lines(), "") << "a busy daemon is no news at once";
  int received = 0;
  while (!receive(daemon).empty()) ++received;
  EXPECT_EQ(received, sent);
  EXPECT_EQ(sink->attempt(event_of(sent), stop_).outcome, Outcome::kDone);
}

// It has the socket still, and takes nothing.
TEST_F(SyslogSinkTest, SyslogFindsTheSuccessorOfADaemonThatHangs) {
  const std::string path = directory_ + "/log";
  const Descriptor hanging = listen_at(path);
  const auto sink = make_syslog_sink(config("syslog:local0", "socket=" + path), log_);
  int sent = 0;
  while (sink->attempt(event_of(sent), stop_).outcome == Outcome::kDone) ++sent;
  const Descriptor daemon = listen_at(path);
  Attempt attempt;
  for (int i = 0; i < 3; ++i) attempt = sink->attempt(event_of(sent), stop_);
  EXPECT_EQ(attempt.outcome, Outcome::kDone);
  EXPECT_THAT(receive(daemon), HasSubstr(id_of(sent)));
}

TEST_F(SyslogSinkTest, SyslogWaitsForNoRoomOnceTheEndIsAskedFor) {
  const std::string path = directory_ + "/log";
  const Descriptor daemon = listen_at(path);
  const auto sink = make_syslog_sink(config("syslog:local0", "socket=" + path), log_);
  while (sink->attempt(event_of(1), stop_).outcome == Outcome::kDone) {
  }
  const auto begin = Stop::Clock::now();
  // While it waits; and before, for all others.
  std::thread end([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    stop_.request(Stop::Clock::now() + std::chrono::hours(1));
  });
  Attempt attempt = sink->attempt(event_of(1), stop_);
  end.join();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(attempt.outcome, Outcome::kWait);
    EXPECT_GE(attempt.delay.count(), 100) << "for whoever comes next";
    attempt = sink->attempt(event_of(1), stop_);
  }
  EXPECT_LT(Stop::Clock::now() - begin, std::chrono::seconds(10)) << "each would take a second";
  EXPECT_EQ(log_.lines(), "");
}

TEST_F(SyslogSinkTest, SyslogSpeaksToASocketOfTypeStream) {
  const std::string path = directory_ + "/log";
  const auto sink = make_syslog_sink(config("syslog:local0", "socket=" + path), log_);
  for (int i = 0; i < 4; i += 2) {
    StreamDaemon daemon(path);
    EXPECT_EQ(sink->attempt(event_of(i), stop_).outcome, Outcome::kDone);
    EXPECT_EQ(sink->attempt(event_of(i + 1), stop_).outcome, Outcome::kDone);
    EXPECT_THAT(daemon.messages(),
                ElementsAre(EndsWith(" id=" + id_of(i)), EndsWith(" id=" + id_of(i + 1))));
    EXPECT_EQ(daemon.begun(), "");
  }
  // Its successor is of the other type.
  const Descriptor daemon = listen_at(path);
  EXPECT_EQ(sink->attempt(event_of(5), stop_).outcome, Outcome::kDone);
  EXPECT_THAT(receive(daemon), EndsWith(" id=" + id_of(5)));
  EXPECT_EQ(log_.lines(), "");
}

// What it took a part of before it was full is neither lost nor repeated, whatever comes next.
TEST_F(SyslogSinkTest, SyslogStreamThatIsFullGetsEachLineOnceAndWhole) {
  const std::string path = directory_ + "/log";
  StreamDaemon daemon(path);
  const auto sink = make_syslog_sink(config("syslog:local0", "socket=" + path), log_);
  std::vector<std::string> messages;
  int sent = 0;
  for (int fillings = 0; fillings < 4; ++fillings) {
    for (;; ++sent) {
      Event event = event_of(sent);
      event.from = std::string(static_cast<std::size_t>(3000 + sent % 7), '7');
      if (sink->attempt(event, stop_).outcome != Outcome::kDone) break;
    }
    for (std::string& message : daemon.messages()) messages.push_back(std::move(message));
  }
  ASSERT_GT(sent, 100);
  for (std::string& message : daemon.messages()) messages.push_back(std::move(message));
  ASSERT_GE(messages.size(), static_cast<std::size_t>(sent));
  for (std::size_t i = 0; i < messages.size(); ++i) {
    ASSERT_THAT(messages[i], StartsWith("<134>"));
    ASSERT_THAT(messages[i], EndsWith(" id=" + id_of(static_cast<int>(i))));
  }
}

// A queue of ten, as a new network namespace has it, and a daemon that takes its time.
TEST_F(SyslogSinkTest, SyslogWaitsForRoomAndNotForTheClock) {
  constexpr int kEvents = 400;
  bool has_namespace = true;
  std::vector<std::string> lines;
  std::chrono::milliseconds rests{0};
  std::thread([&] {
    has_namespace = unshare(CLONE_NEWNET) == 0;
    if (!has_namespace) return;
    const std::string path = directory_ + "/log";
    const Descriptor daemon = listen_at(path);
    std::thread reader([&] {
      while (lines.size() < kEvents) {
        pollfd polled{daemon.get(), POLLIN, 0};
        if (poll(&polled, 1, 20'000) != 1) break;
        lines.push_back(receive(daemon));
        std::this_thread::sleep_for(std::chrono::microseconds(100));
      }
    });
    const auto sink = make_syslog_sink(config("syslog:local0", "socket=" + path), log_);
    for (int sent = 0; sent < kEvents;) {
      const Attempt attempt = sink->attempt(event_of(sent), stop_);
      if (attempt.outcome == Outcome::kDone) {
        ++sent;
      } else {
        rests += attempt.delay;
        std::this_thread::sleep_for(attempt.delay);
      }
    }
    reader.join();
  }).join();
  if (!has_namespace) GTEST_SKIP() << "this user may make no network namespace";
  ASSERT_EQ(lines.size(), static_cast<std::size_t>(kEvents));
  for (int i = 0; i < kEvents; ++i) {
    ASSERT_THAT(lines[static_cast<std::size_t>(i)], EndsWith(" id=" + id_of(i)));
  }
  EXPECT_LT(rests.count(), 100) << "one rest by the clock is 100 ms";
  EXPECT_EQ(log_.lines(), "");
}

}  // namespace
}  // namespace plivo_dial
