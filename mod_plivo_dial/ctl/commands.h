// File: mod_plivo_dial/ctl/commands.h
//
// The whole command line of plivo-dialctl: for main(), for the completion that is made of it, and
// for tests that walk over all commands.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace plivo_dial::ctl {

// The application with all commands. One that the command line asks for runs while the application
// parses, and leaves its exit status in `exit_status`, which must outlive the application.
std::unique_ptr<CLI::App> make_application(int& exit_status);

}  // namespace plivo_dial::ctl
