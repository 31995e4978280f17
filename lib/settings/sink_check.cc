// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/sink_check.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "lib/access/program_file.h"
#include "lib/base/text.h"

namespace plivo_dial {
namespace {

// What a shell would take for more than a word.
bool looks_like_shell(std::string_view argument) {
  constexpr std::string_view kOperators[] = {"|", "||", "&", "&&", ";", "<", "2>&1"};
  constexpr std::string_view kStarts[] = {">", "1>", "2>", "&>", "<<", "$(", "`"};
  return std::ranges::find(kOperators, argument) != std::end(kOperators) ||
         std::ranges::any_of(kStarts,
                             [&](std::string_view start) { return argument.starts_with(start); });
}

}  // namespace

Result<void> check_program_of_sink(const std::string& program, const Identity& identity) {
  struct stat status {};
  if (stat(program.c_str(), &status) != 0) {
    return Error{"program '" + program + "': " + std::strerror(errno) + "; install it"};
  }
  if (!S_ISREG(status.st_mode)) return Error{"program '" + program + "' is not a regular file"};
  if (Result<void> result = may_execute(program, identity); !result) return result;
  if (Result<void> result = check_program_file(program, identity); !result) return result;
  return not_writable_by_others(program);
}

Result<void> check_file_of_sink(const std::string& path, const Identity& identity) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0) {
    if (!S_ISREG(status.st_mode)) return Error{"'" + path + "' is not a regular file"};
    return may_write(path, identity);
  }
  if (errno != ENOENT) return Error{"'" + path + "': " + std::strerror(errno)};
  const std::string directory = directory_of(path);
  if (stat(directory.c_str(), &status) != 0) {
    return Error{"directory '" + directory + "' of '" + path + "': " + std::strerror(errno) +
                 "; make it: install -d -o " + std::to_string(identity.uid) + " -m 0750 '" +
                 directory + "'"};
  }
  if (Result<void> result = may_search(directory, identity); !result) return result;
  return may_write(directory, identity);
}

std::string doubt_about(const SinkConfig& sink) {
  // The program itself is an absolute path, which never does.
  const auto found = std::ranges::find_if(sink.program, looks_like_shell);
  if (found == sink.program.end()) return "";
  return "'" + *found + "' is an argument of '" + sink.program.front() +
         "', since no shell runs it; write a script that does this, and name the script";
}

}  // namespace plivo_dial
