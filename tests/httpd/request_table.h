// File: tests/httpd/request_table.h
//
// The table of mod_plivo_dial(5) that says what a request is about, as it stands in the manual.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace plivo_dial::test {

// What is said of one kind of request at one endpoint's URL.
struct RequestRow {
  std::string kind;       // of `plivo-dialctl call --report`
  std::string at;         // "answer"
  std::string event;      // "refused" for none
  std::string document;   // "plan", "next", "fallback", "empty", "hangup", "none", "400"
  std::size_t again = 0;  // events, when it is sent twice
};

// A row for each kind and URL, in the manual's order. Throws std::runtime_error where the table is
// missing or has a row that can't be read.
std::vector<RequestRow> request_table();

}  // namespace plivo_dial::test
