// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/hanging_mount.h"

#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "tests/httpd/polling.h"
#include "tests/httpd/process.h"

namespace plivo_dial::test {
namespace {

constexpr char kServer[] = "/usr/bin/bindfs";

}  // namespace

HangingMount::HangingMount(const std::string& directory)
    : source_(directory + "/source"),
      between_point_(directory + "/between"),
      mount_point_(directory + "/mount") {
  if (geteuid() != 0) {
    missing_ = "only root can mount a file system";
  } else if (access("/dev/fuse", R_OK | W_OK) != 0) {
    missing_ = "there is no /dev/fuse";
  } else if (access(kServer, X_OK) != 0) {
    missing_ = std::string(kServer) + " is not installed";
  }
  if (!missing_.empty()) return;
  std::filesystem::create_directory(source_);
  between_ = mount(source_, between_point_);
  server_ = mount(between_point_, mount_point_);
}

pid_t HangingMount::mount(const std::string& from, const std::string& to) {
  std::filesystem::create_directory(to);
  Command command;
  command.arguments = {kServer, "-f", from, to};
  const pid_t server = start_process(command);
  const bool mounted = wait_for(
      [&] { return read_file("/proc/self/mountinfo").find(" " + to + " ") != std::string::npos; });
  if (!mounted) missing_ = "bindfs has mounted nothing";
  return server;
}

HangingMount::~HangingMount() {
  // The one in between first: the other one waits for it.
  for (const pid_t server : {between_, server_}) {
    if (server <= 1) continue;
    kill(server, SIGKILL);
    waitpid(server, nullptr, 0);
  }
  umount2(mount_point_.c_str(), MNT_DETACH);
  umount2(between_point_.c_str(), MNT_DETACH);
}

bool HangingMount::hang() const {
  return stop_process(between_);
}

bool HangingMount::answer_again() const {
  return kill(between_, SIGCONT) == 0;
}

}  // namespace plivo_dial::test
