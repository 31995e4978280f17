// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/httpd_server.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

// A generation starts when its children have started, and ends when the last of them has: on a
// machine that compiles beside the tests, dozens of processes wait for each other's turn.
constexpr std::chrono::seconds kPatienceWithHttpd{120};

}  // namespace

int find_free_port() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  int port = 0;
  if (bind(listener, generic, length) == 0 && getsockname(listener, generic, &length) == 0) {
    port = ntohs(address.sin_port);
  }
  close(listener);
  return port;
}

HttpdServer::HttpdServer(ServerOptions options) : files_(options) {
  adopt_orphans();
}

HttpdServer::~HttpdServer() {
  if (pid_ != 0) stop();
  if (!judged_) judge();
}

bool HttpdServer::start(std::string_view configuration) {
  if (configuration.find("PlivoSignature Off") != std::string_view::npos) {
    allow_log("PlivoSignature Off");
  }
  judged_ = false;
  // Somebody may take the port between our look and httpd's.
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (start_on_free_port(configuration)) return true;
    if (error_log().find("Address already in use") == std::string::npos) break;
    allow_log("Address already in use");
    allow_log("no listening sockets available");
    allow_log("AH00015: Unable to open logs");
  }
  ADD_FAILURE() << "httpd did not start:\n" << error_log();
  end_leaked_processes();
  return false;
}

bool HttpdServer::start_on_free_port(std::string_view configuration) {
  const std::size_t generations = count_generations();
  port_ = find_free_port();
  files_.write_configuration(configuration, port_);
  Command command = files_.httpd({"-DFOREGROUND"});
  command.output_file = root() + "/logs/stderr";
  pid_ = start_process(command);
  return wait_until_serving(generations + 1);
}

void HttpdServer::reconfigure(std::string_view configuration) {
  files_.write_configuration(configuration, port_);
}

bool HttpdServer::restart_gracefully() {
  // httpd's worker forgets the generation of a child when reloads follow each other quickly.
  allow_log("AH00546: no record of generation");
  const std::size_t generations = count_generations();
  kill(pid_, SIGUSR1);
  if (wait_until_serving(generations + 1)) return true;
  ADD_FAILURE() << "httpd did not come back from a graceful restart:\n" << error_log();
  return false;
}

bool HttpdServer::replace_children() {
  std::vector<pid_t> former;
  const std::vector<ProcessInfo> kept = dispatchers();
  for (const ProcessInfo& process : processes()) {
    const bool dispatcher = std::any_of(
        kept.begin(), kept.end(), [&](const ProcessInfo& one) { return one.pid == process.pid; });
    if (process.parent == pid_ && !dispatcher) former.push_back(process.pid);
  }
  if (!restart_gracefully()) return false;
  const bool gone = wait_for(
      [&] {
        return std::all_of(former.begin(), former.end(),
                           [](pid_t pid) { return kill(pid, 0) != 0; });
      },
      kPatienceWithHttpd);
  if (!gone) ADD_FAILURE() << "a child of before the restart does not end:\n" << error_log();
  return gone;
}

// Each generation announces itself when its children are started; connections that are made
// earlier wait in the listener's queue.
std::size_t HttpdServer::count_generations() const {
  constexpr std::string_view kSign = "resuming normal operations";
  const std::string log = error_log();
  std::size_t count = 0;
  for (std::size_t at = log.find(kSign); at != std::string::npos; at = log.find(kSign, at + 1)) {
    ++count;
  }
  return count;
}

bool HttpdServer::wait_until_serving(std::size_t generations) {
  wait_for([&] { return has_ended() || count_generations() >= generations; }, kPatienceWithHttpd);
  return pid_ != 0 && count_generations() >= generations;
}

bool HttpdServer::has_ended() {
  if (pid_ == 0) return true;
  if (waitpid(pid_, nullptr, WNOHANG) != pid_) return false;
  pid_ = 0;
  return true;
}

void HttpdServer::stop(Stop how) {
  if (pid_ != 0) {
    // A worker thread of event that still has a connection in its hands when the child is told to
    // end at once writes AH03093, or crashes: httpd's own affair, seen without our module.
    wait_for([&] { return count_connections(port_) == 0; }, std::chrono::seconds(5));
    kill(pid_, how == Stop::kNow ? SIGTERM : SIGWINCH);
    if (!wait_for([&] { return has_ended(); }, kPatienceWithHttpd)) {
      ADD_FAILURE() << "httpd did not stop:\n" << error_log();
    }
  }
  end_leaked_processes();
  judge();
}

void HttpdServer::kill_parent() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  EXPECT_TRUE(wait_for([&] { return has_ended(); })) << "httpd survived SIGKILL";
}

void HttpdServer::end_leaked_processes() {
  // The dispatcher and its hooks may need a moment to finish what they have begun.
  if (!wait_for([&] { return processes().empty(); }, std::chrono::seconds(5))) {
    for (const ProcessInfo& process : processes()) {
      ADD_FAILURE() << "left behind after the stop: " << process.pid << " " << process.command_line;
      kill(process.pid, SIGKILL);
    }
    wait_for([&] { return processes().empty(); });
  }
  has_ended();
}

void HttpdServer::judge() {
  judged_ = true;
  const std::string log = error_log();
  const std::vector<std::string> complaints = judge_error_log(log, announced_);
  for (const std::string& complaint : complaints) ADD_FAILURE() << complaint;
  for (const std::string& file : files_.crash_files()) {
    ADD_FAILURE() << "a process crashed: " << file << "\n" << read_file(file);
  }
  if (testing::Test::HasFailure()) GTEST_LOG_(INFO) << "the error log was:\n" << log;
}

CommandResult HttpdServer::configtest(std::string_view configuration,
                                      const std::vector<std::string>& arguments) {
  files_.write_configuration(configuration, port_ != 0 ? port_ : 80);
  std::vector<std::string> all = {"-t"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run_command(files_.httpd(all));
}

std::string HttpdServer::error_log() const {
  return read_file(root() + "/logs/stderr") + read_file(root() + "/logs/error_log");
}

std::vector<ProcessInfo> HttpdServer::processes() const {
  std::vector<ProcessInfo> ours;
  for (ProcessInfo& process : list_processes(pid_)) {
    if (process.pid == getpid()) continue;
    const bool is_ours = process.pid == pid_ || (pid_ != 0 && process.parent == pid_) ||
                         process.command_line.find(root() + "/") != std::string::npos ||
                         has_environment(process.pid, files_.marker()) ||
                         has_open_file_below(process.pid, root());
    if (is_ours) ours.push_back(std::move(process));
  }
  return ours;
}

std::vector<ProcessInfo> HttpdServer::dispatchers() const {
  std::vector<ProcessInfo> found = processes();
  std::erase_if(found, [](const ProcessInfo& process) {
    return process.command_line.find("plivo-diald") == std::string::npos;
  });
  // A hook looks like the dispatcher between fork and exec.
  const std::vector<ProcessInfo> candidates = found;
  std::erase_if(found, [&](const ProcessInfo& process) {
    return std::any_of(candidates.begin(), candidates.end(),
                       [&](const ProcessInfo& other) { return other.pid == process.parent; });
  });
  return found;
}

}  // namespace plivo_dial::test
