// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/standard_io.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "mod_plivo_dial/ctl/exit_status.h"

namespace plivo_dial::ctl {
namespace {

Error input_error(const std::string& path, const std::string& what) {
  return Error{(path == "-" ? std::string("standard input") : "\"" + path + "\"") + ": " + what};
}

// stdio would read ahead, and take what the next reader of the descriptor is to have.
Result<std::string> read_descriptor(int descriptor, const std::string& path, std::size_t most) {
  std::string text;
  std::array<char, 8192> part;
  for (;;) {
    const ssize_t got = read(descriptor, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return input_error(path, std::strerror(errno));
    if (got == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(got));
    if (text.size() > most) {
      return input_error(path,
                         "has more than " + std::to_string(most) + " bytes" +
                             (most == kMaxInputBytes ? ", which no webhook of Plivo's has" : ""));
    }
  }
}

}  // namespace

Result<std::string> read_input(const std::string& path, std::size_t most) {
  if (path == "-") return read_descriptor(STDIN_FILENO, path, most);
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return input_error(path, std::strerror(errno));
  Result<std::string> text = read_descriptor(descriptor, path, most);
  close(descriptor);
  return text;
}

int write_output(std::string_view command, std::string_view text, int status) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) {
    return status;
  }
  return report_usage(command, std::string("standard output: ") + std::strerror(errno));
}

int report_usage(std::string_view command, std::string_view message) {
  std::fprintf(stderr, "plivo-dialctl %.*s: %.*s\n", static_cast<int>(command.size()),
               command.data(), static_cast<int>(message.size()), message.data());
  return kExitUsage;
}

Error bad_option(std::string_view option, const std::string& message) {
  return Error{std::string(option) + ": " + message};
}

}  // namespace plivo_dial::ctl
