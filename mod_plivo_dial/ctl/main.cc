// SPDX-License-Identifier: Apache-2.0
//
// plivo-dialctl: tools for people who run or write servers that Plivo calls.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>

#include "mod_plivo_dial/ctl/call_command.h"
#include "mod_plivo_dial/ctl/doctor_command.h"
#include "mod_plivo_dial/ctl/events_command.h"
#include "mod_plivo_dial/ctl/init_command.h"
#include "mod_plivo_dial/ctl/sign_command.h"
#include "mod_plivo_dial/ctl/usage_error.h"
#include "mod_plivo_dial/ctl/verify_command.h"

namespace {

using AddCommand = void (*)(CLI::App&, int&);
constexpr AddCommand kCommands[] = {
    plivo_dial::ctl::add_call_command,   plivo_dial::ctl::add_sign_command,
    plivo_dial::ctl::add_verify_command, plivo_dial::ctl::add_events_command,
    plivo_dial::ctl::add_init_command,   plivo_dial::ctl::add_doctor_command};

int run(int argc, char** argv) {
  CLI::App app("Tools for mod_plivo_dial and for any server of Plivo XML.", "plivo-dialctl");
  app.set_version_flag("--version", "plivo-dialctl " PLIVO_DIAL_VERSION);
  app.require_subcommand(1);
  int exit_status = plivo_dial::ctl::kExitOk;
  for (const AddCommand add : kCommands) add(app, exit_status);
  // Commands inherit the footer that is there when they are added.
  app.footer(
      "Example: plivo-dialctl call --url http://127.0.0.1:8080/dialstatus\n"
      "More about a command: plivo-dialctl call --help");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // help and version
    std::fputs(plivo_dial::ctl::usage_error_text(app, error).c_str(), stderr);
    return plivo_dial::ctl::kExitUsage;
  }
  return exit_status;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a write beyond ulimit -f gives EFBIG
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "plivo-dialctl: %s\n", error.what());
    return plivo_dial::ctl::kExitUsage;
  }
}
