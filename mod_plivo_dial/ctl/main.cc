// SPDX-License-Identifier: Apache-2.0
//
// plivo-dialctl: tools for people who run or write servers that Plivo calls.
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>

#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/commands.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/printable.h"

namespace plivo_dial::ctl {
namespace {

int run_program(int argc, char** argv) {
  const std::unique_ptr<Command> program = make_application();
  const Result<int, UsageError> status = program->run(argc, argv);
  if (status) return *status;
  std::fprintf(stderr, "%s\n", printable(status.error().message).c_str());
  return kExitUsage;
}

}  // namespace
}  // namespace plivo_dial::ctl

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a write beyond ulimit -f gives EFBIG
  try {
    return plivo_dial::ctl::run_program(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "plivo-dialctl: %s\n", error.what());
    return plivo_dial::ctl::kExitUsage;
  }
}
