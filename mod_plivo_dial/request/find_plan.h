// File: mod_plivo_dial/request/find_plan.h
//
// The plan of a call: that of the number's section, of the line of a route map that is for the
// call, or of the Location.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/base/result.h"
#include "mod_plivo_dial/config/config.h"
#include "mod_plivo_dial/httpd_api.h"
#include "mod_plivo_dial/request/request.h"

namespace plivo_dial {

// Puts the tables and the hours of this moment into `state`, by which plans are found and walked.
void take_tables(RequestState& state);

// Puts the plan of the call that `state`, whose webhook is read, is about into it. Fails where
// there is none.
Result<void> find_plan(request_rec* r, const DirConfig& config, RequestState& state);

}  // namespace plivo_dial
