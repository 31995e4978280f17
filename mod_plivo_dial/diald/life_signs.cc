// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/diald/life_signs.h"

#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

namespace plivo_dial {
namespace {

constexpr std::chrono::seconds kInterval{5};

}  // namespace

void announce_exit() {
  send(STDIN_FILENO, &life_sign::kExits, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void LifeSigns::ready() {
  if (!from_httpd_) sd_notify(0, "READY=1");
  works();
}

void LifeSigns::works() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + kInterval;
  if (from_httpd_) {
    // It may be a pipe, or httpd may be too busy to listen: neither is a reason to stop.
    send(STDIN_FILENO, &life_sign::kWorks, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
  } else {
    sd_notify(0, "WATCHDOG=1");
  }
}

void LifeSigns::ends() {
  if (!from_httpd_) sd_notify(0, "STOPPING=1");
}

}  // namespace plivo_dial
