// File: mod_plivo_dial/ctl/sign/verify_command.h
//
// `plivo-dialctl verify`: whether a captured request was signed by Plivo, and if not, why.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {
class Command;
}

namespace plivo_dial::ctl {

// Adds the subcommand to `app`, which runs it when the command line asks for it. Its exit status is
// kExitOk for a request that is verified, kExitRefused for another.
void add_verify_command(Command& app);

}  // namespace plivo_dial::ctl
