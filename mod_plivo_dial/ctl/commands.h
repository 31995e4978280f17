// File: mod_plivo_dial/ctl/commands.h
//
// The whole command line of plivo-dialctl: for main(), for the completion that is made of it, and
// for tests that walk over all commands.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

namespace plivo_dial {
class Command;
}

namespace plivo_dial::ctl {

// The application with all commands.
std::unique_ptr<Command> make_application();

}  // namespace plivo_dial::ctl
