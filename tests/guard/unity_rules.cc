// SPDX-License-Identifier: Apache-2.0
#include "tests/guard/unity_rules.h"

#include <algorithm>
#include <regex>
#include <sstream>

namespace plivo_dial::test {
namespace {

// A function at the beginning of a line whose first parameter converts from or to others: texts,
// numbers, paths.
const std::regex& loose_function() {
  static const std::regex kPattern(
      "^[A-Za-z_][A-Za-z0-9_:<>,*& ]*[ *&]([a-z]\\w*)\\("
      "(const "
      ")?(std::(string|string_view|size_t|u?int\\d+_t|filesystem::path)|fs::path|char|int|long"
      "|unsigned|bool|double)\\b");
  return kPattern;
}

const std::regex& constant() {
  static const std::regex kPattern(
      "^(inline )?(constexpr|const) .*?\\b(k[A-Z]\\w*)(\\[\\w*\\])?( =|\\{|;)");
  return kPattern;
}

// Programs of tests that share a directory are compiled one by one.
bool is_one_program(std::string_view directory) {
  return !directory.starts_with("tests/") || directory.starts_with("tests/unit/");
}

}  // namespace

void UnityRules::add(std::string_view path, std::string_view text) {
  const std::string directory(path.substr(0, path.rfind('/')));
  const bool header = path.ends_with(".h");
  std::istringstream lines{std::string(text)};
  std::string line;
  bool of_interest = header;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (!header && line == "namespace {") of_interest = true;
    if (!header && line == "}  // namespace") of_interest = false;
    // What stands in a namespace of its own is called by that.
    static const std::regex kOwn("^(namespace|}  // namespace) (?!plivo_dial\\b)\\w+( \\{)?$");
    if (header && std::regex_search(line, kOwn)) of_interest = line.starts_with('}');
    if (!of_interest) continue;
    std::smatch match;
    const auto keep = [&](int group, bool is_function) {
      names_.push_back(
          {directory, match[group].str(), std::string(path), number, is_function, header});
    };
    if (std::regex_search(line, match, loose_function())) {
      keep(1, true);
    } else if (std::regex_search(line, match, constant())) {
      keep(3, false);
    }
  }
}

bool UnityRules::collide(const Name& own, const Name& other) const {
  if (own.name != other.name || own.is_function != other.is_function) return false;
  const bool near = own.directory == other.directory;
  if (other.in_header) return near || other.directory.starts_with("lib/");
  // The compiler itself refuses a second constant.
  return near && own.is_function && is_one_program(own.directory) && other.path < own.path;
}

std::vector<std::string> UnityRules::violations() const {
  std::vector<std::string> all;
  for (const Name& own : names_) {
    if (own.in_header) continue;
    const auto other = std::find_if(names_.begin(), names_.end(),
                                    [&](const Name& name) { return collide(own, name); });
    if (other == names_.end()) continue;
    all.push_back(own.path + ":" + std::to_string(own.line) + ": " + own.name + " is the name of " +
                  other->path + ":" + std::to_string(other->line) +
                  ", too, and the sources of a directory are compiled as one: give it another "
                  "name, or let both use one");
  }
  return all;
}

}  // namespace plivo_dial::test
