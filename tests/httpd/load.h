// File: tests/httpd/load.h
//
// Traffic while a server is being reloaded, with an exact count of what went wrong.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/httpd/http_client.h"

namespace plivo_dial::test {

// Clients that send one request after the other from construction to stop(). Half of them open a
// connection for each request. The others keep theirs alive; libcurl repeats a request on a fresh
// connection only when a reused one was closed before any byte of the reply came, and as each
// client has one connection, at most once.
class Load {
 public:
  // Makes the request of number `n` (0, 1, ... over all clients); called by several threads.
  using MakeRequest = std::function<HttpRequest(std::size_t n)>;

  struct Answer {
    long status = 0;  // 0: no reply
    std::chrono::microseconds took{0};
  };
  struct Options {
    std::size_t clients = 4;
    bool keep_alive = true;              // half of the clients; else none, and nothing is repeated
    std::chrono::milliseconds pause{0};  // of each client between two requests
    std::function<int()> port = {};      // asked before each request; none: always the same
    std::function<void(std::size_t n, const Answer&)> observe = {};  // called by several threads
  };

  Load(int port, std::size_t clients, MakeRequest make_request);
  Load(int port, Options options, MakeRequest make_request);
  ~Load() { stop(); }

  // Waits for the requests under way.
  void stop();

  // Replies with status 200 so far.
  std::size_t succeeded() const { return succeeded_; }

  // After stop(): one line for each request without reply or with another status.
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  void run_client(bool keeps_alive);

  const int port_;
  const Options options_;
  const MakeRequest make_request_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> succeeded_ = 0;
  std::mutex mutex_;
  std::vector<std::string> failures_;  // guarded by mutex_ until stop()
  std::vector<std::thread> clients_;
};

}  // namespace plivo_dial::test
