// File: mod_plivo_dial/ctl/uuid.h
//
// Random names of calls, in the form that Plivo uses.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace plivo_dial::ctl {

// A random UUID (RFC 9562, version 4) from the system's random source.
std::string random_uuid();

// Whether `text` is 8-4-4-4-12 hexadecimal digits.
bool is_uuid(std::string_view text);

}  // namespace plivo_dial::ctl
