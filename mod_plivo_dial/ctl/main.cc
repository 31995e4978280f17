// SPDX-License-Identifier: Apache-2.0
//
// plivo-dialctl: tools for people who run or write servers that Plivo calls.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>

#include "mod_plivo_dial/ctl/commands.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/usage_error.h"

namespace {

int run(int argc, char** argv) {
  int exit_status = plivo_dial::ctl::kExitOk;
  const std::unique_ptr<CLI::App> app = plivo_dial::ctl::make_application(exit_status);
  try {
    app->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app->exit(error);  // help and version
    std::fputs(plivo_dial::ctl::usage_error_text(*app, error).c_str(), stderr);
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
