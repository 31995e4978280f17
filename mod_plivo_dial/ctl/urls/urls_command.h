// File: mod_plivo_dial/ctl/urls/urls_command.h
//
// `plivo-dialctl urls [NUMBER]`: what to enter at Plivo.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {
class Command;
}

namespace plivo_dial::ctl {

// Adds the command `urls` to `app`.
void add_urls_command(Command& app);

}  // namespace plivo_dial::ctl
