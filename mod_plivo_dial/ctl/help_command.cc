// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/help_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "mod_plivo_dial/ctl/standard_io.h"
#include "mod_plivo_dial/ctl/usage_error.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kHelp = "help";

int show_help(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* command = &app;
  std::string path = app.get_name();
  for (const std::string& word : words) {
    const auto below = command->get_subcommands(nullptr);
    const auto found = std::ranges::find_if(
        below, [&](const CLI::App* candidate) { return candidate->get_name() == word; });
    if (found == below.end()) {
      return report_usage(kHelp, printable(unknown_command_text(*command, word)));
    }
    command = *found;
    path += " " + word;
  }
  // Not App::help(), which would tell of the command that was typed, this one.
  const std::string text =
      command->get_formatter()->make_help(command, path, CLI::AppFormatMode::Normal);
  return write_output(kHelp, text, kExitOk);
}

}  // namespace

void add_help_command(CLI::App& app, int& exit_status) {
  CLI::App* help = app.add_subcommand("help", "What a command does and takes, as its --help says");
  const auto words = std::make_shared<std::vector<std::string>>();
  help->add_option("COMMAND", *words,
                   "The command, such as call or events list; all of them unless given")
      ->type_name("");
  help->footer("Example: plivo-dialctl help events list");
  help->callback([&app, words, &exit_status] { exit_status = show_help(app, *words); });
  CLI::App* version = app.add_subcommand("version", "The version, as --version says");
  version->callback([&exit_status] {
    exit_status = write_output("version", "plivo-dialctl " PLIVO_DIAL_VERSION "\n", kExitOk);
  });
}

}  // namespace plivo_dial::ctl
