// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/dispatcher/exit_watch.h"

#include <unistd.h>

#include "mod_plivo_dial/shared_object.h"

namespace plivo_dial {
namespace {

struct RetainedWatch {
  static constexpr int kVersion = 1;
  int descriptor;  // -1: none
};

int& exit_watch() {
  bool made = false;
  auto& watch = retained_object<RetainedWatch>("mod_plivo_dial_exit_watch", &made);
  if (made) watch.descriptor = -1;
  return watch.descriptor;
}

}  // namespace

void watch_exit_of(pid_t pid) {
  close_exit_watch();
  exit_watch() = open_exit_watch(pid);
}

void close_exit_watch() {
  if (exit_watch() >= 0) close(exit_watch());
  exit_watch() = -1;
}

std::optional<ChildEnd> end_from_exit_watch() {
  return end_from_watch(exit_watch());
}

}  // namespace plivo_dial
