// File: mod_plivo_dial/ctl/sign/sign_command.h
//
// `plivo-dialctl sign`: the headers with which Plivo would sign a request.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace plivo_dial::ctl {

// Adds the subcommand to `app`. When the command line asks for it, it runs while `app` parses and
// leaves its exit status in `exit_status`, which must outlive `app`.
void add_sign_command(CLI::App& app, int& exit_status);

}  // namespace plivo_dial::ctl
