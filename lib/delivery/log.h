// File: lib/delivery/log.h
//
// The dispatcher's log lines, in the shape of httpd's error log, into which they go. Each line has
// one of the ids below, so that an administrator can search and count by it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "lib/delivery/log_level.h"

namespace plivo_dial {

namespace log_id {
// Spool.
inline constexpr std::string_view kHarmedSegment = "PD0501";
inline constexpr std::string_view kRefusedSegment = "PD0502";
inline constexpr std::string_view kUnreadableSpool = "PD0503";
inline constexpr std::string_view kQuarantineFailed = "PD0504";
inline constexpr std::string_view kNotRecorded = "PD0505";
inline constexpr std::string_view kNoEvent = "PD0506";
inline constexpr std::string_view kHarmedState = "PD0507";
// Dispatcher.
inline constexpr std::string_view kStarted = "PD0601";
inline constexpr std::string_view kEnded = "PD0602";
inline constexpr std::string_view kSecondInstance = "PD0603";
inline constexpr std::string_view kCannotStart = "PD0604";
inline constexpr std::string_view kConfigured = "PD0605";
inline constexpr std::string_view kConfigRefused = "PD0606";
inline constexpr std::string_view kSpoolChanged = "PD0607";
// Sinks.
inline constexpr std::string_view kSyslogWaits = "PD0611";
inline constexpr std::string_view kSyslogBack = "PD0612";
inline constexpr std::string_view kFileFailed = "PD0621";
inline constexpr std::string_view kFileBack = "PD0622";
inline constexpr std::string_view kHookFailed = "PD0631";
inline constexpr std::string_view kHookTimedOut = "PD0632";
inline constexpr std::string_view kHookRefused = "PD0633";
inline constexpr std::string_view kHookOutput = "PD0634";
inline constexpr std::string_view kHookInterrupted = "PD0635";
}  // namespace log_id

// Where lines go. Implementations are thread-safe.
class Log {
 public:
  virtual ~Log() = default;
  virtual void write(LogLevel level, std::string_view id, std::string_view text) = 0;
};

// Lines on standard error: "[Mon Nov 23 14:35:01.123456 2026] [plivo_dial:error] [pid 123]
// PD0601: text". One write(2) for each line, since others write to the same log.
class StandardErrorLog : public Log {
 public:
  void write(LogLevel level, std::string_view id, std::string_view text) override;

  // From now on leaves out what is less severe than `level`; at first nothing is.
  void set_level(LogLevel level) { level_ = level; }

 private:
  std::atomic<LogLevel> level_ = LogLevel::kInfo;
};

// `text` with \xHH for each byte outside printable ASCII, and \\ for a backslash: no text from
// elsewhere can begin a line of its own.
std::string escaped(std::string_view text);

}  // namespace plivo_dial
