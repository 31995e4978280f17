// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/process.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

// Runs between fork and exec: system calls only.
[[noreturn]] void become(const Command& command, char* const* arguments, char* const* environment,
                         int output) {
  setsid();
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(nothing, 0);
  dup2(output < 0 ? nothing : output, 1);
  dup2(output < 0 ? nothing : output, 2);
  close_range(3, ~0U, 0);
  const bool changed =
      (!command.group || (setgroups(0, nullptr) == 0 &&
                          setresgid(*command.group, *command.group, *command.group) == 0)) &&
      (!command.user || setresuid(*command.user, *command.user, *command.user) == 0);
  if (changed) execve(arguments[0], arguments, environment);
  _exit(127);
}

pid_t fork_process(const Command& command, int output) {
  const std::vector<char*> arguments = pointers(command.arguments);
  const std::vector<char*> environment = pointers(command.environment);
  const pid_t pid = fork();
  if (pid < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid == 0) become(command, arguments.data(), environment.data(), output);
  return pid;
}

int exit_code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Reads /proc/PID/stat; its second field is in parentheses and may hold anything.
bool read_stat(pid_t pid, ProcessInfo& info) {
  const std::string stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t end = stat.rfind(')');
  if (end == std::string::npos) return false;
  std::istringstream fields(stat.substr(end + 1));
  pid_t group = 0;
  fields >> info.state >> info.parent >> group >> info.session;
  info.pid = pid;
  return static_cast<bool>(fields);
}

}  // namespace

pid_t start_process(const Command& command) {
  int output = -1;
  if (!command.output_file.empty()) {
    output = open(command.output_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (output < 0) {
      throw std::system_error(errno, std::generic_category(), command.output_file);
    }
  }
  const pid_t pid = fork_process(command, output);
  if (output >= 0) close(output);
  return pid;
}

CommandResult run_command(const Command& command) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  const pid_t pid = fork_process(command, ends[1]);
  close(ends[1]);
  CommandResult result;
  char buffer[4096];
  ssize_t length = 0;
  while ((length = read(ends[0], buffer, sizeof buffer)) > 0 || (length < 0 && errno == EINTR)) {
    if (length > 0) result.output.append(buffer, static_cast<std::size_t>(length));
  }
  close(ends[0]);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit_code = exit_code_of(status);
  return result;
}

std::vector<ProcessInfo> list_processes(pid_t owned) {
  std::vector<ProcessInfo> processes;
  DIR* directory = opendir("/proc");
  if (directory == nullptr) return processes;
  while (const dirent* entry = readdir(directory)) {
    const std::string_view name = entry->d_name;
    ProcessInfo info;
    pid_t pid = 0;
    if (std::from_chars(name.begin(), name.end(), pid).ptr != name.end()) continue;
    if (!read_stat(pid, info)) continue;
    if (info.state == 'Z') {
      if (info.parent == getpid() && pid != owned) waitpid(pid, nullptr, WNOHANG);
      continue;
    }
    info.command_line = read_file("/proc/" + std::string(name) + "/cmdline");
    std::replace(info.command_line.begin(), info.command_line.end(), '\0', ' ');
    processes.push_back(std::move(info));
  }
  closedir(directory);
  return processes;
}

std::vector<ProcessInfo> list_children(pid_t parent) {
  std::vector<ProcessInfo> children;
  std::error_code error;
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/" + std::to_string(parent) + "/task", error)) {
    const std::string list = task.path().string() + "/children";
    if (!std::filesystem::exists(list, error)) {
      children = list_processes(0);
      std::erase_if(children, [&](const ProcessInfo& one) { return one.parent != parent; });
      return children;
    }
    std::istringstream pids(read_file(list));
    for (pid_t pid = 0; pids >> pid;) {
      ProcessInfo info;
      if (!read_stat(pid, info) || info.state == 'Z') continue;
      info.command_line = read_file("/proc/" + std::to_string(pid) + "/cmdline");
      std::replace(info.command_line.begin(), info.command_line.end(), '\0', ' ');
      children.push_back(std::move(info));
    }
  }
  return children;
}

void adopt_orphans() {
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

bool stop_process(pid_t pid) {
  if (kill(pid, SIGSTOP) != 0) return false;
  return wait_for([&] {
    std::error_code error;
    const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
    for (const auto& task : std::filesystem::directory_iterator(tasks, error)) {
      std::ifstream file(task.path() / "stat");
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      const std::size_t name_end = text.rfind(')');
      const bool stopped =
          name_end != std::string::npos && name_end + 2 < text.size() && text[name_end + 2] == 'T';
      if (!stopped) return false;
    }
    return !error;
  });
}

bool has_environment(pid_t pid, const std::string& name_and_value) {
  const std::string environment =
      std::string(1, '\0') + read_file("/proc/" + std::to_string(pid) + "/environ");
  return environment.find('\0' + name_and_value + '\0') != std::string::npos;
}

bool has_open_file_below(pid_t pid, const std::string& directory) {
  const std::string descriptors = "/proc/" + std::to_string(pid) + "/fd";
  std::error_code gone;
  for (std::filesystem::directory_iterator entry(descriptors, gone), end; !gone && entry != end;
       entry.increment(gone)) {
    std::error_code closed;
    const std::string target = std::filesystem::read_symlink(entry->path(), closed);
    if (target.starts_with(directory + "/")) return true;
  }
  return false;
}

long anonymous_memory_kib(pid_t pid) {
  std::istringstream status(read_file("/proc/" + std::to_string(pid) + "/status"));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) return std::strtol(line.c_str() + 8, nullptr, 10);
  }
  return 0;
}

std::size_t count_descriptors(pid_t pid) {
  DIR* directory = opendir(("/proc/" + std::to_string(pid) + "/fd").c_str());
  if (directory == nullptr) return 0;
  std::size_t count = 0;
  while (const dirent* entry = readdir(directory)) count += entry->d_name[0] != '.';
  closedir(directory);
  return count;
}

std::size_t count_connections(int port) {
  constexpr std::string_view kListening = "0A";
  constexpr std::string_view kTimeWait = "06";  // the kernel's alone
  std::istringstream lines(read_file("/proc/net/tcp"));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string number, local, remote, state;
    fields >> number >> local >> remote >> state;
    const std::size_t colon = local.find(':');
    if (colon == std::string::npos || state == kListening || state == kTimeWait) continue;
    count += std::strtol(local.c_str() + colon + 1, nullptr, 16) == port;
  }
  return count;
}

std::string read_file(const std::string& path) {
  // Not a stream: those throw when the process that a file of /proc tells of has gone.
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return "";
  std::string content;
  char buffer[4096];
  ssize_t length = 0;
  while ((length = read(file, buffer, sizeof buffer)) > 0) {
    content.append(buffer, static_cast<std::size_t>(length));
  }
  close(file);
  return content;
}

}  // namespace plivo_dial::test
