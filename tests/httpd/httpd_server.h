// File: tests/httpd/httpd_server.h
//
// A real httpd of the test's own: started, reloaded, stopped and judged. Whatever goes wrong with
// it (a line in the error log that the test did not announce, a crash, a process left behind) is a
// failure of the test that owns it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/httpd/error_log.h"
#include "tests/httpd/process.h"
#include "tests/httpd/server_root.h"

namespace plivo_dial::test {

// Not safe for use by several threads; its port() may be used by as many clients as one likes.
class HttpdServer {
 public:
  explicit HttpdServer(ServerOptions options = {});
  // Stops the server and judges it, unless stop() did.
  ~HttpdServer();
  HttpdServer(const HttpdServer&) = delete;
  HttpdServer& operator=(const HttpdServer&) = delete;

  ServerRoot& files() { return files_; }
  const ServerRoot& files() const { return files_; }
  const std::string& root() const { return files_.path(); }
  int port() const { return port_; }
  pid_t pid() const { return pid_; }

  // Starts httpd with the harness's base configuration and `configuration`, and returns when it
  // serves. A failure to start is a failure of the test, with httpd's own words; returns whether
  // it runs. Lines with "PlivoSignature Off" are allowed in the error log when the configuration
  // has that directive: the module warns of it at each start.
  bool start(std::string_view configuration);

  // Writes another configuration, for the next restart.
  void reconfigure(std::string_view configuration);

  // apachectl graceful; returns when the new generation serves.
  bool restart_gracefully();

  // The same, and returns when the children of before are gone too: until then one of them may
  // take a request and answer it by the configuration of before. Not for tests that keep a child
  // busy.
  bool replace_children();

  enum class Stop { kNow, kGraceful };
  // Stops the server, waits for all its processes to go, and judges it.
  void stop(Stop how = Stop::kNow);

  // kill -9 of the parent alone. Its children live on; start() may follow, on another port.
  void kill_parent();

  // `httpd -t` on the base configuration and `configuration`, with `arguments` behind. Needs no
  // start and binds nothing.
  CommandResult configtest(std::string_view configuration,
                           const std::vector<std::string>& arguments = {});

  // Announces lines of the error log of level warn or worse: one that must come, one that may.
  void expect_log(std::string part) { announced_.expected.push_back(std::move(part)); }
  void allow_log(std::string part) { announced_.allowed.push_back(std::move(part)); }

  // Everything that was written to the error log, and to stderr before it was open.
  std::string error_log() const;

  // Every process of this server: the parent, its children, the dispatcher, hooks.
  std::vector<ProcessInfo> processes() const;
  // Those that run the dispatcher's program.
  std::vector<ProcessInfo> dispatchers() const;

 private:
  bool start_on_free_port(std::string_view configuration);
  bool wait_until_serving(std::size_t generations);
  std::size_t count_generations() const;
  bool has_ended();
  void end_leaked_processes();
  void judge();

  ServerRoot files_;
  LogAnnouncement announced_;
  int port_ = 0;
  pid_t pid_ = 0;  // 0: not running
  bool judged_ = true;
};

// A TCP port of 127.0.0.1 that nobody listened on a moment ago.
int find_free_port();

}  // namespace plivo_dial::test
