// File: tests/httpd/process.h
//
// Processes: run a command and keep its output, start one and own it, and look at all that live.
// Linux only, since it reads /proc.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace plivo_dial::test {

// What a process is started with. `environment` holds NAME=value and is complete.
struct Command {
  std::vector<std::string> arguments;  // the first is the program's path
  std::vector<std::string> environment;
  std::optional<uid_t> user;  // with `group`: who it runs as, when it isn't us
  std::optional<gid_t> group;
  std::string output_file;  // stdout and stderr are appended here; "" throws them away
};

struct CommandResult {
  int exit_code = -1;  // 128 + signal when a signal ended it
  std::string output;  // stdout and stderr
};

// Starts `command` in a session of its own, with /dev/null as stdin and no other descriptor of
// ours. Throws std::system_error when there is no process to be had; a program that can't be
// executed ends with status 127.
pid_t start_process(const Command& command);

// Runs `command` to its end. Its output_file is not used.
CommandResult run_command(const Command& command);

struct ProcessInfo {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t session = 0;
  char state = '?';
  std::string command_line;  // arguments joined by spaces
};

// All processes of the machine but zombies. Zombies whose parent we are, orphans that this process
// adopted, are reaped on the way, except `owned`.
std::vector<ProcessInfo> list_processes(pid_t owned);

// The children of `parent` but zombies, in far less time than a look at all processes takes: short-
// lived ones are still there when it returns. While some end, the kernel may leave out others
// (proc(5)); without such a list in the kernel it is a look at all.
std::vector<ProcessInfo> list_children(pid_t parent);

// Makes orphans of our children ours, so that a process that detached itself is still found.
void adopt_orphans();

// Sends SIGSTOP and waits until each thread of `pid` has stopped, which the signal alone does not.
// Whether they have.
bool stop_process(pid_t pid);

// Whether the environment of `pid` has the entry `name_and_value`.
bool has_environment(pid_t pid, const std::string& name_and_value);

// Whether `pid` has a file below `directory` open.
bool has_open_file_below(pid_t pid, const std::string& directory);

// Resident anonymous memory in KiB, and the number of open descriptors; 0 when it is gone.
long anonymous_memory_kib(pid_t pid);
std::size_t count_descriptors(pid_t pid);

// How many connections to 127.0.0.1:`port` a server still holds, over or not.
std::size_t count_connections(int port);

// The content of a file, "" when there is none.
std::string read_file(const std::string& path);

}  // namespace plivo_dial::test
