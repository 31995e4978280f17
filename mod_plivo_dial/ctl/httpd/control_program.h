// File: mod_plivo_dial/ctl/httpd/control_program.h
//
// Finds httpd's control program, runs it, and takes what it prints.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial::ctl {

struct ProgramRun {
  int exit_status = -1;  // 128 + signal when a signal ended it
  std::string output;    // of standard output and standard error, in the order of writing
};

// Runs `arguments` (the first is the program's absolute path) without a shell, with nothing on
// standard input and a small environment of its own. What it leaves running is let alone, even with
// its output open. Fails when the program can't be started, prints more than 256 MiB, or has not
// ended by itself in `limit`, also where it has closed its output; then it is killed with its
// process group.
Result<ProgramRun> run_program(const std::vector<std::string>& arguments,
                               std::chrono::seconds limit);

// The program that the distribution has for httpd's -t and -M, in the file system below `root` (""
// for the machine's own); "" when there is none. On Debian that is apachectl, which reads envvars;
// on Fedora and RHEL httpd itself, because apachectl takes no such options there.
std::string control_program_of_distribution(const std::string& root);

}  // namespace plivo_dial::ctl
