// File: mod_plivo_dial/ctl/tables/compile_command.h
//
// `plivo-dialctl compile`: makes the tables of schedules, route maps and lists, and puts them into
// the spool, as plivo-diald does when a file has changed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {
class Command;
}

namespace plivo_dial::ctl {

// Adds the subcommand to `app`, which runs it when the command line asks for it. As root the
// process becomes the spool's owner for good.
void add_compile_command(Command& app);

}  // namespace plivo_dial::ctl
