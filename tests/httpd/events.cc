// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/events.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

// Keeps standard input and environment; each file appears whole, under its final name. Two runs
// for one event make two files.
constexpr std::string_view kHook = R"(#!/bin/sh
directory=$1
run="$directory/run-${PLIVO_EVENT_ID:-unknown}-$$"
env > "$run.env" && cat > "$run.part" && mv "$run.part" "$run.json"
)";

std::vector<std::string> ids_of(const std::vector<nlohmann::json>& events) {
  std::vector<std::string> ids;
  for (const nlohmann::json& event : events) ids.push_back(event.value("id", "none"));
  return ids;
}

std::vector<std::string> ids_of(const std::vector<HookRun>& runs) {
  std::vector<std::string> ids;
  for (const HookRun& run : runs) ids.push_back(run.event.value("id", "none"));
  return ids;
}

std::vector<std::string> ids_of(const std::vector<std::string>& lines) {
  std::vector<std::string> ids;
  for (const std::string& line : lines) ids.push_back(syslog_field(line, "id"));
  return ids;
}

std::map<std::string, std::string> read_environment(const std::string& path) {
  std::map<std::string, std::string> environment;
  std::istringstream lines(read_file(path));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t equals = line.find('=');
    if (equals != std::string::npos) environment[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return environment;
}

}  // namespace

SyslogSocket::SyslogSocket(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long: " + path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      chmod(path.c_str(), 0666) != 0) {
    throw std::runtime_error("can't listen at " + path);
  }
  receiver_ = std::thread([this] { receive(); });
}

SyslogSocket::~SyslogSocket() {
  stopping_ = true;
  receiver_.join();
  close(socket_);
}

void SyslogSocket::receive() {
  std::vector<char> buffer(65536);
  while (!stopping_) {
    pollfd readable = {socket_, POLLIN, 0};
    if (poll(&readable, 1, 50) != 1) continue;
    const ssize_t length = recv(socket_, buffer.data(), buffer.size(), 0);
    if (length < 0) continue;
    const std::lock_guard<std::mutex> lock(mutex_);
    lines_.emplace_back(buffer.data(), static_cast<std::size_t>(length));
  }
}

std::vector<std::string> SyslogSocket::lines() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return lines_;
}

std::string syslog_field(const std::string& line, const std::string& name) {
  // Pairs are separated by spaces; a value with a space in it stands in quotes, with \ escapes.
  std::size_t at = line.find(": ") + 2;
  while (at < line.size()) {
    const std::size_t equals = line.find('=', at);
    if (equals == std::string::npos) return "";
    std::size_t end = equals + 1;
    bool quoted = false;
    for (; end < line.size() && (quoted || line[end] != ' '); ++end) {
      if (line[end] == '"') quoted = !quoted;
      if (line[end] == '\\') ++end;
    }
    if (line.substr(at, equals - at) == name) return line.substr(equals + 1, end - equals - 1);
    at = end + 1;
  }
  return "";
}

EventSinks::EventSinks(ServerRoot& files)
    : root_(files.path()), syslog_(files.path() + "/syslog.sock") {
  files.write_file("hook/keep", kHook, 0755);
}

std::string EventSinks::directives() {
  return R"(
PlivoSpool "${ROOT}/spool"
PlivoDispatcher On "${DIALD}"
PlivoEventSink log syslog:local0 "socket=${ROOT}/syslog.sock"
PlivoEventSink hook "exec:${ROOT}/hook/keep ${ROOT}/events"
PlivoEventSink file "file:${ROOT}/events/events.json"
)";
}

std::vector<nlohmann::json> EventSinks::in_file() const {
  std::vector<nlohmann::json> events;
  std::istringstream lines(read_file(root_ + "/events/events.json"));
  for (std::string line; std::getline(lines, line);) {
    // The last line may be half written at this moment.
    if (lines.eof()) break;
    events.push_back(nlohmann::json::parse(line));
  }
  return events;
}

std::vector<HookRun> EventSinks::in_hook() const {
  std::vector<HookRun> runs;
  for (const auto& entry : std::filesystem::directory_iterator(root_ + "/events")) {
    std::filesystem::path path = entry.path();
    if (path.extension() != ".json" || !path.filename().string().starts_with("run-")) continue;
    HookRun run;
    run.event = nlohmann::json::parse(read_file(path));
    run.environment = read_environment(path.replace_extension(".env"));
    runs.push_back(std::move(run));
  }
  return runs;
}

std::vector<nlohmann::json> EventSinks::expect_events(std::size_t count, Repeats repeats) const {
  const auto in_order = [repeats](std::vector<std::string> ids) {
    std::sort(ids.begin(), ids.end());
    if (repeats == Repeats::kAllowed) ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
  };
  std::vector<std::string> file;
  std::vector<std::string> hook;
  std::vector<std::string> log;
  std::vector<nlohmann::json> events;
  const bool complete = wait_for([&] {
    events = in_file();
    file = in_order(ids_of(events));
    hook = in_order(ids_of(in_hook()));
    log = in_order(ids_of(in_syslog()));
    return file.size() >= count && hook.size() >= count && log.size() >= count;
  });
  EXPECT_TRUE(complete) << "the sinks had less than " << count << " events";
  EXPECT_EQ(file.size(), count);
  EXPECT_EQ(std::adjacent_find(file.begin(), file.end()), file.end()) << "an id came twice";
  EXPECT_EQ(log, file) << "syslog and file differ";
  EXPECT_EQ(hook, file) << "hook and file differ";
  return events;
}

}  // namespace plivo_dial::test
