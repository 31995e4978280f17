// File: mod_plivo_dial/config/handler_word.h
//
// The word by which SetHandler names our handler.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace plivo_dial {

// Our own word for the handler that SetHandler names, in any case of letters; null when it is none
// of ours. Null is allowed.
const char* our_handler(const char* name);

// Whether what SetHandler names is an expression of httpd's, such as "%{env:handler}": a request
// alone tells which handler it is.
bool is_handler_expression(std::string_view name);

}  // namespace plivo_dial
