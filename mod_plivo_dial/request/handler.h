// File: mod_plivo_dial/request/handler.h
//
// The content handler `plivo-dial`: request in, document or acknowledgement out.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// Hooks; neither lets an exception out.
int handle_request(request_rec* r) noexcept;       // handler
int write_pending_event(request_rec* r) noexcept;  // log_transaction: the event of an answer

}  // namespace plivo_dial
