// File: tests/fault/callers.h
//
// Plivo, as a server under fault sees it: ever new calls whose events come in, and an exact account
// of what was answered to each.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tests/httpd/examples.h"
#include "tests/httpd/load.h"

namespace plivo_dial::test {

// What was answered to the one event of a call.
struct AnsweredCall {
  std::string call;  // its UUID
  std::string path;
  long status = 0;  // 0: no reply
  std::chrono::microseconds took{0};
  std::int64_t answered_ns = 0;  // when it was, or a moment later; CLOCK_MONOTONIC
};

// A flow's request that names no call: nothing but its event's id tells it from another. What
// stands for the call is its B leg.
inline constexpr const char* kFlowPath = "/flow";
inline constexpr const char* kFlowConfiguration = R"(
<Location "/flow">
    SetHandler plivo-dial
    PlivoEndpoint event
    PlivoSignature Off
</Location>
)";

// Sends until stop(); each request is of a call of its own, in turn of each kind. Safe from one
// thread.
class Callers {
 public:
  struct Kind {
    std::string path;
    Example example;
  };
  // A ring, a callback, an action and a flow's request.
  static std::vector<Kind> all_kinds();
  // Without those of a flow, each of which is an event of its own when it is sent twice.
  static std::vector<Kind> kinds_with_call();

  // Without `keep_alive` no request is ever sent twice.
  struct Options {
    std::size_t clients = 4;
    bool keep_alive = false;
    std::chrono::milliseconds pause{10};  // of each client between two requests
    std::size_t padding = 0;              // bytes that each event is larger, at least
    std::vector<Kind> kinds = {};         // none: all, with `keep_alive` those with a call
  };
  explicit Callers(int port) : Callers(port, Options()) {}
  Callers(int port, const Options& options);
  ~Callers();

  // Where to go from the next request on.
  void go_to(int port) { port_ = port; }

  void stop();

  // By now.
  std::vector<AnsweredCall> calls() const;
  std::size_t accepted() const { return load_.succeeded(); }

  // Waits until `count` more were accepted than now.
  bool accept_more(std::size_t count) const;

 private:
  HttpRequest next_request(std::size_t number);
  void note(std::size_t number, const Load::Answer& answer);

  std::atomic<int> port_;
  const std::string padding_;
  const std::vector<Kind> kinds_;
  mutable std::mutex mutex_;
  std::map<std::size_t, AnsweredCall> under_way_;  // guarded by mutex_
  std::vector<AnsweredCall> calls_;                // guarded by mutex_
  Load load_;                                      // last: its threads use the rest
};

// How many have this status.
std::size_t count_status(const std::vector<AnsweredCall>& calls, long status);

// "200: 512 calls, p50 1.2 ms, p99 8.0 ms, longest 12.1 ms": of those that were answered.
std::string describe_latency(const std::vector<AnsweredCall>& calls);

// The longest that anybody waited for an answer, and what half of them did at most.
std::chrono::microseconds longest_wait(const std::vector<AnsweredCall>& calls);
std::chrono::microseconds median_wait(const std::vector<AnsweredCall>& calls);

// How many of those that were answered waited longer than `limit`: 0 to 1.
double share_over(const std::vector<AnsweredCall>& calls, std::chrono::microseconds limit);

}  // namespace plivo_dial::test
