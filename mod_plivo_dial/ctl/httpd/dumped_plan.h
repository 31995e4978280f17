// File: mod_plivo_dial/ctl/httpd/dumped_plan.h
//
// A plan as -t -D DUMP_PLIVO prints it: what the module does with calls to a number. Pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace plivo_dial::ctl {

struct DumpedStage {
  std::string position;              // "/etc/apache2/x.conf:12"
  std::vector<std::string> targets;  // an address, and its attributes behind it
  std::string dial;                  // "timeout=20": attributes of <Dial>; "" for none
};

// Every text is "" where the dump has no such line.
struct DumpedPlan {
  std::string name;      // "+14155550199"; the path of the Location; "/dialstatus default"
  std::string position;  // of its section
  std::vector<std::string> prompts;  // "speak "Connecting your call""
  std::vector<DumpedStage> stages;
  std::string every_dial;              // attributes of each stage that does not set them
  std::string caller_id;               // "the caller's number"
  std::string not_reached;             // what becomes of a caller whom nobody answers
  std::vector<std::string> voicemail;  // its greeting, record and URLs
  std::string longest_ringing;         // "50 s"
  std::string action;                  // URLs that Plivo is given
  std::string callback;
};

// Reads a line of the dump that belongs to the newest of `plans`, or begins a new one: `indent`
// blanks and `content`. Lines of other things are left alone.
void read_line_of_plan(std::size_t indent, std::string_view content,
                       std::vector<DumpedPlan>& plans);

}  // namespace plivo_dial::ctl
