// File: mod_plivo_dial/ctl/sign/verify_command.h
//
// `plivo-dialctl verify`: whether a captured request was signed by Plivo, and if not, why.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace plivo_dial::ctl {

// Adds the subcommand to `app`. When the command line asks for it, it runs while `app` parses and
// leaves its exit status in `exit_status`, which must outlive `app`: kExitOk for a request that is
// verified, kExitRefused for another.
void add_verify_command(CLI::App& app, int& exit_status);

}  // namespace plivo_dial::ctl
