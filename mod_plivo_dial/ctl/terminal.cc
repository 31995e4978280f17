// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace plivo_dial::ctl {
namespace {

constexpr std::size_t kUsualWidth = 80;
constexpr std::size_t kLeastWidth = 40;
constexpr std::size_t kMostWidth = 1000;

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// 0 where nobody says.
std::size_t told_width() {
  const std::string_view columns = variable("COLUMNS");
  std::size_t width = 0;
  const auto [end, error] = std::from_chars(columns.data(), columns.data() + columns.size(), width);
  const bool is_number = error == std::errc() && end == columns.data() + columns.size();
  if (is_number && width > 0) return width;
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

bool wants_colour() {
  return isatty(STDOUT_FILENO) == 1 && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

std::string painted(Colour colour, std::string_view text) {
  const auto with = [text](const char* start) { return start + std::string(text) + "\033[0m"; };
  switch (colour) {
    case Colour::kRed:
      return with("\033[31m");
    case Colour::kYellow:
      return with("\033[33m");
    case Colour::kGreen:
      return with("\033[32m");
    case Colour::kCyan:
      return with("\033[36m");
    case Colour::kNone:
      break;
  }
  return std::string(text);
}

std::size_t terminal_width() {
  const std::size_t told = told_width();
  return told == 0 ? kUsualWidth : std::clamp(told, kLeastWidth, kMostWidth);
}

}  // namespace plivo_dial::ctl
