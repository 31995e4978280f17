// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/command/command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <sstream>
#include <utility>

#include "mod_plivo_dial/command/help_text.h"
#include "mod_plivo_dial/command/usage_error.h"

namespace plivo_dial {

struct Option::State {
  CLI::Option* option;
  std::vector<std::string> words = {};
  std::vector<std::string> words_behind_equals = {};
  bool names_commands = false;
};

Option::Option(std::unique_ptr<State> state) : state_(std::move(state)) {}
Option::~Option() = default;

Option& Option::required() {
  state_->option->required();
  return *this;
}

Option& Option::type_name(const std::string& name) {
  state_->option->type_name(name);
  return *this;
}

Option& Option::group(const std::string& name) {
  state_->option->group(name);
  return *this;
}

Option& Option::shows_default() {
  state_->option->capture_default_str();
  return *this;
}

Option& Option::one_of(std::vector<std::string> words) {
  state_->option->check(CLI::IsMember(words));
  return offers(std::move(words));
}

Option& Option::range(int least, int most) {
  state_->option->check(CLI::Range(least, most));
  return *this;
}

Option& Option::check(std::function<std::string(const std::string& value)> judge) {
  state_->option->check(std::move(judge));
  return *this;
}

Option& Option::excludes(Option& other) {
  state_->option->excludes(other.state_->option);
  return *this;
}

Option& Option::needs(Option& other) {
  state_->option->needs(other.state_->option);
  return *this;
}

Option& Option::offers(std::vector<std::string> words) {
  state_->words = std::move(words);
  return *this;
}

Option& Option::offers_behind_equals(std::vector<std::string> words) {
  state_->words_behind_equals = std::move(words);
  return *this;
}

Option& Option::offers_commands() {
  state_->names_commands = true;
  return *this;
}

bool Option::given() const {
  return state_->option->count() > 0;
}

std::vector<std::string> Option::long_names() const {
  std::vector<std::string> names;
  for (const std::string& name : state_->option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::string Option::help() const {
  return state_->option->get_description();
}

std::string Option::type() const {
  const std::string type = state_->option->get_type_name();
  return type.empty() && is_argument() ? state_->option->get_name(true, false) : type;
}

bool Option::is_argument() const {
  return state_->option->get_positional();
}

bool Option::takes_value() const {
  return state_->option->get_items_expected_max() > 0;
}

const std::vector<std::string>& Option::words() const {
  return state_->words;
}

const std::vector<std::string>& Option::words_behind_equals() const {
  return state_->words_behind_equals;
}

bool Option::names_commands() const {
  return state_->names_commands;
}

struct Command::State {
  // A program's own `app`; those of the commands below belong to it.
  std::unique_ptr<CLI::App> owned;
  CLI::App* app;
  State* above;  // null for a program
  std::vector<std::unique_ptr<Command>> commands = {};
  std::vector<std::unique_ptr<Option>> options = {};
  std::function<int()> action = nullptr;
  const State* asked_for = nullptr;  // of a program

  State* program() { return above == nullptr ? this : above->program(); }

  std::string path() const {
    return above == nullptr ? app->get_name() : above->path() + " " + app->get_name();
  }

  Option& keep(CLI::Option* option) {
    options.emplace_back(new Option(std::make_unique<Option::State>(Option::State{option})));
    return *options.back();
  }
};

Command::Command(std::unique_ptr<State> state) : state_(std::move(state)) {
  state_->keep(state_->app->get_help_ptr());
}

Command::Command(const std::string& name, const std::string& description) {
  auto app = std::make_unique<CLI::App>(description, name);
  CLI::App* const bare = app.get();
  state_ = std::make_unique<State>(State{std::move(app), bare, nullptr});
  state_->keep(bare->get_help_ptr());
}

Command::~Command() = default;

Command& Command::subcommand(const std::string& name, const std::string& description) {
  CLI::App* const app = state_->app->add_subcommand(name, description);
  auto state = std::make_unique<State>(State{nullptr, app, state_.get()});
  state_->commands.emplace_back(new Command(std::move(state)));
  return *state_->commands.back();
}

Option& Command::option(const std::string& names, std::string& value, const std::string& help) {
  return state_->keep(state_->app->add_option(names, value, help));
}

Option& Command::option(const std::string& names, std::optional<std::string>& value,
                        const std::string& help) {
  return state_->keep(state_->app->add_option(names, value, help));
}

Option& Command::option(const std::string& names, std::vector<std::string>& value,
                        const std::string& help) {
  CLI::Option* const option = state_->app->add_option(names, value, help);
  // CLI11 would give it the arguments that follow, too.
  if (names.starts_with('-')) option->allow_extra_args(false);
  return state_->keep(option);
}

Option& Command::option(const std::string& names, int& value, const std::string& help) {
  return state_->keep(state_->app->add_option(names, value, help));
}

Option& Command::option(const std::string& names, std::size_t& value, const std::string& help) {
  return state_->keep(state_->app->add_option(names, value, help));
}

Option& Command::flag(const std::string& names, bool& value, const std::string& help) {
  return state_->keep(state_->app->add_flag(names, value, help));
}

void Command::version(const std::string& text) {
  state_->keep(state_->app->set_version_flag("--version", text));
}

void Command::footer(const std::string& text) {
  state_->app->footer(text);
}

void Command::help_width(std::size_t width) {
  state_->app->formatter(wrapping_formatter(width));
}

void Command::needs_command() {
  state_->app->require_subcommand(1);
}

void Command::runs(std::function<int()> action) {
  State* const state = state_.get();
  state->action = std::move(action);
  state->app->callback([state] { state->program()->asked_for = state; });
}

Result<int, UsageError> Command::run(std::vector<std::string> words) {
  CLI::App& app = *state_->app;
  state_->asked_for = nullptr;
  std::ranges::reverse(words);  // as CLI11 wants them
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    std::ostringstream brief;
    const int status = app.exit(error, std::cout, brief);
    if (status == 0) return 0;  // help and version
    return UsageError{{usage_error_text(app, error)}, brief.str(), status};
  }
  return state_->asked_for == nullptr ? 0 : state_->asked_for->action();
}

Result<int, UsageError> Command::run(int argc, const char* const* argv) {
  std::vector<std::string> words;
  for (int i = 1; i < argc; ++i) words.emplace_back(argv[i]);
  return run(std::move(words));
}

const std::string& Command::name() const {
  return state_->app->get_name();
}

std::string Command::description() const {
  return state_->app->get_description();
}

std::vector<const Command*> Command::commands() const {
  std::vector<const Command*> commands;
  for (const auto& command : state_->commands) commands.push_back(command.get());
  return commands;
}

std::vector<const Option*> Command::options() const {
  std::vector<const Option*> options;
  for (const auto& option : state_->options) options.push_back(option.get());
  return options;
}

std::string Command::help() const {
  // Not App::help(), which would tell of the command that was typed.
  return state_->app->get_formatter()->make_help(state_->app, state_->path(),
                                                 CLI::AppFormatMode::Normal);
}

std::string Command::unknown_command_text(const std::string& word) const {
  return plivo_dial::unknown_command_text(*state_->app, word);
}

}  // namespace plivo_dial
