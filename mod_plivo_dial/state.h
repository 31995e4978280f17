// File: mod_plivo_dial/state.h
//
// The module's mutable globals, by how long they hold: PODs, zeroed in pre_config, because httpd
// may or may not unload the module between two readings of the configuration. What they point to
// lives as long as the pool that each names.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace plivo_dial {

class AnswerBooks;
class Documents;
class Tables;
struct ClaimSetup;
class EventLog;
struct ConfigReport;
struct Prepared;
class StallNotice;
struct RefusalCounters;
struct ServerStatus;
struct DoubtMarks;

// Of one reading of the configuration; pconf.
struct ConfigState {
  bool used;                   // a Plivo directive was read; without one the module is inert
  std::uint32_t last_layer;    // id given to the last section with Plivo directives
  const Prepared* prepared;    // until it is judged; ptemp
  const AnswerBooks* books;    // prepared documents
  const Documents* documents;  // of the administrator's own
  Tables* tables;              // schedules and maps; null where no line needs any
  const ConfigReport* report;  // what check_config found
  const ClaimSetup* claims;    // for requests whose URL is ours
  const char* serving_remedy;  // for a process that can't store events: ChrootDir, mpm-itk
  const char* node;            // this host's name
};

// What all processes share, those of the generations before and behind a reload too; process pool.
struct SharedState {
  RefusalCounters* refusals;
  DoubtMarks* doubts;
  StallNotice* stall_notice;
  const ServerStatus* status;  // with memory; null: none
  pid_t parent;                // the process that started the dispatcher
};

// Of one child; pchild.
struct ChildState {
  EventLog* event_log;  // its way into the spool
  bool strict;          // PlivoSpoolFailure strict
};

extern ConfigState g_config;
extern SharedState g_shared;
extern ChildState g_child;

}  // namespace plivo_dial
