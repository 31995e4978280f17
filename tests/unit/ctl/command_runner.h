// File: tests/unit/ctl/command_runner.h
//
// Runs a subcommand of plivo-dialctl inside the test, with files that it may read.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plivo_dial {
class Command;
}

namespace plivo_dial::ctl {

struct Ran {
  int status = -1;
  std::string out;
  std::string err;
};

// Runs the subcommand `name`, which `add` adds to a program, with these arguments and
// `standard_input`.
Ran run_subcommand(void (*add)(Command&), const std::string& name,
                   std::vector<std::string> arguments, std::string_view standard_input = "");

// A directory of its own, removed with the object.
class TemporaryFiles {
 public:
  TemporaryFiles();
  ~TemporaryFiles();
  TemporaryFiles(const TemporaryFiles&) = delete;
  TemporaryFiles& operator=(const TemporaryFiles&) = delete;

  // Writes a file of mode 0600 and returns its path.
  std::string write(const std::string& name, std::string_view content) const;

 private:
  std::string directory_;
};

}  // namespace plivo_dial::ctl
