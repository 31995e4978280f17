// File: mod_plivo_dial/ctl/doctor/doctor_command.h
//
// `plivo-dialctl doctor`: looks whether everything between Plivo and the sinks is in order.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {
class Command;
}

namespace plivo_dial::ctl {

// Adds the subcommand to `app`, which runs it when the command line asks for it. As root it
// becomes the spool's owner at its end, for good.
void add_doctor_command(Command& app);

}  // namespace plivo_dial::ctl
