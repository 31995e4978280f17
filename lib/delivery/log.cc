// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/log.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>

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
  const std::string microseconds = std::to_string(kMillion + now.tv_nsec / 1000).substr(1);
  return day.data() + microseconds + " " + std::to_string(local.tm_year + 1900);
}

}  // namespace

void StandardErrorLog::write(LogLevel level, std::string_view id, std::string_view text) {
  if (level > level_) return;
  std::string line = "[" + time_stamp() + "] [plivo_dial:";
  line.append(to_string(level)).append("] [pid ").append(std::to_string(getpid())).append("] ");
  line.append(id).append(": ").append(text).append("\n");
  while (::write(STDERR_FILENO, line.data(), line.size()) < 0 && errno == EINTR) {
  }
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
