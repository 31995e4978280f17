// SPDX-License-Identifier: Apache-2.0
//
// What a webhook costs in a real httpd, as a ratio against a handler that does nothing, in the same
// run: each round asks all kinds one after the other, over connections that stay open. The spool is
// below $TMPDIR, or /tmp. PlivoDispatcher is Off, since it would use the same processors.
//
// usage: httpd_bench [SECONDS [ROUNDS [CLIENTS]]]      of each kind in a round; 2, 5, 4
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kRequestsOfAClient = 200;  // different ones, sent round and round

constexpr const char* kEmptyLocation = R"(
LoadModule bench_empty_module ")" EMPTY_HANDLER_FILE R"("
<Location "/empty">
    SetHandler bench-empty
</Location>
PlivoSpool "${ROOT}/spool"
PlivoDispatcher Off
LogLevel error
)";

constexpr const char* kUnsignedLocation = R"(
<Location "/open">
    SetHandler plivo-dial
    PlivoSignature Off
    PlivoSpeak "Connecting your call.."
    PlivoDial +14155550100
</Location>
)";

struct Kind {
  const char* name;
  const char* path;
  const char* example;  // of tests/data/plivo-examples.txt
  bool is_signed;
};

constexpr Kind kKinds[] = {
    {"empty handler", "/empty", "A1", false},
    {"answer, PlivoSignature Off", "/open", "A1", false},
    {"answer, signed", "/dialstatus", "A1", true},
    {"action, signed", "/dialstatus/action", "D2", true},
    {"callback, signed", "/dialstatus/callback", "E1", true},
};

std::string wire_form(const Kind& kind) {
  HttpRequest request = fresh_webhook(kind.path, kind.example);
  if (kind.is_signed) request = sign_request(request);
  std::string text = request.method + " " + request.path + " HTTP/1.1\r\nHost: pbx.example.com\r\n";
  for (const std::string& header : request.headers) text += header + "\r\n";
  return text + "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" +
         request.body;
}

// One connection that stays open.
class Connection {
 public:
  explicit Connection(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail();
  }
  ~Connection() { close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Throws unless the reply is 200.
  void exchange(const std::string& request) {
    if (send(socket_, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      fail();
    }
    reply_.clear();
    std::size_t head = std::string::npos;
    while (head == std::string::npos) {
      read_some();
      head = reply_.find("\r\n\r\n");
    }
    const std::size_t length = reply_.find("\r\nContent-Length: ");
    if (!reply_.starts_with("HTTP/1.1 200 ") || length == std::string::npos) {
      throw std::runtime_error("not a reply to be measured: " + reply_);
    }
    const std::size_t whole = head + 4 + std::strtoul(&reply_[length + 18], nullptr, 10);
    while (reply_.size() < whole) read_some();
  }

 private:
  [[noreturn]] static void fail() { throw std::runtime_error(std::strerror(errno)); }

  void read_some() {
    char buffer[4096];
    const ssize_t got = recv(socket_, buffer, sizeof buffer, 0);
    if (got <= 0) fail();
    reply_.append(buffer, static_cast<std::size_t>(got));
  }

  const int socket_;
  std::string reply_;
};

// What one round of one kind gave.
struct Measurement {
  double requests_per_second = 0;
  double p50 = 0;  // milliseconds
  double p99 = 0;
};

void run_client(int port, const std::vector<std::string>& requests, Clock::time_point end,
                std::vector<double>& times) {
  Connection connection(port);
  for (std::size_t i = 0; Clock::now() < end; ++i) {
    const Clock::time_point start = Clock::now();
    connection.exchange(requests[i % requests.size()]);
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
}

Measurement measure(int port, const Kind& kind, double seconds, std::size_t clients) {
  std::vector<std::vector<std::string>> requests(clients);
  for (std::vector<std::string>& of_one : requests) {
    for (std::size_t i = 0; i < kRequestsOfAClient; ++i) of_one.push_back(wire_form(kind));
  }
  std::vector<std::vector<double>> times(clients);
  std::vector<std::thread> threads;
  std::atomic<bool> failed = false;
  const Clock::time_point end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                                   std::chrono::duration<double>(seconds));
  for (std::size_t i = 0; i < clients; ++i) {
    threads.emplace_back([&, i] {
      try {
        run_client(port, requests[i], end, times[i]);
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s: %s\n", kind.name, error.what());
        failed = true;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (failed) throw std::runtime_error("a request failed");
  std::vector<double> all;
  for (const std::vector<double>& of_one : times)
    all.insert(all.end(), of_one.begin(), of_one.end());
  std::sort(all.begin(), all.end());
  return {static_cast<double>(all.size()) / seconds, all[all.size() / 2],
          all[all.size() * 99 / 100]};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Rounds of all kinds, so that whatever else the machine does falls on all of them.
void compare(int port, double seconds, int rounds, std::size_t clients) {
  std::vector<std::vector<Measurement>> measured(std::size(kKinds));
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < std::size(kKinds); ++i) {
      measured[i].push_back(measure(port, kKinds[i], seconds, clients));
    }
  }
  std::printf("%zu clients, %d rounds of %.2f s each; medians of the rounds\n", clients, rounds,
              seconds);
  std::printf("%-28s %12s %8s %10s %10s\n", "", "requests/s", "ratio", "p50 ms", "p99 ms");
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    std::vector<double> rates, ratios, p50, p99;
    for (std::size_t round = 0; round < measured[i].size(); ++round) {
      const Measurement& one = measured[i][round];
      rates.push_back(one.requests_per_second);
      ratios.push_back(one.requests_per_second / measured[0][round].requests_per_second);
      p50.push_back(one.p50);
      p99.push_back(one.p99);
    }
    std::printf("%-28s %12.0f %8.2f %10.3f %10.3f\n", kKinds[i].name, median(rates), median(ratios),
                median(p50), median(p99));
  }
}

int run(int argument_count, char** arguments) {
  const double seconds = argument_count > 1 ? std::atof(arguments[1]) : 2;
  const int rounds = argument_count > 2 ? std::atoi(arguments[2]) : 5;
  const int clients = argument_count > 3 ? std::atoi(arguments[3]) : 4;
  if (seconds <= 0 || rounds <= 0 || clients <= 0) {
    std::fprintf(stderr, "usage: httpd_bench [SECONDS [ROUNDS [CLIENTS]]]\n");
    return 2;
  }
  SignedServer server;
  if (!server.httpd.start(kEmptyLocation + signed_configuration() + kUnsignedLocation)) return 1;
  compare(server.httpd.port(), seconds, rounds, static_cast<std::size_t>(clients));
  return 0;
}

}  // namespace
}  // namespace plivo_dial::test

int main(int argument_count, char** arguments) {
  testing::InitGoogleTest(&argument_count, arguments);
  try {
    const int status = plivo_dial::test::run(argument_count, arguments);
    return testing::UnitTest::GetInstance()->Failed() ? 1 : status;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "httpd_bench: %s\n", error.what());
    return 1;
  }
}
