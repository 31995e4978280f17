// SPDX-License-Identifier: Apache-2.0
#include "lib/base/own_directory.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

#include <cstdlib>
#include <memory>

namespace plivo_dial {
namespace {

std::string user_name(uid_t uid) {
  const passwd* const user = getpwuid(uid);
  return user == nullptr ? std::to_string(uid) : user->pw_name;
}

std::string group_name(gid_t gid) {
  const group* const found = getgrgid(gid);
  return found == nullptr ? std::to_string(gid) : found->gr_name;
}

std::string directory_above(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

struct Need {
  Result<void> (*may)(const std::string&, const Identity&);
  const char* verb;
};

constexpr Need kNeeded[] = {
    {&may_search, "enter"}, {&may_write, "write into"}, {&may_read, "read"}};

}  // namespace

Result<void> may_own_directory(const std::string& path, const Identity& identity) {
  const std::string target = real_path(path);
  struct stat status {};
  if (target.empty() || stat(target.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return {};
  if (const Result<void> above = may_search(directory_above(target), identity); !above) {
    return above;
  }
  for (const Need& need : kNeeded) {
    if (need.may(target, identity)) continue;
    const std::string user = user_name(identity.uid);
    return Error{"user " + user + " may not " + need.verb + " '" + target + "': chown " + user +
                 ":" + group_name(identity.gid) + " '" + target + "' && chmod 0750 '" + target +
                 "'"};
  }
  return {};
}

}  // namespace plivo_dial
