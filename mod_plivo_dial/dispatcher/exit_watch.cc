// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/dispatcher/exit_watch.h"

#include <unistd.h>

#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {
namespace {

struct RetainedWatch {
  int descriptor;  // -1: none
};

constexpr const char* kWatchName = "mod_plivo_dial_exit_watch_v1";

int& exit_watch() {
  auto* watch = static_cast<RetainedWatch*>(ap_retained_data_get(kWatchName));
  if (watch == nullptr) {
    watch = static_cast<RetainedWatch*>(ap_retained_data_create(kWatchName, sizeof *watch));
    watch->descriptor = -1;
  }
  return watch->descriptor;
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
