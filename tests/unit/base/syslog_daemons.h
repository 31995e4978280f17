// File: tests/unit/base/syslog_daemons.h
//
// Sockets such as those of syslog daemons, of both types, and what arrives there.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "lib/base/system_file.h"

namespace plivo_dial {

// A socket of that type at `path`, where no other is any more.
inline Descriptor socket_at(const std::string& path, int type) {
  unlink(path.c_str());
  Descriptor daemon(socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  EXPECT_EQ(bind(daemon.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  return daemon;
}

// A daemon's socket of datagrams.
inline Descriptor listen_at(const std::string& path) {
  return socket_at(path, SOCK_DGRAM);
}

// The next datagram; "" when there is none.
inline std::string receive(const Descriptor& daemon) {
  char buffer[65536];
  const ssize_t got = recv(daemon.get(), buffer, sizeof(buffer), 0);
  return got < 0 ? "" : std::string(buffer, static_cast<std::size_t>(got));
}

// A daemon whose socket is a stream, as syslog-ng's unix-stream() is: a NUL ends each message.
class StreamDaemon {
 public:
  explicit StreamDaemon(const std::string& path) : listener_(socket_at(path, SOCK_STREAM)) {
    EXPECT_EQ(listen(listener_.get(), 5), 0);
  }

  // The messages that have come since the last call; what ends in no NUL is kept for the next.
  std::vector<std::string> messages() {
    if (!peer_.valid()) peer_.reset(accept(listener_.get(), nullptr, nullptr));
    char buffer[4096];
    ssize_t got = 0;
    while ((got = recv(peer_.get(), buffer, sizeof(buffer), MSG_DONTWAIT)) > 0) {
      bytes_.append(buffer, static_cast<std::size_t>(got));
    }
    std::vector<std::string> messages;
    for (std::size_t end = 0; (end = bytes_.find('\0')) != std::string::npos;) {
      messages.push_back(bytes_.substr(0, end));
      bytes_.erase(0, end + 1);
    }
    return messages;
  }
  const std::string& begun() const { return bytes_; }

 private:
  Descriptor listener_;
  Descriptor peer_;
  std::string bytes_;
};

}  // namespace plivo_dial
