// What a queue of ten datagrams, as a new network namespace has it, leaves of the syslog sink's
// pace, against a sender whose socket blocks. The reader writes each line to a file, as daemons do.
//
// usage: syslog_bench [ROUNDS [EVENTS]]
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "lib/base/system_file.h"
#include "lib/event/syslog_line.h"
#include "lib/settings/sink_arguments.h"
#include "lib/sink/make_sink.h"
#include "lib/sink/sink.h"

namespace plivo_dial {
namespace {

using Clock = std::chrono::steady_clock;

class Silence : public Log {
 public:
  void write(LogLevel, std::string_view, std::string_view) override {}
};

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  return address;
}

// Reads `count` datagrams at `path` and appends each to a file.
class Reader {
 public:
  Reader(const std::string& path, int count) : count_(count) {
    const sockaddr_un address = address_of(path);
    if (bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
      std::perror(path.c_str());
      std::exit(1);
    }
    file_.reset(open((path + ".log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    thread_ = std::thread([this] { read_all(); });
  }
  void join() { thread_.join(); }

 private:
  void read_all() {
    std::vector<char> buffer(65536);
    for (int i = 0; i < count_; ++i) {
      const ssize_t got = recv(socket_.get(), buffer.data(), buffer.size() - 1, 0);
      if (got < 0) return std::perror("recv");
      buffer[static_cast<std::size_t>(got)] = '\n';
      if (write(file_.get(), buffer.data(), static_cast<std::size_t>(got) + 1) < 0) return;
    }
  }

  const int count_;
  Descriptor socket_{socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  Descriptor file_;
  std::thread thread_;
};

Event sample() {
  Event event;
  event.id = "01k9x4mq2rabcdefghjkmnpqrs";
  event.received_us = 1'795'000'000'000'000;
  event.event = "dial.result";
  event.endpoint = "action";
  event.call = "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21";
  event.from = "14155550100";
  event.to = "14155550199";
  event.dial_status = "completed";
  event.node = "pbx";
  return event;
}

double seconds_by_sink(const std::string& path, int count) {
  const std::vector<std::string> words = {"log", "syslog:local0", "socket=" + path};
  const std::vector<std::string_view> views(words.begin(), words.end());
  Silence log;
  const std::unique_ptr<Sink> sink = make_syslog_sink(*parse_sink(views), log);
  Stop stop;
  const Event event = sample();
  Reader reader(path, count);
  const Clock::time_point begin = Clock::now();
  for (int sent = 0; sent < count;) {
    const Attempt attempt = sink->attempt(event, stop);
    if (attempt.outcome == Attempt::Outcome::kDone) {
      ++sent;
    } else {
      std::this_thread::sleep_for(attempt.delay);
    }
  }
  reader.join();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double seconds_by_blocking_sender(const std::string& path, int count) {
  const Event event = sample();
  Reader reader(path, count);
  const Clock::time_point begin = Clock::now();
  const Descriptor sender(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address = address_of(path);
  if (connect(sender.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    std::perror("connect");
    std::exit(1);
  }
  for (int i = 0; i < count; ++i) {
    const std::string line = to_syslog_line(event, {});
    if (send(sender.get(), line.data(), line.size(), MSG_NOSIGNAL) < 0) std::perror("send");
  }
  reader.join();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

int run(int rounds, int count) {
  if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
    std::perror("skipped: no network namespace, so no queue of ten");
    return 0;
  }
  std::string directory = std::filesystem::temp_directory_path() / "plivo-syslog-XXXXXX";
  if (mkdtemp(directory.data()) == nullptr) return 1;
  std::vector<double> ratios;
  for (int i = 0; i < rounds; ++i) {
    const std::string path = directory + "/" + std::to_string(i);
    const double blocking = seconds_by_blocking_sender(path + "b", count);
    const double sink = seconds_by_sink(path + "s", count);
    std::printf("%d events: blocking sender %.0f/s, sink %.0f/s\n", count, count / blocking,
                count / sink);
    ratios.push_back(blocking / sink);
  }
  std::filesystem::remove_all(directory);
  std::sort(ratios.begin(), ratios.end());
  std::printf("ratio, median of %d rounds: %.3f (%.3f to %.3f)\n", rounds,
              ratios[ratios.size() / 2], ratios.front(), ratios.back());
  return 0;
}

}  // namespace
}  // namespace plivo_dial

int main(int count, char** arguments) {
  const int rounds = count > 1 ? std::atoi(arguments[1]) : 5;
  const int events = count > 2 ? std::atoi(arguments[2]) : 20'000;
  if (rounds > 0 && events > 0) return plivo_dial::run(rounds, events);
  std::fprintf(stderr, "usage: syslog_bench [ROUNDS [EVENTS]]\n");
  return 64;
}
