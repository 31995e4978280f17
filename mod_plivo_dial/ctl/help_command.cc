// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/help_command.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/standard_io.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kHelp = "help";

int show_help(const Command& app, const std::vector<std::string>& words) {
  const Command* command = &app;
  for (const std::string& word : words) {
    const std::vector<const Command*> below = command->commands();
    const auto found = std::ranges::find(below, word, &Command::name);
    if (found == below.end()) {
      return report_usage(kHelp, printable(command->unknown_command_text(word)));
    }
    command = *found;
  }
  return write_output(kHelp, command->help(), kExitOk);
}

}  // namespace

void add_help_command(Command& app) {
  Command& help = app.subcommand("help", "What a command does and takes, as its --help says");
  const auto words = std::make_shared<std::vector<std::string>>();
  help.option("COMMAND", *words,
              "The command, such as call or events list; all of them unless given")
      .type_name("")
      .offers_commands();
  help.footer("Example: plivo-dialctl help events list");
  help.runs([&app, words] { return show_help(app, *words); });
  Command& version = app.subcommand("version", "The version, as --version says");
  version.runs(
      [] { return write_output("version", "plivo-dialctl " PLIVO_DIAL_VERSION "\n", kExitOk); });
}

}  // namespace plivo_dial::ctl
