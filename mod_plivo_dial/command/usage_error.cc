// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/command/usage_error.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <vector>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kTellingBeginning = 3;

// The one of `known` that begins with `word`, or the nearest to it.
std::optional<std::string> word_meant(const std::string& word,
                                      const std::vector<std::string>& known) {
  const auto begins = [&](const std::string& name) { return name.starts_with(word); };
  if (word.size() >= kTellingBeginning && std::ranges::count_if(known, begins) == 1) {
    return *std::ranges::find_if(known, begins);
  }
  const std::vector<std::string_view> views(known.begin(), known.end());
  const auto nearest = nearest_word(word, views);
  return nearest ? std::optional<std::string>(*nearest) : std::nullopt;
}

std::vector<std::string> names_of_commands(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* sub : command.get_subcommands(nullptr)) names.push_back(sub->get_name());
  return names;
}

// Without hyphens.
std::vector<std::string> names_of_options(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back(name);
  }
  return names;
}

// A command on the way from the program to the one that was meant.
struct Level {
  const CLI::App* command;
  std::string path;  // "plivo-dialctl events"
};

std::vector<Level> levels_of(const CLI::App& app) {
  std::vector<Level> levels = {{&app, app.get_name()}};
  while (!levels.back().command->get_subcommands().empty()) {
    const CLI::App* const command = levels.back().command->get_subcommands().back();
    levels.push_back({command, levels.back().path + " " + command->get_name()});
  }
  return levels;
}

// What is wrong with an option that the command at `index` does not have; `word` as it was written.
std::string unknown_option_text(const std::vector<Level>& levels, std::size_t index,
                                const std::string& word) {
  const std::string option = word.substr(0, word.find('='));
  const std::string name = option.substr(option.find_first_not_of('-'));
  for (std::size_t deeper = index + 1; deeper < levels.size(); ++deeper) {
    const std::vector<std::string> names = names_of_options(*levels[deeper].command);
    if (std::ranges::find(names, name) == names.end()) continue;
    return option + " belongs behind the command: " + levels[deeper].path + " " + option;
  }
  std::string text = "there is no option " + option;
  const Level& level = levels[index];
  if (const auto meant = word_meant(name, names_of_options(*level.command))) {
    text += "; did you mean --" + *meant + "?";
  }
  return text;
}

bool looks_like_an_option(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && word.find_first_not_of('-') != word.npos &&
         !(word[1] >= '0' && word[1] <= '9');
}

// The first option that nobody takes; "" when all are known.
std::string complaint_about_options(const std::vector<Level>& levels) {
  for (std::size_t index = 0; index < levels.size(); ++index) {
    for (const std::string& word : levels[index].command->remaining()) {
      if (word == "--") break;
      if (looks_like_an_option(word)) return unknown_option_text(levels, index, word);
    }
  }
  return "";
}

bool has_option(const CLI::App& command, const std::string& word) {
  const std::string option = word.substr(0, word.find('='));
  const std::vector<std::string> names = names_of_options(command);
  return std::ranges::find(names, option.substr(option.find_first_not_of('-'))) != names.end();
}

// Whether a command is missing or misspelt at this level, before an option that only those have.
bool lacks_command(const Level& level) {
  const CLI::App& command = *level.command;
  const std::vector<std::string> rest = command.remaining();
  if (command.get_require_subcommand_min() == 0 || !command.get_subcommands().empty()) return false;
  if (rest.empty() || !looks_like_an_option(rest.front())) return true;
  return std::ranges::any_of(command.get_subcommands(nullptr), [&](const CLI::App* below) {
    return has_option(*below, rest.front());
  });
}

std::string superfluous_text(const CLI::App& command, const std::vector<std::string>& rest) {
  const bool takes_some =
      !command.get_options([](const CLI::Option* option) { return option->get_positional(); })
           .empty();
  return in_quotes(rest.front()) + (takes_some ? " is one argument too many"
                                               : " is an argument, and this command takes none");
}

// Of "--state: waitin not in {waiting,delivered,dead}", as CLI11 says it. "" for another sentence.
std::string value_proposal(const std::string& error) {
  const std::size_t list = error.find(" not in {");
  const std::size_t start = error.find(": ");
  if (list == std::string::npos || start == std::string::npos || start + 2 > list) return "";
  const std::string word = error.substr(start + 2, list - start - 2);
  std::vector<std::string> known;
  std::string name;
  for (const char c : error.substr(list + 9)) {
    if (c != ',' && c != '}') {
      name += c;
      continue;
    }
    known.push_back(std::move(name));
    name.clear();
    if (c == '}') break;
  }
  const auto meant = word_meant(word, known);
  return meant ? "; did you mean " + *meant + "?" : "";
}

std::string complaint_of(const Level& level, const CLI::ParseError& error) {
  const CLI::App& command = *level.command;
  const std::vector<std::string> rest = command.remaining();
  const bool needs_command = command.get_require_subcommand_min() > 0;
  const bool begins_with_option = !rest.empty() && looks_like_an_option(rest.front());
  if (needs_command && (rest.empty() || begins_with_option) && command.get_subcommands().empty()) {
    std::string text = "a command is missing; there are:";
    for (const std::string& name : names_of_commands(command)) text += " " + name;
    return text + ".";
  }
  if (needs_command && !rest.empty()) return unknown_command_text(command, rest.front());
  if (!rest.empty() && dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return superfluous_text(command, rest) + ".";
  }
  const std::string proposal = value_proposal(error.what());
  return error.what() + (proposal.empty() ? "." : proposal);
}

}  // namespace

std::string unknown_command_text(const CLI::App& command, const std::string& word) {
  const std::vector<std::string> names = names_of_commands(command);
  std::string text = "there is no command " + in_quotes(word);
  if (names.empty()) return text + ": " + command.get_name() + " has none of its own.";
  if (const auto meant = word_meant(word, names)) return text + "; did you mean " + *meant + "?";
  text += "; there are:";
  for (const std::string& name : names) text += " " + name;
  return text + ".";
}

std::string usage_error_text(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<Level> levels = levels_of(app);
  std::string what = lacks_command(levels.back()) ? "" : complaint_about_options(levels);
  if (what.empty()) {
    what = complaint_of(levels.back(), error);
  } else if (!what.ends_with('?')) {
    what += ".";
  }
  const std::string& path = levels.back().path;
  return path + ": " + what + " See " + path + " --help.";
}

}  // namespace plivo_dial
