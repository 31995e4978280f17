// File: lib/sink/lost_privileges.h
//
// Whether a hook's program failed because set-uid and set-gid programs get no privileges in hooks
// (no_new_privs): mail by Postfix or Exim, sudo and su. Their own words do not say so.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace plivo_dial {

// What to tell about `output`, which a hook printed, where a line of it is one that such programs
// print without privileges, as a sentence without its full stop; else "". Pure.
std::string_view hint_at_lost_privileges(std::string_view output);

}  // namespace plivo_dial
