// File: lib/delivery/syslog_connection.h
//
// The socket of the syslog daemon behind a path such as /dev/log: hands over one message after the
// other, and says why it can't. Use it where a message must not be lost for a daemon that is busy.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "lib/delivery/system_file.h"

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

  // Hands `message` over whole or not at all. Connects when that is needed, and once more when the
  // daemon was replaced since.
  Sent send(std::string_view message);

  // Behind kFull: waits until the daemon has taken a message from its queue, or is gone, for at
  // most `time`. False when that has passed. Linux wakes whoever polls a connected datagram socket
  // when the peer's queue is no longer full (unix(7), poll(2)).
  bool wait_for_room(std::chrono::milliseconds time);

  // The next send() connects anew: to whoever listens at the path then.
  void close() { socket_.reset(); }

  // errno of the last send() that was not kYes.
  int error() const { return error_; }

 private:
  bool connect();

  const std::string path_;
  Descriptor socket_;
  int error_ = 0;
};

}  // namespace plivo_dial
