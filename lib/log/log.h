// File: lib/log/log.h
//
// The dispatcher's log lines, in the shape of httpd's error log, into which they go. Each line has
// one of the ids below, so that an administrator can search and count by it. A program makes one
// DispatcherLog; whatever has something to say takes a Log.
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
#include "lib/log/log_level.h"

namespace plivo_dial {

namespace log_id {
// Spool.
inline constexpr std::string_view kHarmedSegment = "PD0501";    // bytes that are no frame
inline constexpr std::string_view kRefusedSegment = "PD0502";   // a file that is no segment of ours
inline constexpr std::string_view kUnreadableSpool = "PD0503";  // a file or directory fails
inline constexpr std::string_view kQuarantineFailed = "PD0504";  // harmed bytes were not kept
inline constexpr std::string_view kNotRecorded = "PD0505";       // the store takes no change
inline constexpr std::string_view kNoEvent = "PD0506";           // a frame without an event
inline constexpr std::string_view kHarmedState = "PD0507";       // what delivery remembered
inline constexpr std::string_view kSegmentGone = "PD0508";       // removed before it ended
// Store. PD0511 and PD0512 are the module's.
inline constexpr std::string_view kDuplicate = "PD0521";    // an event came a second time
inline constexpr std::string_view kStoreHarmed = "PD0522";  // moved aside, removed or replaced
inline constexpr std::string_view kStoreRemade = "PD0523";  // from the spool's segments
inline constexpr std::string_view kStoreLocked = "PD0524";  // by another program, for 5 s
inline constexpr std::string_view kSpaceIsLow = "PD0525";   // events stay in the segments
inline constexpr std::string_view kSpaceIsBack = "PD0526";
inline constexpr std::string_view kFlowDuplicate = "PD0527";  // as PD0521, of a flow
inline constexpr std::string_view kClockSet = "PD0528";       // the wall clock has jumped
// Dispatcher.
inline constexpr std::string_view kStarted = "PD0601";
inline constexpr std::string_view kEnded = "PD0602";
inline constexpr std::string_view kSecondInstance = "PD0603";
inline constexpr std::string_view kCannotStart = "PD0604";
inline constexpr std::string_view kConfigured = "PD0605";
inline constexpr std::string_view kConfigRefused = "PD0606";
inline constexpr std::string_view kSpoolChanged = "PD0607";
inline constexpr std::string_view kWaitsForConfig = "PD0608";
inline constexpr std::string_view kForgotten = "PD0609";  // httpd reloaded without the module
inline constexpr std::string_view kSpoolLost = "PD0610";  // its directory or lock is another
// Sinks. PD0641 to PD0645 are the module's.
inline constexpr std::string_view kSyslogWaits = "PD0611";
inline constexpr std::string_view kSyslogBack = "PD0612";
inline constexpr std::string_view kFileFailed = "PD0621";
inline constexpr std::string_view kFileBack = "PD0622";
inline constexpr std::string_view kFileShrank = "PD0623";       // lines may be lost
inline constexpr std::string_view kFileReplaced = "PD0624";     // or removed: the same
inline constexpr std::string_view kLinesComeAgain = "PD0625";   // those that were written last
inline constexpr std::string_view kHookFailed = "PD0631";       // comes again by the schedule
inline constexpr std::string_view kHookTimedOut = "PD0632";     // the same
inline constexpr std::string_view kHookRefused = "PD0633";      // exit 65 or 100: a dead letter
inline constexpr std::string_view kHookOutput = "PD0634";       // what a run printed
inline constexpr std::string_view kHookInterrupted = "PD0635";  // by the dispatcher's end
inline constexpr std::string_view kHookWaits = "PD0636";        // the system starts no program now
inline constexpr std::string_view kHookLimits = "PD0637";       // a limit could not be set
inline constexpr std::string_view kStreamNotReady = "PD0638";   // events wait for the program
inline constexpr std::string_view kStreamEnded = "PD0639";      // by itself, between two events
inline constexpr std::string_view kStreamBack = "PD0640";       // it is ready again
inline constexpr std::string_view kDeadLetter = "PD0651";       // tried for too long
inline constexpr std::string_view kSinkGone = "PD0652";         // its events are dead letters now
inline constexpr std::string_view kSinkFails = "PD0653";        // for every event: it gets a rest
inline constexpr std::string_view kSinkWorks = "PD0654";        // again
inline constexpr std::string_view kShortened = "PD0655";        // a line has not the whole event
inline constexpr std::string_view kSinkHangs = "PD0656";        // in the kernel: its events wait
inline constexpr std::string_view kSinkCameBack = "PD0657";
}  // namespace log_id

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
