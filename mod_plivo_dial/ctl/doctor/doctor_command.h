// File: mod_plivo_dial/ctl/doctor/doctor_command.h
//
// `plivo-dialctl doctor`: looks whether everything between Plivo and the sinks is in order.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace plivo_dial::ctl {

// Adds the subcommand to `app`. When the command line asks for it, it runs while `app` parses and
// leaves its exit status in `exit_status`, which must outlive `app`. As root it becomes the spool's
// owner at its end, for good.
void add_doctor_command(CLI::App& app, int& exit_status);

}  // namespace plivo_dial::ctl
