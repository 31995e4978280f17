// SPDX-License-Identifier: Apache-2.0
#include "lib/access/file_access.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

namespace plivo_dial {
namespace {

// One of the three permissions in the notation of chmod.
struct Permission {
  mode_t bit;  // in the class of others: 4, 2, 1
  char letter;
  std::string_view verb;
};

constexpr Permission kRead{4, 'r', "read"};
constexpr Permission kWrite{2, 'w', "write to"};
constexpr Permission kExecute{1, 'x', "execute"};
constexpr Permission kSearch{1, 'x', "search"};

bool belongs_to(gid_t group, const Identity& identity) {
  return group == identity.gid ||
         std::find(identity.groups.begin(), identity.groups.end(), group) != identity.groups.end();
}

// The class that decides for `identity`: 'u', 'g' or 'o'.
char deciding_class(const struct stat& status, const Identity& identity) {
  if (status.st_uid == identity.uid) return 'u';
  return belongs_to(status.st_gid, identity) ? 'g' : 'o';
}

bool allows(const struct stat& status, const Identity& identity, Permission permission) {
  if (identity.uid == 0) {
    const bool any_execute = (status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
    return permission.bit != 1 || S_ISDIR(status.st_mode) || any_execute;
  }
  const char decides = deciding_class(status, identity);
  const int shift = decides == 'u' ? 6 : decides == 'g' ? 3 : 0;
  return ((status.st_mode >> shift) & permission.bit) != 0;
}

Error failed(const std::string& path) {
  return Error{"'" + path + "': " + std::strerror(errno)};
}

Result<void> check_component(const std::string& path, const Identity& identity,
                             Permission permission) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return failed(path);
  if (allows(status, identity, permission)) return {};
  const char decides = identity.uid == 0 ? 'a' : deciding_class(status, identity);
  const std::string refused = "uid " + std::to_string(identity.uid) + " may not " +
                              std::string(permission.verb) + " '" + path + "'; ";
  if (permission.letter == 'x' && S_ISREG(status.st_mode)) {
    return Error{refused + "if it is the program that is meant, chmod 755 '" + path +
                 "'"};  // a script has to be readable as well
  }
  if (permission.letter == 'x' && decides == 'o') {
    return Error{refused + "move what it holds to where everybody may go, such as /usr/local, or " +
                 "chmod o+x '" + path + "'"};
  }
  const bool to_everybody = decides == 'o' && permission.letter == 'w';
  // Neither shall a system directory be opened to everybody, nor given away.
  if (to_everybody && S_ISDIR(status.st_mode)) {
    return Error{refused + "make a directory of its own: install -d -o " +
                 std::to_string(identity.uid) + " -m 0750 '" + path + "/plivo-dial'"};
  }
  if (to_everybody) {
    return Error{refused + "chown " + std::to_string(identity.uid) + " '" + path + "'"};
  }
  return Error{refused + "chmod " + decides + "+" + permission.letter + " '" + path +
               "', or change its owner"};
}

// The directories above `path`, from the root down: for /a/b these are / and /a.
std::vector<std::string> directories_above(const std::string& path) {
  std::vector<std::string> directories;
  for (std::size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    if (slash + 1 == path.size()) break;
    directories.push_back(slash == 0 ? "/" : path.substr(0, slash));
  }
  return directories;
}

Result<void> check_absolute(const std::string& path) {
  if (path.empty() || path[0] != '/') {
    return Error{"'" + path + "' is not an absolute path; begin it with /"};
  }
  return {};
}

Result<void> check_directories_above(const std::string& path, const Identity& identity) {
  for (const std::string& directory : directories_above(path)) {
    if (Result<void> result = check_component(directory, identity, kSearch); !result) return result;
  }
  return {};
}

Result<void> check(const std::string& path, const Identity& identity, Permission permission) {
  if (Result<void> result = check_absolute(path); !result) return result;
  if (Result<void> result = check_directories_above(path, identity); !result) return result;
  const std::string target = real_path(path);
  if (target.empty()) return failed(path);
  if (target != path) {
    if (Result<void> result = check_directories_above(target, identity); !result) return result;
  }
  return check_component(target, identity, permission);
}

Result<void> check_closed(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return failed(path);
  const bool sticky_directory = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  if ((status.st_mode & S_IWOTH) == 0 || sticky_directory) return {};
  return Error{"'" + path + "' is writable by everybody; chmod o-w '" + path + "'"};
}

Result<void> check_closed_with_parents(const std::string& path) {
  for (const std::string& directory : directories_above(path)) {
    if (Result<void> result = check_closed(directory); !result) return result;
  }
  return check_closed(path);
}

}  // namespace

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(realpath(path.c_str(), nullptr),
                                                             &std::free);
  return resolved ? resolved.get() : "";
}

Result<void> may_read(const std::string& path, const Identity& identity) {
  return check(path, identity, kRead);
}

Result<void> may_write(const std::string& path, const Identity& identity) {
  return check(path, identity, kWrite);
}

Result<void> may_execute(const std::string& path, const Identity& identity) {
  if (Result<void> result = check(path, identity, kExecute); !result) return result;
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return failed(path);
  if (!S_ISREG(status.st_mode)) return Error{"'" + path + "' is not a regular file"};
  return {};
}

Result<void> may_search(const std::string& path, const Identity& identity) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0 && !S_ISDIR(status.st_mode)) {
    return Error{"'" + path + "' is not a directory"};
  }
  return check(path, identity, kSearch);
}

Result<void> not_writable_by_others(const std::string& path) {
  if (Result<void> result = check_absolute(path); !result) return result;
  if (Result<void> result = check_closed_with_parents(path); !result) return result;
  const std::string target = real_path(path);
  if (target.empty()) return failed(path);
  return target == path ? Result<void>() : check_closed_with_parents(target);
}

}  // namespace plivo_dial
