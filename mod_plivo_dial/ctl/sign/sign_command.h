// File: mod_plivo_dial/ctl/sign/sign_command.h
//
// `plivo-dialctl sign`: the headers with which Plivo would sign a request.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {
class Command;
}

namespace plivo_dial::ctl {

// Adds the subcommand to `app`, which runs it when the command line asks for it.
void add_sign_command(Command& app);

}  // namespace plivo_dial::ctl
