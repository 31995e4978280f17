// File: mod_plivo_dial/request/doubt_log.h
//
// The log lines about decisions that were made in spite of a doubt: each kind once since httpd was
// started, whichever child meets it, since a call that is played each day would say it each day.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_plivo_dial/httpd_api.h"
#include "mod_plivo_dial/request/request.h"

namespace plivo_dial {

// Makes the marks of what was said in `process_pool`, or finds them there, and sets
// g_shared.doubts. In the parent, before children are forked.
void share_doubt_marks(apr_pool_t* process_pool);

// Says the doubt that `webhook` leaves, if nobody has.
void log_doubt(request_rec* r, const Webhook& webhook, const RequestParameters& parameters);

}  // namespace plivo_dial
