// File: mod_plivo_dial/check/assigned_user.h
//
// Who serves a Location under mpm-itk, whose AssignUserID lines make processes become another user
// for each request. Read from the configuration as it was written, since the module's own
// structures are not public.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "mod_plivo_dial/config/sections.h"

namespace plivo_dial {

struct AssignedUser {
  std::string line;          // the directive with its arguments
  std::optional<uid_t> uid;  // nothing: unknown, or an expression decides at each request
  Position position;
};

// The line that holds for requests at `section`; nothing when there is none.
std::optional<AssignedUser> assigned_user(apr_pool_t* scratch, const Section& section);

}  // namespace plivo_dial
