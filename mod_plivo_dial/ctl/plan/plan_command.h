// File: mod_plivo_dial/ctl/plan/plan_command.h
//
// `plivo-dialctl plan NUMBER`: what happens to a call to a number.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {
class Command;
}

namespace plivo_dial::ctl {

// Adds the subcommand to `app`, which runs it when the command line asks for it.
void add_plan_command(Command& app);

}  // namespace plivo_dial::ctl
