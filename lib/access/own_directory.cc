// SPDX-License-Identifier: Apache-2.0
#include "lib/access/own_directory.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>

#include "lib/base/text.h"

namespace plivo_dial {
namespace {

namespace fs = std::filesystem;

std::string user_name(uid_t uid) {
  const passwd* const user = getpwuid(uid);
  return user == nullptr ? std::to_string(uid) : user->pw_name;
}

std::string group_name(gid_t gid) {
  const group* const found = getgrgid(gid);
  return found == nullptr ? std::to_string(gid) : found->gr_name;
}

struct Need {
  Result<void> (*may)(const std::string&, const Identity&);
  const char* verb;
};

constexpr Need kNeededOfDirectories[] = {
    {&may_search, "enter"}, {&may_write, "write into"}, {&may_read, "read"}};
constexpr Need kNeededOfFiles[] = {{&may_read, "read"}, {&may_write, "write"}};

// What `identity` may not do with `path`, "write into"; "" when it may do all.
std::string_view missing(std::span<const Need> needed, const std::string& path,
                         const Identity& identity) {
  for (const Need& need : needed) {
    if (!need.may(path, identity)) return need.verb;
  }
  return {};
}

// Whether it is there and another's: the owner may give himself what he lacks, and the program
// does.
bool is_of_another(const std::string& path, const Identity& identity) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 && status.st_uid != identity.uid;
}

struct Refused {
  std::string path;
  std::string_view verb;
};

// The first thing below `directory` that another has kept to himself.
std::optional<Refused> refused_below(const std::string& directory, const Identity& identity) {
  // Made by mkfs for root, where the directory is a file system of its own.
  constexpr std::string_view kOfTheFileSystem = "lost+found";
  std::error_code error;
  auto entry = fs::recursive_directory_iterator(directory, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const fs::file_status status = entry->symlink_status(error);
    if (error) break;
    if (entry->path().filename() == kOfTheFileSystem) {
      entry.disable_recursion_pending();
      continue;
    }
    const std::string path = entry->path().string();
    const bool of_interest = fs::is_directory(status) || fs::is_regular_file(status);
    if (!of_interest || !is_of_another(path, identity)) continue;
    const std::string_view verb = fs::is_directory(status)
                                      ? missing(kNeededOfDirectories, path, identity)
                                      : missing(kNeededOfFiles, path, identity);
    // Asked again, since files come and go below a program that runs.
    if (!verb.empty() && is_of_another(path, identity)) return Refused{path, verb};
  }
  return std::nullopt;
}

}  // namespace

Result<void> may_own_directory(const std::string& path, const Identity& identity) {
  const std::string target = real_path(path);
  struct stat status {};
  if (stat(target.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return {};
  if (const Result<void> above = may_search(directory_of(target), identity); !above) {
    return above;
  }
  const std::string user = user_name(identity.uid);
  const auto given = [&](const Refused& refused) {
    return "user " + user + " may not " + std::string(refused.verb) + " '" + refused.path +
           "': chown -R " + user + ":" + group_name(identity.gid) + " '" + target + "'";
  };
  const std::string_view verb = missing(kNeededOfDirectories, target, identity);
  if (!verb.empty()) return Error{given({target, verb}) + " && chmod 0750 '" + target + "'"};
  const std::optional<Refused> below = refused_below(target, identity);
  return below ? Result<void>(Error{given(*below)}) : Result<void>();
}

}  // namespace plivo_dial
