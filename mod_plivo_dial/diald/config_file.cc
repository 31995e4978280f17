// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/diald/config_file.h"

#include <cerrno>

#include "lib/base/system_file.h"

namespace plivo_dial {
namespace {

bool is_same(const struct stat& one, const struct stat& other) {
  return one.st_ino == other.st_ino && one.st_size == other.st_size &&
         one.st_mtim.tv_sec == other.st_mtim.tv_sec && one.st_mtim.tv_nsec == other.st_mtim.tv_nsec;
}

}  // namespace

Result<std::optional<std::string>> ConfigFile::take_change() {
  struct stat status {};
  if (stat(path_.c_str(), &status) != 0) {
    if (errno == ENOENT) return std::optional<std::string>();
    return system_error("cannot look at", path_);
  }
  if (is_same(status, seen_)) return std::optional<std::string>();
  seen_ = status;
  Result<std::string> content = read_file(path_);
  if (!content) return content.error();
  // It is gone again, or somebody is just writing it.
  if (content->empty()) return std::optional<std::string>();
  return std::optional(std::move(*content));
}

}  // namespace plivo_dial
