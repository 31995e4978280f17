// File: tests/guard/unity_rules.h
//
// What the sources of one directory owe each other, since they are compiled as one
// (PLIVO_DIAL_UNITY): a function of a nameless namespace must not be chosen for a call in another
// file. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plivo_dial::test {

// Collects the functions in nameless namespaces, file by file. For one thread.
class UnityRules {
 public:
  // `text` is the content of the source at `path`, relative to the project.
  void add(std::string_view path, std::string_view text);

  // Each function whose name another file of the same directory has for one of its own, where a
  // text, a number or a path would fit both: a compiler chooses between those without a word.
  // Overloads for classes of ours can't be taken for one another, and pass.
  std::vector<std::string> violations() const;

 private:
  struct Function {
    std::string directory;
    std::string name;
    std::string path;
    std::size_t line;
  };
  std::vector<Function> functions_;
};

}  // namespace plivo_dial::test
