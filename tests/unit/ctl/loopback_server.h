// File: tests/unit/ctl/loopback_server.h
//
// A socket on 127.0.0.1 that answers each connection with one canned reply, for tests of the real
// HTTP client.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <thread>

namespace plivo_dial::ctl {

class LoopbackServer {
 public:
  // Answers one connection with `reply`, bytes as they are; "" closes it without a word.
  explicit LoopbackServer(std::string reply);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::string url(const std::string& path) const;

  // The request as it came; call it once the client has its reply.
  std::string request();

 private:
  void serve();

  std::string reply_;
  std::string request_;
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
};

// A port of 127.0.0.1 on which nobody listens as long as the object lives.
class ClosedPort {
 public:
  ClosedPort();
  ~ClosedPort();
  ClosedPort(const ClosedPort&) = delete;
  ClosedPort& operator=(const ClosedPort&) = delete;

  std::string url(const std::string& path) const;

 private:
  int socket_ = -1;
  int port_ = 0;
};

}  // namespace plivo_dial::ctl
