// File: tests/guard/include_graph.h
//
// Who includes whom, over the whole product: circles of units (a header with its .cc), rooms that
// have grown too large, and sources of lib/ without a header of their own.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace plivo_dial::test {

class IncludeGraph {
 public:
  // The file at `path` ("lib/plan/plan.h", relative to the project) with content `text`.
  void add(std::string_view path, std::string_view text);

  // What is wrong, in words.
  std::vector<std::string> violations() const;

  // The most files that a folder may hold.
  static constexpr std::size_t kMostFiles = 40;

 private:
  std::vector<std::string> circles() const;

  std::map<std::string, std::set<std::string>> includes_;  // of units, by unit
  std::map<std::string, std::size_t> files_;               // by folder
  std::set<std::string> headers_;                          // units that have one
  std::set<std::string> sources_;                          // units of lib/ that have a .cc
};

}  // namespace plivo_dial::test
