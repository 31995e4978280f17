// File: mod_plivo_dial/ctl/events/events_list.h
//
// What `events list` and `events dead list` share.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "mod_plivo_dial/ctl/events/events_spool.h"

namespace plivo_dial {
class Command;
}

namespace plivo_dial::ctl {

struct ListOptions : EventsOptions {
  DeliveryFilter filter;
  std::string state;    // "": all
  std::string since;    // as written
  std::string nothing;  // what is said when nothing fits
};

// Gives `command`, whose name behind "events" is `name`, the options of a list, and runs it.
void add_list_options(Command& command, const std::string& name,
                      const std::shared_ptr<ListOptions>& options);

}  // namespace plivo_dial::ctl
