// SPDX-License-Identifier: Apache-2.0
#include "tests/guard/unity_rules.h"

#include <algorithm>
#include <regex>
#include <sstream>

namespace plivo_dial::test {
namespace {

// A definition at the beginning of a line whose first parameter converts from or to others: texts,
// numbers, paths.
const std::regex& loose_function() {
  static const std::regex kPattern(
      "^[A-Za-z_][A-Za-z0-9_:<>,*& ]*[ *&]([a-z]\\w*)\\("
      "(const "
      ")?(std::(string|string_view|size_t|u?int\\d+_t|filesystem::path)|fs::path|char|int|long"
      "|unsigned|bool|double)\\b");
  return kPattern;
}

}  // namespace

void UnityRules::add(std::string_view path, std::string_view text) {
  std::istringstream lines{std::string(text)};
  std::string line;
  bool nameless = false;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (line == "namespace {") nameless = true;
    if (line == "}  // namespace") nameless = false;
    std::smatch match;
    if (!nameless || !std::regex_search(line, match, loose_function())) continue;
    const std::string_view directory = path.substr(0, path.rfind('/'));
    functions_.push_back({std::string(directory), match[1].str(), std::string(path), number});
  }
}

std::vector<std::string> UnityRules::violations() const {
  std::vector<std::string> all;
  for (const Function& function : functions_) {
    const auto other = std::find_if(functions_.begin(), functions_.end(), [&](const Function& one) {
      return one.directory == function.directory && one.name == function.name &&
             one.path < function.path;
    });
    if (other == functions_.end()) continue;
    all.push_back(function.path + ":" + std::to_string(function.line) + ": " + function.name +
                  "() has the name of another function of the same directory (" + other->path +
                  ":" + std::to_string(other->line) +
                  "), and the sources of a directory are compiled as one: give it another name, or "
                  "let both use one");
  }
  return all;
}

}  // namespace plivo_dial::test
