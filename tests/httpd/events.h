// File: tests/httpd/events.h
//
// The far ends of the sinks: a syslog socket that listens, an exec hook that keeps what it gets,
// and the file. Use EventSinks to receive at all three and to compare them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/httpd/server_root.h"

namespace plivo_dial::test {

// Receives datagrams at a path, as /dev/log does. Safe from any thread.
class SyslogSocket {
 public:
  explicit SyslogSocket(const std::string& path);
  ~SyslogSocket();

  // What has come so far, one datagram each, whole.
  std::vector<std::string> lines() const;

 private:
  void receive();

  int socket_ = -1;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;  // guarded by mutex_
  std::thread receiver_;
};

// The value of `name`= in a syslog line, with quotes and escapes where it has them; "" when it has
// none.
std::string syslog_field(const std::string& line, const std::string& name);

// One run of the hook.
struct HookRun {
  nlohmann::json event;  // what it read from its standard input
  std::map<std::string, std::string> environment;
};

// A syslog sink, an exec sink and a file sink below the root of a server.
class EventSinks {
 public:
  explicit EventSinks(ServerRoot& files);

  // The directives that send every event to all three, and the spool they come from.
  static std::string directives();

  // The events in each sink, in the order in which they came (hook: any order).
  std::vector<nlohmann::json> in_file() const;
  std::vector<HookRun> in_hook() const;
  std::vector<std::string> in_syslog() const { return syslog_.lines(); }

  // Waits until each of the three sinks has had `count` events. Checks that all have the same ids,
  // each once, and that no more come than that. Returns the file's events. With kAllowed, after the
  // death of a dispatcher, an event may come again, as each sink gets it at least once.
  enum class Repeats { kNone, kAllowed };
  std::vector<nlohmann::json> expect_events(std::size_t count,
                                            Repeats repeats = Repeats::kNone) const;

 private:
  std::string root_;
  SyslogSocket syslog_;
};

}  // namespace plivo_dial::test
