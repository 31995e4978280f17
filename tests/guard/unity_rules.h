// File: tests/guard/unity_rules.h
//
// What the sources of one directory owe each other, since they are compiled as one
// (PLIVO_DIAL_UNITY): a function of a nameless namespace must not be chosen for a call in another
// file.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plivo_dial::test {

// Collects names, file by file. For one thread.
class UnityRules {
 public:
  // `text` is the content of the source or header at `path`, relative to the project.
  void add(std::string_view path, std::string_view text);

  // Each name of a nameless namespace that a compiler may take for another, or another for it,
  // without a word: a function that another source of the same directory has, too, where a text, a
  // number or a path would fit both; and a function of that kind or a constant that hides one of a
  // header of the same directory or of lib/. Overloads for classes of ours can't be taken for one
  // another, and pass.
  std::vector<std::string> violations() const;

 private:
  struct Name {
    std::string directory;
    std::string name;
    std::string path;
    std::size_t line;
    bool is_function;
    bool in_header;
  };
  bool collide(const Name& own, const Name& other) const;

  std::vector<Name> names_;
};

}  // namespace plivo_dial::test
