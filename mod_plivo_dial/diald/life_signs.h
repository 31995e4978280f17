// File: mod_plivo_dial/diald/life_signs.h
//
// Tells whoever supervises this process that it works: httpd through the socket that is standard
// input, or systemd as a unit with Type=notify. Whoever hears nothing for a minute kills it and
// starts it anew.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "lib/settings/life_sign.h"

namespace plivo_dial {

// Says so from main(), whatever it was that ended the program: httpd can't tell exit statuses from
// signals otherwise. Nothing where standard input is no socket.
void announce_exit();

class LifeSigns {
 public:
  // `from_httpd`: standard input is httpd's.
  explicit LifeSigns(bool from_httpd) : from_httpd_(from_httpd) {}

  // Has started.
  void ready();

  // Works. May be called at any rate: says so every five seconds.
  void works();

  // Is about to end.
  void ends();

 private:
  const bool from_httpd_;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace plivo_dial
