// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/error_log.h"

#include <algorithm>
#include <array>
#include <sstream>

namespace plivo_dial::test {
namespace {

constexpr std::array<std::string_view, 5> kAlarmingLevels = {"warn", "error", "crit", "alert",
                                                             "emerg"};
constexpr std::array<std::string_view, 7> kCrashWords = {
    "exit signal", "AH00052",       "Segmentation fault", "Assertion",
    "core dumped", "runtime error", "Sanitizer"};

bool contains(std::string_view line, std::string_view part) {
  return line.find(part) != std::string_view::npos;
}

// The level in "[date] [module:level] ..."; "" for a line without one.
std::string_view level_of(std::string_view line) {
  const std::size_t date_end = line.find("] [");
  if (line.empty() || line[0] != '[' || date_end == std::string_view::npos) return {};
  const std::size_t start = date_end + 3;
  const std::size_t end = line.find(']', start);
  const std::size_t colon = line.find(':', start);
  if (end == std::string_view::npos || colon == std::string_view::npos || colon > end) return {};
  return line.substr(colon + 1, end - colon - 1);
}

bool matches_one_of(std::string_view line, const std::vector<std::string>& parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](const std::string& part) { return contains(line, part); });
}

// Where events may be refused, a process that starts may find the same out when it tries the spool.
bool is_refusal_foreseen(std::string_view line, const LogAnnouncement& announced) {
  const auto is_refusal = [](const std::string& part) { return part.starts_with("PD0511"); };
  return contains(line, "PD0513: ") &&
         (std::any_of(announced.expected.begin(), announced.expected.end(), is_refusal) ||
          std::any_of(announced.allowed.begin(), announced.allowed.end(), is_refusal));
}

}  // namespace

bool is_alarming(std::string_view line) {
  if (line.empty()) return false;
  const auto in_line = [&](std::string_view word) { return contains(line, word); };
  if (std::any_of(kCrashWords.begin(), kCrashWords.end(), in_line)) return true;
  const std::string_view level = level_of(line);
  return level.empty() ||
         std::find(kAlarmingLevels.begin(), kAlarmingLevels.end(), level) != kAlarmingLevels.end();
}

std::vector<std::string> judge_error_log(std::string_view log, const LogAnnouncement& announced) {
  std::vector<std::string> complaints;
  std::vector<std::string> missing = announced.expected;
  while (!log.empty()) {
    const std::string_view line = log.substr(0, log.find('\n'));
    log.remove_prefix(std::min(log.size(), line.size() + 1));
    std::erase_if(missing, [&](const std::string& part) { return contains(line, part); });
    if (is_alarming(line) && !matches_one_of(line, announced.expected) &&
        !matches_one_of(line, announced.allowed) && !is_refusal_foreseen(line, announced)) {
      complaints.push_back("not announced in the error log: " + std::string(line));
    }
  }
  for (const std::string& part : missing) {
    complaints.push_back("expected in the error log, but absent: " + part);
  }
  return complaints;
}

std::vector<std::string> lines_with(const std::string& text, const std::string& part) {
  std::vector<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(part) != std::string::npos) found.push_back(line);
  }
  return found;
}

}  // namespace plivo_dial::test
