// File: mod_plivo_dial/ctl/tables/map_command.h
//
// `plivo-dialctl map check` and `map find`: a route map judged before it is put in place, and the
// line of it that holds for a call.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {
class Command;
}

namespace plivo_dial::ctl {

// Adds the subcommand to `app`, which runs it when the command line asks for it.
void add_map_command(Command& app);

}  // namespace plivo_dial::ctl
