// File: lib/status/refused_events.h
//
// Counts events that were not stored, and why, in the status file. Lock-free, without system calls:
// for request threads. One entry for each user, because under mpm-itk one virtual host may store
// its events while another can't.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/status/status_layout.h"

namespace plivo_dial {

enum class LostEvent {
  kRefused,  // answered with 503
  kLogged,   // went to the error log whole
  kTrial,    // none: the process tried whether it can write the spool
};

// A process of `user` could not store one, for `reason`, of which the first bytes are kept.
void note_not_stored(StatusFile& status, uid_t user, LostEvent what, std::string_view reason,
                     std::int64_t now_us);

// It stored one, or could have: the trouble is over. Writes nothing, and returns false, when there
// was none.
bool note_stored(StatusFile& status, uid_t user);

// Whether a process of `user` should try the spool: true for one caller in `interval_us`, so that
// a server that starts hundreds of processes does not try hundreds of times.
bool trial_is_due(StatusFile& status, uid_t user, std::int64_t now_us, std::int64_t interval_us);

// A text of a status file, whoever wrote it; "" when it is not whole.
std::string read_status_text(const StatusText& text);

}  // namespace plivo_dial
