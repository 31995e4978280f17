// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/waiting_events.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <sstream>
#include <thread>

#include "lib/base/in_quotes.h"
#include "lib/log/log_id.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatienceWithStore{5000};
constexpr std::size_t kMostToldBytes = 64 * 1024;

// Standard output until its end, or until time is up. Nothing when the program fails.
std::string output_within(pid_t program, int output) {
  const auto end = std::chrono::steady_clock::now() + kPatienceWithStore;
  std::string text;
  bool ended = false;
  while (!ended && text.size() < kMostToldBytes) {
    const auto left =
        std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
    pollfd polled{output, POLLIN, 0};
    if (left.count() <= 0 || poll(&polled, 1, static_cast<int>(left.count())) <= 0) break;
    char buffer[4096];
    const ssize_t count = read(output, buffer, sizeof buffer);
    if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
    ended = count <= 0;
  }
  int status = 0;
  pid_t got = 0;
  // It may close its output and go on.
  while (ended && (got = waitpid(program, &status, WNOHANG)) == 0 &&
         std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(milliseconds(5));
  }
  if (got == 0) {
    kill(program, SIGKILL);
    got = waitpid(program, &status, 0);
  }
  return ended && got == program && status == 0 ? text : "";
}

std::string ask_dispatcher(const std::string& program, const std::string& spool) {
  int pipe[2];
  if (pipe2(pipe, O_CLOEXEC) != 0) return "";
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  const char* const arguments[] = {program.c_str(), "--waiting", spool.c_str(), nullptr};
  pid_t started = 0;
  const int error = posix_spawn(&started, program.c_str(), &actions, nullptr,
                                const_cast<char* const*>(arguments), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe[1]);
  std::string text = error == 0 ? output_within(started, pipe[0]) : "";
  close(pipe[0]);
  return text;
}

std::string warning_of(std::uint64_t count, const std::string& sink) {
  const std::string events = count == 1 ? "1 event waits" : std::to_string(count) + " events wait";
  const std::string them = count == 1 ? "it becomes a dead letter" : "they become dead letters";
  const SinkConfig by_default = default_sink();
  if (sink == by_default.name) {
    return "PlivoEventSink: " + events + " for the sink " + in_quotes(sink) +
           ", which is there by default as long as no PlivoEventSink line is: with this "
           "configuration " +
           them + " (" + log_id::kSinkGone + "); to have them delivered, add PlivoEventSink " +
           sink + " syslog:local0";
  }
  return "PlivoEventSink: " + events + " for the sink " + in_quotes(sink) +
         ", which this configuration does not have: with it " + them + " (" + log_id::kSinkGone +
         "); give the sink its name back, or send them again later by plivo-dialctl events "
         "dead";
}

}  // namespace

std::vector<std::string> waiting_warnings(const ServerConfig& server) {
  std::vector<std::string> warnings;
  const std::vector<SinkConfig> sinks = sinks_of(server);
  std::istringstream lines(ask_dispatcher(server.dispatcher_program, server.spool));
  std::uint64_t count = 0;
  std::string name;
  while (lines >> count >> name) {
    const bool there =
        std::ranges::any_of(sinks, [&](const SinkConfig& sink) { return sink.name == name; });
    if (!there) warnings.push_back(warning_of(count, name));
  }
  return warnings;
}

}  // namespace plivo_dial
