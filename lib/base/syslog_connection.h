// File: lib/base/syslog_connection.h
//
// The socket of the syslog daemon behind a path such as /dev/log: hands over one message after the
// other, and says why it can't. Use it where a message must not be lost for a daemon that is busy.
// The socket is one of datagrams or, as syslog-ng's unix-stream() makes it, a stream in which a NUL
// ends each message; syslog(3) of glibc tries both in this order, too.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "lib/base/system_file.h"

namespace plivo_dial {

// Used by one thread. Never blocks but in wait_for_room().
class SyslogConnection {
 public:
  explicit SyslogConnection(std::string path) : path_(std::move(path)) {}

  enum class Sent {
    kYes,
    kFull,  // the daemon does not keep up: wait_for_room() tells when to try again
    kNo,    // there is no daemon, or the system is out of memory: try again later
  };

  // Hands `message`, which has no NUL, over. Connects when that is needed, and once more when the
  // daemon was replaced since. A stream may have taken a part of it at kFull: when the next message
  // is another one, the rest goes before it all the same.
  Sent send(std::string_view message);

  // Behind kFull: waits until the daemon has taken a message from its queue, or is gone, for at
  // most `time`. False when that has passed. Linux wakes whoever polls a connected datagram socket
  // when the peer's queue is no longer full.
  bool wait_for_room(std::chrono::milliseconds time);

  // The next send() connects anew: to whoever listens at the path then.
  void close();

  // errno of the last send() that was not kYes.
  int error() const { return error_; }

 private:
  bool connect();
  bool connect(int type);
  bool send_some(std::string_view bytes);
  bool send_rest();

  const std::string path_;
  Descriptor socket_;
  bool is_stream_ = false;
  std::string begun_;     // a message of which a stream has a part only; or none
  std::size_t sent_ = 0;  // of its bytes
  int error_ = 0;
};

}  // namespace plivo_dial
