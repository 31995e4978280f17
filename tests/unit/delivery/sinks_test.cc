// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "lib/delivery/sink.h"
#include "lib/delivery/system_file.h"
#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class SinksTest : public DeliveryTest {
 protected:
  SinkConfig config(const std::string& target, const std::string& option) {
    const std::vector<std::string_view> words = {"x", target, option};
    Result<SinkConfig> sink = parse_sink(words);
    EXPECT_TRUE(sink.ok()) << sink.error().message;
    return *sink;
  }

  // A syslog daemon's socket at `path`.
  static Descriptor listen_at(const std::string& path) {
    unlink(path.c_str());
    Descriptor daemon(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    EXPECT_EQ(bind(daemon.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    return daemon;
  }

  static std::string receive(const Descriptor& daemon) {
    char buffer[65536];
    const ssize_t got = recv(daemon.get(), buffer, sizeof(buffer), 0);
    return got < 0 ? "" : std::string(buffer, static_cast<std::size_t>(got));
  }

  Stop stop_;
};

using Outcome = Attempt::Outcome;

TEST_F(SinksTest, SyslogLineHasPriorityOfItsStatus) {
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
    EXPECT_THAT(line, HasSubstr("plivo-dial[" + std::to_string(getpid()) + "]: event=dial.result"));
    EXPECT_THAT(line, HasSubstr("dial_status=" + status));
  }
}

TEST_F(SinksTest, SyslogJsonFitsItsLine) {
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
}

TEST_F(SinksTest, SyslogWaitsForDaemonAndFindsItsSuccessor) {
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

TEST_F(SinksTest, SyslogNeverBlocksOnFullSocket) {
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

TEST_F(SinksTest, FileGetsOneLineForEachEvent) {
  const std::string path = directory_ + "/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=json"), log_);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(sink->attempt(event_of(i), stop_).outcome, Outcome::kDone);
  }
  EXPECT_EQ(read_text(path), to_json(event_of(0)) + "\n" + to_json(event_of(1)) + "\n" +
                                 to_json(event_of(2)) + "\n");
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777 & ~0640u, 0u);
}

TEST_F(SinksTest, FileInKeyValueFormHasTheTime) {
  const std::string path = directory_ + "/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=kv"), log_);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  EXPECT_THAT(read_text(path),
              StartsWith("received=2026-11-18T11:06:40.000000Z event=dial.result"));
  EXPECT_THAT(read_text(path), EndsWith("\n"));
}

TEST_F(SinksTest, FileFollowsLogrotate) {
  const std::string path = directory_ + "/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=json"), log_);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  std::filesystem::rename(path, path + ".1");
  EXPECT_EQ(sink->attempt(event_of(2), stop_).outcome, Outcome::kDone);
  std::filesystem::remove(path);
  EXPECT_EQ(sink->attempt(event_of(3), stop_).outcome, Outcome::kDone);
  EXPECT_EQ(read_text(path + ".1"), to_json(event_of(1)) + "\n");
  EXPECT_EQ(read_text(path), to_json(event_of(3)) + "\n");
}

// Whoever wrote it was killed, or its disk was full.
TEST_F(SinksTest, FileThatEndsInTheMiddleOfALineGetsALineBreakFirst) {
  const std::string path = directory_ + "/calls";
  std::ofstream(path) << "{\"v\":1,\"id\":\"01k9x4mq2r8f3c5t7v";
  const auto sink = make_file_sink(config("file:" + path, "format=json"), log_);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  EXPECT_EQ(sink->attempt(event_of(2), stop_).outcome, Outcome::kDone);
  EXPECT_EQ(read_text(path), "{\"v\":1,\"id\":\"01k9x4mq2r8f3c5t7v\n" + to_json(event_of(1)) +
                                 "\n" + to_json(event_of(2)) + "\n");
}

TEST_F(SinksTest, FileThatCannotBeOpenedIsTriedAgain) {
  const std::string path = directory_ + "/later/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=json"), log_);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kWait);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kWait);
  EXPECT_EQ(count_of(log_.lines(), "PD0621"), 1u);
  std::filesystem::create_directory(directory_ + "/later");
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  EXPECT_THAT(log_.lines(), HasSubstr("PD0622"));
}

// What can't be synced may be lost, though a later sync succeeds: it must be written again.
TEST_F(SinksTest, FileThatCannotBeSyncedIsOpenedAgain) {
  const std::string path = directory_ + "/calls";
  const auto sink = make_file_sink(config("file:" + path, "format=json"), log_);
  EXPECT_TRUE(sink->settle().ok()) << "nothing to sync";
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  EXPECT_TRUE(sink->settle().ok());
  int victim = -1;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    if (std::filesystem::read_symlink(entry.path(), error) == path) {
      victim = std::stoi(entry.path().filename());
    }
  }
  ASSERT_GE(victim, 0);
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  dup3(ends[1], victim, O_CLOEXEC);  // fdatasync of a pipe fails
  EXPECT_THAT(sink->settle().error().message, HasSubstr("cannot sync '" + path));
  EXPECT_TRUE(sink->settle().ok());
  EXPECT_EQ(sink->attempt(event_of(2), stop_).outcome, Outcome::kDone);
  EXPECT_EQ(read_text(path), to_json(event_of(1)) + "\n" + to_json(event_of(2)) + "\n");
  close(ends[0]);
  close(ends[1]);
}

TEST_F(SinksTest, FileMustBeRegular) {
  const auto sink = make_file_sink(config("file:/dev/null", "format=json"), log_);
  EXPECT_EQ(sink->attempt(event_of(1), stop_).outcome, Outcome::kWait);
  EXPECT_THAT(log_.lines(), HasSubstr("is not a regular file"));
}

}  // namespace
}  // namespace plivo_dial
