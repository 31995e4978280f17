// SPDX-License-Identifier: Apache-2.0
#include "lib/log/log.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <utility>

#include "lib/base/syslog_connection.h"

namespace plivo_dial {
namespace {

// "Mon Nov 23 14:35:01.123456 2026" in local time, as httpd writes it.
std::string time_stamp() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  std::tm local{};
  localtime_r(&now.tv_sec, &local);
  std::array<char, 64> day{};
  strftime(day.data(), day.size(), "%a %b %d %H:%M:%S.", &local);
  constexpr long kMillion = 1'000'000;
  const std::string fraction = std::to_string(kMillion + now.tv_nsec / 1000).substr(1);
  return day.data() + fraction + " " + std::to_string(local.tm_year + 1900);
}

// RFC 5424, table 2.
int severity(LogLevel level) {
  switch (level) {
    case LogLevel::kError:
      return 3;
    case LogLevel::kWarning:
      return 4;
    case LogLevel::kNotice:
      return 5;
    case LogLevel::kInfo:
      return 6;
  }
  return 6;
}

}  // namespace

void DispatcherLog::write(LogLevel level, std::string_view id, std::string_view text) {
  if (level > level_) return;
  const std::string words = std::string(id) + ": " + std::string(text);
  if (send_to_syslog(level, words)) return;
  const std::string line = "[" + time_stamp() + "] [plivo_dial:" + std::string(to_string(level)) +
                           "] [pid " + std::to_string(getpid()) + "] " + words + "\n";
  while (::write(STDERR_FILENO, line.data(), line.size()) < 0 && errno == EINTR) {
  }
}

void DispatcherLog::set_facility(int facility, std::string socket) {
  const MutexLock guard(mutex_);
  facility_ = facility;
  socket_path_ = std::move(socket);
}

// Lines are rare: a connection for each one survives a daemon that was restarted.
bool DispatcherLog::send_to_syslog(LogLevel level, std::string_view line) {
  const MutexLock guard(mutex_);
  if (facility_ == kNoFacility) return false;
  const std::string message = "<" + std::to_string(facility_ * 8 + severity(level)) +
                              ">plivo-diald[" + std::to_string(getpid()) +
                              "]: " + std::string(line);
  return SyslogConnection(socket_path_).send(message) == SyslogConnection::Sent::kYes;
}

std::string escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\') {
      out += "\\\\";
    } else if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

}  // namespace plivo_dial
