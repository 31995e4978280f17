// File: mod_plivo_dial/request/handler.h
//
// The content handler `plivo-dial`: request in, document or acknowledgement out.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// Our own word for the handler that SetHandler names, in any case of letters; null when it is none
// of ours. Null is allowed.
const char* our_handler(const char* name);

// Whether what SetHandler names is an expression of httpd's, such as "%{env:handler}": a request
// alone tells which handler it is.
bool is_handler_expression(std::string_view name);

// Hooks; neither lets an exception out.
int handle_request(request_rec* r) noexcept;       // handler
int write_pending_event(request_rec* r) noexcept;  // log_transaction: the event of an answer

}  // namespace plivo_dial
