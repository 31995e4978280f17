// File: mod_plivo_dial/ctl/plan/explain_command.h
//
// plivo-dialctl explain: which directive decides each step of a call, with file and line.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_plivo_dial/command/command.h"

namespace plivo_dial::ctl {

void add_explain_command(Command& app);

}  // namespace plivo_dial::ctl
