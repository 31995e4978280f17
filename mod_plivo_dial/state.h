// File: mod_plivo_dial/state.h
//
// The module's mutable globals: one POD, zeroed in pre_config, because httpd may or may not unload
// the module between two readings of the configuration. What it points to belongs to pconf, or to
// pchild where it says so.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace plivo_dial {

class AnswerBooks;
struct ClaimSetup;
class EventLog;
struct ConfigReport;
class StallNotice;
struct RefusalCounters;
struct ServerStatus;
struct DoubtMarks;

struct State {
  bool used;                   // a Plivo directive was read; without one the module is inert
  std::uint32_t last_layer;    // id given to the last section with Plivo directives
  const AnswerBooks* books;    // prepared documents, made in post_config
  const ConfigReport* report;  // what check_config found; pconf
  const ClaimSetup* claims;    // for requests whose URL is ours, made in post_config; pconf
  RefusalCounters* refusals;   // shared by all children; pconf
  DoubtMarks* doubts;          // shared by all children; process pool
  StallNotice* stall_notice;   // shared by all children; process pool
  EventLog* event_log;         // this child's way into the spool; pchild
  const ServerStatus* status;  // shared by all processes, with memory; null: none; process pool
  const char* serving_remedy;  // for a process that can't store events: ChrootDir, mpm-itk; pconf
  bool strict;                 // PlivoSpoolFailure strict
  const char* node;            // this host's name
  pid_t parent;                // the process that started the dispatcher
};

extern State g_state;

}  // namespace plivo_dial
