// SPDX-License-Identifier: Apache-2.0
#include "lib/access/private_tmp.h"

#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "lib/base/text.h"

namespace plivo_dial {
namespace {

// The first that has a unit hides it in the others; see systemd.unit(5).
constexpr const char* kUnitDirectories[] = {"/etc/systemd/system", "/run/systemd/system",
                                            "/usr/local/lib/systemd/system",
                                            "/usr/lib/systemd/system", "/lib/systemd/system"};

bool is_yes(std::string_view value) {
  constexpr std::string_view kYes[] = {"1", "yes", "true", "on", "disconnected"};
  return std::find(std::begin(kYes), std::end(kYes), value) != std::end(kYes);
}

// The last PrivateTmp= of a file decides; without one, nothing changes.
void read_unit_file(const std::string& path, bool& has_private) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::string_view text = trim(line);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || trim(text.substr(0, equals)) != "PrivateTmp") continue;
    has_private = is_yes(trim(text.substr(equals + 1)));
  }
}

std::vector<std::string> drop_ins(const std::string& root, const std::string& unit) {
  std::vector<std::string> files;
  for (const char* const directory : kUnitDirectories) {
    glob_t found{};
    const std::string pattern = root + directory + "/" + unit + ".d/*.conf";
    glob(pattern.c_str(), 0, nullptr, &found);
    for (std::size_t i = 0; i < found.gl_pathc; ++i) files.emplace_back(found.gl_pathv[i]);
    globfree(&found);
  }
  // systemd goes by the name alone, whatever the directory; of one name the first hides the others.
  const auto name = [](const std::string& file) { return file.substr(file.rfind('/')); };
  std::ranges::stable_sort(files, {}, name);
  // What std::ranges::unique() gives, clang 14 can't compile with the library of GCC 12.
  const auto is_one_name = [&](const auto& a, const auto& b) { return name(a) == name(b); };
  files.erase(std::unique(files.begin(), files.end(), is_one_name), files.end());
  return files;
}

bool unit_is_private(const std::string& root, const std::string& unit) {
  bool has_private = false;
  for (const char* const directory : kUnitDirectories) {
    const std::string file = root + directory + "/" + unit;
    if (access(file.c_str(), R_OK) != 0) continue;
    read_unit_file(file, has_private);
    break;
  }
  for (const std::string& file : drop_ins(root, unit)) read_unit_file(file, has_private);
  return has_private;
}

}  // namespace

bool lies_in_tmp(std::string_view path) {
  return path.starts_with("/tmp/") || path.starts_with("/var/tmp/") || path == "/tmp" ||
         path == "/var/tmp";
}

bool has_private_tmp(const std::string& mounts) {
  std::ifstream file(mounts);
  for (std::string line; std::getline(file, line);) {
    // "36 35 98:0 /tmp/systemd-private-.../tmp /tmp rw ...": see proc(5).
    const bool of_service = line.find("systemd-private-") != std::string::npos;
    if (of_service && line.find("/tmp /tmp ") != std::string::npos) return true;
  }
  return false;
}

std::string unit_with_private_tmp(const std::string& root) {
  struct stat status {};
  if (stat((root + "/run/systemd/system").c_str(), &status) != 0) return "";
  for (const char* const unit : {"apache2.service", "httpd.service"}) {
    if (unit_is_private(root, unit)) return unit;
  }
  return "";
}

}  // namespace plivo_dial
