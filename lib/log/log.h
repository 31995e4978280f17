// File: lib/log/log.h
//
// The dispatcher's log lines, in the shape of httpd's error log, into which they go. Each line has
// one of the ids of log_id.h, so that an administrator can search and count by it. A program makes
// one DispatcherLog; whatever has something to say takes a Log.
//
//   DispatcherLog log;
//   log.write(LogLevel::kNotice, log_id::kStarted, "plivo-diald serves the spool");
//   escaped("a\nb")   -> "a\\x0ab"
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "lib/base/mutex.h"
#include "lib/log/log_id.h"
#include "lib/log/log_level.h"

namespace plivo_dial {

// Where lines go. Implementations are thread-safe.
class Log {
 public:
  virtual ~Log() = default;
  virtual void write(LogLevel level, std::string_view id, std::string_view text) = 0;
};

// Lines on standard error: "[Mon Nov 23 14:35:01.123456 2026] [plivo_dial:error] [pid 123]
// PD0601: text". One write(2) for each line, since others write to the same log. Or, where httpd
// has "ErrorLog syslog", datagrams to the syslog daemon, without the time, which it adds itself.
class DispatcherLog : public Log {
 public:
  void write(LogLevel level, std::string_view id, std::string_view text) override;

  // From now on leaves out what is less severe than `level`; at first nothing is.
  void set_level(LogLevel level) { level_ = level; }

  // From now on writes to the syslog daemon's socket with that facility's code; with kNoFacility to
  // standard error, as at first. A line that the daemon does not take at once goes to standard
  // error too: events have sinks, a log must hold nobody up.
  static constexpr int kNoFacility = -1;
  void set_facility(int facility, std::string socket = "/dev/log");

 private:
  bool send_to_syslog(LogLevel level, std::string_view line);

  std::atomic<LogLevel> level_ = LogLevel::kInfo;
  Mutex mutex_;
  int facility_ PLIVO_GUARDED_BY(mutex_) = kNoFacility;
  std::string socket_path_ PLIVO_GUARDED_BY(mutex_);
};

// `text` with \xHH for each byte outside printable ASCII, and \\ for a backslash: no text from
// elsewhere can begin a line of its own.
std::string escaped(std::string_view text);

}  // namespace plivo_dial
