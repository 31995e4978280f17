// File: mod_plivo_dial/ctl/plivo/console_entries.h
//
// What is entered at Plivo, into an application in its console, for a Location: each URL with its
// method and the reason for it. init and urls print these. Pure functions.
//
//   for (const ConsoleEntry& entry : console_entries("https://pbx.example.com/dialstatus")) ...
//   -> answer URL    POST  https://pbx.example.com/dialstatus
//      fallback URL  POST  https://pbx.example.com/dialstatus/fallback
//      hangup URL    POST  https://pbx.example.com/dialstatus/hangup#rc=5&rp=ct,rt,5xx
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace plivo_dial::ctl {

struct ConsoleEntry {
  std::string_view use;     // "answer", for programs
  std::string_view name;    // "answer URL", for people
  std::string_view method;  // "POST"
  std::string url;          // with the options that it needs behind #
  std::string_view why;     // a short sentence without its end
};

// Those of the Location whose URL, as Plivo dials it, is `answer`: for the beginning of a call, for
// a beginning that failed, and for its end.
std::array<ConsoleEntry, 3> console_entries(const std::string& answer);

}  // namespace plivo_dial::ctl
