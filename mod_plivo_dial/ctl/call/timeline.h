// File: mod_plivo_dial/ctl/call/timeline.h
//
// A played call as lines for a person: time, what happens, what the server said, how it ended.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mod_plivo_dial/ctl/call/call_record.h"

namespace plivo_dial::ctl {

struct TimelineOptions {
  bool colour = false;
  bool show_documents = false;  // each reply's body beneath its request
};

// The whole timeline with its verdict, ending in a newline. Everything that came from a server is
// escaped.
std::string render_timeline(const CallRecord& record, const TimelineOptions& options);

}  // namespace plivo_dial::ctl
