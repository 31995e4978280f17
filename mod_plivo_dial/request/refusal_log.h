// File: mod_plivo_dial/request/refusal_log.h
//
// The log lines of refused requests, within bounds: a flood of them must fill neither the disk nor
// the engineer's screen. All processes of the server share the counters.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_plivo_dial/httpd_api.h"
#include "mod_plivo_dial/request/refusal.h"

namespace plivo_dial {

// Makes the counters that all children share, those of the generations before and behind a reload
// too, in `process_pool`, or finds them there, and sets g_shared.refusals. Without shared memory
// each child counts for itself. In the parent, before children are forked.
void share_refusal_counters(apr_pool_t* process_pool);

// Whether the line of a refusal of `kind` is to be written now: the error log takes its level, and
// the bounds of this second are not reached. Ask once for each refusal and, where the reason costs
// something to find, before finding it. Writes the summary of what was left out before.
bool refusal_line_is_due(request_rec* r, RefusalKind kind);

// Writes the line of `refusal`, as far as the bounds allow. `served`: the request is served all the
// same, as PlivoSignature Warn wants it.
void log_refusal(request_rec* r, const Refusal& refusal, bool served);

// Writes the summaries of what was left out, if nothing came since. From the parent, now and then.
void write_refusal_summaries(server_rec* server);

}  // namespace plivo_dial
