// File: tests/unit/diald/diald_fixture.h
//
// plivo-diald as a process of its own, with its standard input, its log and a spool.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <vector>

#include "lib/settings/dispatcher_config.h"
#include "lib/settings/sink_arguments.h"
#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {

class DialdTest : public DeliveryTest {
 protected:
  void SetUp() override {
    DeliveryTest::SetUp();
    config_.spool = spool_;
    config_.identity = {geteuid(), getegid(), {}};
    config_.node = "pbx";
    config_.keep = std::chrono::seconds(0);
  }
  void TearDown() override {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
    }
    close_input();
    DeliveryTest::TearDown();
  }

  void add_sink(const std::vector<std::string>& words) {
    Result<SinkConfig> sink = parse_sink(std::vector<std::string_view>(words.begin(), words.end()));
    ASSERT_TRUE(sink.ok()) << sink.error().message;
    config_.sinks.push_back(*sink);
  }

  // Its standard input is a pipe that stays open; its standard error goes to a file.
  void start(const std::vector<std::string>& arguments = {}) {
    close_input();
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    process_ = fork();
    if (process_ == 0) {
      const std::string log = log_path();
      const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
      const rlimit limit{file_size_limit_, RLIM_INFINITY};
      setrlimit(RLIMIT_FSIZE, &limit);
      dup2(ends[0], 0);
      dup2(out, 1);
      dup2(out, 2);
      std::vector<char*> words = {const_cast<char*>(PLIVO_DIALD)};
      for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
      words.push_back(nullptr);
      execv(PLIVO_DIALD, words.data());
      _exit(127);
    }
    close(ends[0]);
    input_ = ends[1];
  }
  void send(const std::string& line) {
    const std::string text = line + "\n";
    ASSERT_EQ(write(input_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void start_and_configure() {
    start();
    send(to_json(config_));
    ASSERT_TRUE(logs("PD0601"));
  }
  void close_input() {
    if (input_ >= 0) close(input_);
    input_ = -1;
  }
  int wait_for_end() {
    int status = -1;
    EXPECT_EQ(waitpid(process_, &status, 0), process_);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  // The same; nothing when it does not end within 20 s.
  std::optional<int> end_soon() {
    int status = -1;
    if (!eventually([&] { return waitpid(process_, &status, WNOHANG) == process_; })) return {};
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  std::string log_path() const { return directory_ + "/log"; }
  std::string log_text() const { return read_text(log_path()); }
  bool logs(const std::string& text) const {
    const bool found = eventually([&] { return count_of(log_text(), text) > 0; });
    EXPECT_TRUE(found) << text << " is not in:\n" << log_text();
    return found;
  }
  std::string out(const std::string& name) const { return directory_ + "/" + name; }
  std::string marks() const { return spool_ + "/dispatch/delivered.json"; }

  DispatcherConfig config_;
  pid_t process_ = -1;
  int input_ = -1;
  rlim_t file_size_limit_ = RLIM_INFINITY;
};

}  // namespace plivo_dial
