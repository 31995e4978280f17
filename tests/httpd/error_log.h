// File: tests/httpd/error_log.h
//
// The gate that every test passes through at its end: an error log may hold only what the test
// announced. Use judge_error_log on the whole text of a server's log. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plivo_dial::test {

// What a test says about the lines of level warn or worse. A substring matches a line.
struct LogAnnouncement {
  std::vector<std::string> expected = {};  // must be there
  std::vector<std::string> allowed = {};   // may be there
};

// Whether `line` is of level warn or worse, speaks of a crash, or is not in httpd's format at all
// (something wrote to stderr).
bool is_alarming(std::string_view line);

// One sentence for each alarming line that was not announced, and for each expected one that is
// absent. Empty when all is well.
std::vector<std::string> judge_error_log(std::string_view log, const LogAnnouncement& announced);

// The lines of `text` that have `part`.
std::vector<std::string> lines_with(const std::string& text, const std::string& part);

}  // namespace plivo_dial::test
