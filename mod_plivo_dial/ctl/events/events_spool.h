// File: mod_plivo_dial/ctl/events/events_spool.h
//
// What all subcommands of `plivo-dialctl events` share: which spool, as whom, how its store is
// opened, and how they end.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "lib/access/file_access.h"
#include "lib/base/result.h"
#include "lib/operators/operator_store.h"

namespace plivo_dial {
class Command;
class Option;
}  // namespace plivo_dial

namespace plivo_dial::ctl {

// Exit statuses beside kExitOk and kExitUsage.
inline constexpr int kExitDiffers = 1;   // verify found a difference, or nothing matched
inline constexpr int kExitNoAccess = 3;  // the spool or its store cannot be used

// For the footers of --help.
inline constexpr std::string_view kEventsExits =
    "Exit status: 0 good; 1 nothing matched; 2 wrong usage; 3 the spool or its store cannot be "
    "used.";

struct EventsOptions {
  std::string spool = "/var/lib/plivo-dial";
  bool json = false;
};

Option& add_spool_option(Command& command, EventsOptions& options);
void add_json_option(Command& command, EventsOptions& options, const char* help);

// As root, becomes for good the user to whom the spool belongs, who is httpd's: what this process
// makes there must be the dispatcher's to use. Another user keeps his identity. The value is the
// absolute path of the spool. Errors name the remedy. Read what only root may read before.
Result<std::string> enter_spool(const std::string& spool);

// As root, becomes `user` for good, with all his groups; he himself may name himself.
Result<void> become_user(const std::string& user);

// Of this process.
Identity own_identity();

// Whether plivo-diald has ever run on the spool.
bool has_store(const std::string& spool);

// Opens the store of a spool that was entered. Errors name the remedy. Refuses who could leave
// files in the spool that the dispatcher cannot open.
Result<std::unique_ptr<OperatorStore>> open_events_store(const std::string& spool,
                                                         Database::Access access);

// Both.
Result<std::unique_ptr<OperatorStore>> open_events_store_of(EventsOptions& options,
                                                            Database::Access access);

// An error of the store, with the remedy where there is one.
Error store_error(const OperatorStore& store, const Error& error);

// Ok when the store knows `sink`, or it is "". The error lists the sinks, or proposes one.
Result<void> check_sink_name(OperatorStore& store, const std::string& sink);

// The whole id of the one event whose id begins with `text`, of at least 8 characters.
struct IdSearch {
  std::string id;           // "" when there is no one event
  bool ambiguous = false;   // there are several
  bool impossible = false;  // `text` can be the beginning of no event ID
  std::string message;      // why there is no one

  int exit_status() const;  // without one
};
Result<IdSearch> find_event_id(OperatorStore& store, const std::string& text);

// Writes "plivo-dialctl events `command`: `message`" to standard error, made safe for a terminal,
// and returns `status`.
int report_events(std::string_view command, std::string_view message, int status);

}  // namespace plivo_dial::ctl
