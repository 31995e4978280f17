// File: tests/guard/manual_names.h
//
// What the program has and what the manual describes, as sets of names, to be compared: directives
// and their keys, message ids, notes for LogFormat, fields of events, options of commands. The
// program's side is read off the program itself (tables, error messages, --help, output) or, where
// that isn't possible, off its sources.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace plivo_dial::test {

using Names = std::set<std::string>;

// One kind of thing that must be in both.
struct Subject {
  const char* name;
  Names (*program)();              // throws std::runtime_error when the program can't be read
  std::vector<std::string> pages;  // below mod_plivo_dial/manual, "directives/" for all of it
  std::string_view opening;        // what stands before the name in a page: "[[field-"
};

// For GoogleTest.
void PrintTo(const Subject& subject, std::ostream* out);

// All of them.
std::vector<Subject> subjects();

// The text of the pages of `subject`, one after the other.
std::string text_of(const Subject& subject);

// The names that stand between `opening` and the next ']' of `text`.
Names names_behind(std::string_view opening, std::string_view text);

// A complaint for each name that only one side has.
std::vector<std::string> differences(const Names& program, const Names& manual);

// The whole content of a file of the source tree. Throws std::runtime_error.
std::string source(const std::string& path);

}  // namespace plivo_dial::test
