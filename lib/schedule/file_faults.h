// File: lib/schedule/file_faults.h
//
// What is wrong with a file that was read: all of it, so that it is mended at once, up to a number
// that still helps.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plivo_dial {

struct FileFault {
  int line = 0;  // 0: the file as a whole
  std::string message;

  friend bool operator==(const FileFault&, const FileFault&) = default;
};

// The first kMost faults of one file, and how many there are in all.
class FileFaults {
 public:
  static constexpr std::size_t kMost = 50;

  void add(int line, std::string message) {
    if (count_++ < kMost) faults_.push_back({line, std::move(message)});
  }
  bool none() const { return count_ == 0; }
  std::size_t count() const { return count_; }
  const std::vector<FileFault>& first() const { return faults_; }

  // "holidays.txt:4: message" for each of the first ones, and "holidays.txt: and 3 more faults"
  // where there are more.
  std::vector<std::string> lines(std::string_view path) const {
    std::vector<std::string> lines;
    for (const FileFault& fault : faults_) {
      const std::string line = fault.line == 0 ? "" : ":" + std::to_string(fault.line);
      lines.push_back(std::string(path) + line + ": " + fault.message);
    }
    if (count_ > kMost) {
      const std::size_t more = count_ - kMost;
      lines.push_back(std::string(path) + ": and " + std::to_string(more) +
                      (more == 1 ? " more fault" : " more faults"));
    }
    return lines;
  }

 private:
  std::vector<FileFault> faults_;
  std::size_t count_ = 0;
};

}  // namespace plivo_dial
