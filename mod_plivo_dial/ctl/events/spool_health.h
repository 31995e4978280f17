// File: mod_plivo_dial/ctl/events/spool_health.h
//
// Whether a spool takes events at this moment, found out by writing, and what httpd's processes say
// of it in their status files: one that mode bits and mount options call healthy may be dead.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/status/status_file.h"

namespace plivo_dial::ctl {

struct SpoolHealth {
  bool tried = false;               // whether this user could judge it by writing
  std::string cannot_write;         // why it failed, with the remedy; "" when it did not
  std::vector<StatusReport> httpd;  // of servers with this spool that can be read
  // Why nobody can tell what they refuse, where their file is there; a sentence each.
  std::vector<std::string> unreadable;
};

// Of a spool that was entered, see enter_spool, so that the trial is made as httpd's user. Leaves
// nothing behind.
SpoolHealth examine_health(const std::string& spool);

// What needs an operator, a sentence each.
std::vector<std::string> concerns_of(const SpoolHealth& health);

// What was refused in the last 24 hours and is no trouble any more, a sentence each.
std::vector<std::string> former_refusals(const SpoolHealth& health);

}  // namespace plivo_dial::ctl
