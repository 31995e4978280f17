// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/usage_error.h"

#include <CLI/CLI.hpp>
#include <vector>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "mod_plivo_dial/ctl/printable.h"

namespace plivo_dial::ctl {
namespace {

// A command that stands for nothing without one of its own, such as `events`.
std::string unknown_command_text(const CLI::App& command, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* sub : command.get_subcommands(nullptr)) names.push_back(sub->get_name());
  const std::vector<std::string_view> views(names.begin(), names.end());
  std::string text = "there is no command " + in_quotes(word);
  if (const auto nearest = nearest_word(word, views)) {
    return text + "; did you mean " + std::string(*nearest) + "?";
  }
  text += "; there are:";
  for (const std::string& name : names) text += " " + name;
  return text + ".";
}

}  // namespace

std::string usage_error_text(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* command = &app;
  std::string path = app.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().back();
    path += " " + command->get_name();
  }
  const std::vector<std::string> rest = command->remaining();
  const bool needs_command = command->get_require_subcommand_min() > 0;
  const bool unknown = needs_command && !rest.empty() && !rest.front().starts_with('-');
  const std::string what =
      unknown ? unknown_command_text(*command, rest.front()) : std::string(error.what()) + ".";
  return path + ": " + printable(what) + " See " + path + " --help.\n";
}

}  // namespace plivo_dial::ctl
