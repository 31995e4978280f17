// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/packaged_module.h"

#include <filesystem>

#include "tests/httpd/process.h"

namespace plivo_dial::test {
namespace {

// All or nothing: a directory of its own gets its name when it is whole.
constexpr const char* kUnpack = R"SH(
set -eu
whole=$1
shift
[ ! -d "$whole" ] || exit 0
mkdir -p "$(dirname "$whole")"
part=$(mktemp -d "$whole.XXXXXX")
trap 'rm -rf "$part"' EXIT
chmod 755 "$part"
cd "$part"
timeout 60 apt-get download "$@"
for package in ./*.deb; do dpkg -x "$package" .; done
rm ./*.deb
mv -T "$part" "$whole" || [ -d "$whole" ]
)SH";

}  // namespace

std::string unpacked_packages(const std::vector<std::string>& names, std::string& why) {
  std::string whole = PACKAGES_DIRECTORY;
  whole += "/" + names.at(0);
  Command command;
  command.arguments = {"/bin/sh", "-c", kUnpack, "unpack", whole};
  command.arguments.insert(command.arguments.end(), names.begin(), names.end());
  command.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"};
  const CommandResult result = run_command(command);
  if (result.exit_code == 0) return whole;
  why = "package " + names[0] + " can't be had here: " + result.output;
  return "";
}

}  // namespace plivo_dial::test
