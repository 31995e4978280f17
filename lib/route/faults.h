// File: lib/route/faults.h
//
// What is wrong with a file that people write: each fault with its line. A file of 100,000 lines
// that was exported wrongly has 100,000 faults; the first are told, the others counted.
//
//   Faults faults;
//   faults.add(12, "\"4155550111\" is not a phone number in E.164, ...");
//   faults.sentences("/etc/apache2/plivo/numbers.txt").front()
//       -> "/etc/apache2/plivo/numbers.txt:12: \"4155550111\" is not a phone number in E.164, ..."
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace plivo_dial {

struct Fault {
  std::size_t line;     // from 1
  std::string message;  // names the value and the remedy, not the line

  friend bool operator==(const Fault&, const Fault&) = default;
};

class Faults {
 public:
  static constexpr std::size_t kMostTold = 100;

  void add(std::size_t line, std::string message);

  bool empty() const { return count_ == 0; }
  std::size_t count() const { return count_; }  // of all
  const std::vector<Fault>& told() const { return told_; }

  // For the log and for people: a sentence for each that is told, in the order of the lines, and
  // one for the number of the others.
  std::vector<std::string> sentences(std::string_view file) const;

 private:
  std::vector<Fault> told_;
  std::size_t count_ = 0;
};

}  // namespace plivo_dial
