// File: lib/event/syslog_line.h
//
// The event as a line of key=value pairs, and as a syslog datagram of the shape of RFC 3164. Use it
// for the syslog sink and wherever a person reads events with grep.
//
// Keys, in this order: received, event, call, those of fields_of_lines() (event_fields.h),
// truncated, attempt, id. received, event, call and id are always there, attempt when it is above
// 1, the others when known.
// `received` is RFC 3339 in UTC with microseconds, since syslog daemons date a local message by its
// arrival, whatever its header says. `cause` is DialHangupCause where the event has one, else the
// cause of the call or leg that ended; `digits` are those that matched digitsMatch during the talk.
//
// A value that holds a space, '"', '=', '\' or anything outside printable ASCII stands in double
// quotes, with \" and \\ and \xHH for each byte outside printable ASCII. So no value can begin a
// line or a key of its own.
//
//   to_syslog_line(event, header)       -> in one line
//       <134>Nov 20 09:15:02 plivo-dial[4711]: received=2026-11-20T09:15:02.184467Z
//       event=dial.result call=6f1d... from=14155550111 ... dial_status=busy ... id=01m7w3srn8...
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "lib/event/event.h"

namespace plivo_dial {

// The most a datagram has, header included, in bytes: less than the 8 KiB that common syslog
// daemons take.
inline constexpr std::size_t kMaxSyslogLine = 7500;

// The most that the pairs have; the rest is for the header.
inline constexpr std::size_t kMaxKeyValue = kMaxSyslogLine - 100;

// The pairs alone, at most kMaxKeyValue bytes of 0x20 to 0x7e. When they are longer, values
// of more than 256 bytes are left out, one by one until it fits, by
// EventField::left_out_of_line: digits first, the statuses last; event, call and id are cut to 256
// bytes instead; the line then says truncated=true, and `left_out` has the keys that are missing or
// cut. Safe from any thread.
std::string to_key_value(const Event& event, std::vector<std::string>* left_out = nullptr);

// What stands in front of the pairs.
struct SyslogHeader {
  int facility = 16;                    // 0 (kern) to 23 (local7); 16 is local0
  int severity = 6;                     // 0 to 7; 6 is info
  std::tm time = {};                    // the local time, as RFC 3164 wants it
  std::string_view tag = "plivo-dial";  // at most 32 bytes of it are used
  long pid = 0;
};

// "<134>Nov 20 09:15:02 plivo-dial[4711]: ", at most 100 bytes. Safe from any thread.
std::string to_text(const SyslogHeader& header);

// The pairs behind that header: at most kMaxSyslogLine bytes, no line feed. Safe from any thread.
std::string to_syslog_line(const Event& event, const SyslogHeader& header);

}  // namespace plivo_dial
