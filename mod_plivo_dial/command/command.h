// File: mod_plivo_dial/command/command.h
//
// The command line of a program: Command declares its commands and options, reads what was typed
// and runs the command that was asked for. Use it for each program of ours; the parser behind it,
// CLI11, costs a compiler seconds in every source that sees it, and stays in this room.
//
//   Command program("plivo-example", "Greets people.");
//   program.needs_command();
//   Command& greet = program.subcommand("greet", "Say hello to somebody.");
//   const auto name = std::make_shared<std::string>("you");
//   greet.option("--name", *name, "To whom").shows_default().type_name("NAME");
//   greet.runs([name] { return say_hello(*name); });
//   const Result<int, UsageError> status = program.run(argc, argv);
//
// A program owns its commands, and each command its options: references to them are good as long
// as the program lives. Variables that take values belong to the caller and must outlive run();
// what runs may hold them, as above. A mistake in a declaration, such as one name for two options,
// is an exception. All of it is for one thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial {

// An option, a flag or an argument of a command. What declares returns the option itself.
class Option {
 public:
  ~Option();
  Option(const Option&) = delete;
  Option& operator=(const Option&) = delete;

  Option& required();
  // What the help calls its value. Completion offers files for FILE and PROGRAM, directories for
  // DIR, whatever follows these words. An argument with "" is of the type that its name says.
  Option& type_name(const std::string& name);
  // The heading of the help under which it stands.
  Option& group(const std::string& name);
  // The help tells the value that its variable has now.
  Option& shows_default();

  // Which values are taken; completion offers the words.
  Option& one_of(std::vector<std::string> words);
  Option& range(int least, int most);
  // `judge` returns what is wrong with a value, "" when nothing is.
  Option& check(std::function<std::string(const std::string& value)> judge);
  // Given together with `other`, or without it, it is a mistake.
  Option& excludes(Option& other);
  Option& needs(Option& other);

  // What completion offers, where the declaration does not say all that is taken: words, words
  // behind an equals sign in the value, and the commands of the program.
  Option& offers(std::vector<std::string> words);
  Option& offers_behind_equals(std::vector<std::string> words);
  Option& offers_commands();

  // Whether the command line has it.
  bool given() const;

  // What was declared.
  std::vector<std::string> long_names() const;  // "--state"; none of an argument
  std::string help() const;
  std::string type() const;
  bool is_argument() const;
  bool takes_value() const;
  const std::vector<std::string>& words() const;
  const std::vector<std::string>& words_behind_equals() const;
  bool names_commands() const;

 private:
  friend class Command;
  struct State;
  explicit Option(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

// A command line that is not understood. `message` is one line, without its end: which command,
// what is wrong, what was likely meant, and where help is. Words that were typed are in it as they
// are: who shows it at a terminal makes it printable.
struct UsageError : Error {
  std::string brief;  // what is wrong, and how to ask for help: two lines, with their ends
  int status = 0;     // an exit status for each kind of mistake, above 100
};

// A program, or one of its commands.
class Command {
 public:
  // A program. It has --help, and so has each of its commands.
  Command(const std::string& name, const std::string& description);
  ~Command();
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  // A command below this one. It inherits the width of the help and the footer that are there.
  Command& subcommand(const std::string& name, const std::string& description);

  // `names` are those of an option, "--state" or "-s,--state", or that of an argument: "NUMBER".
  // An option with a list takes one value each time it is given, an argument all that follow.
  Option& option(const std::string& names, std::string& value, const std::string& help);
  Option& option(const std::string& names, std::optional<std::string>& value,
                 const std::string& help);
  Option& option(const std::string& names, std::vector<std::string>& value,
                 const std::string& help);
  Option& option(const std::string& names, int& value, const std::string& help);
  Option& option(const std::string& names, std::size_t& value, const std::string& help);
  // An option without a value.
  Option& flag(const std::string& names, bool& value, const std::string& help);

  // --version prints `text`.
  void version(const std::string& text);
  void footer(const std::string& text);
  // The help is in two columns, wrapped at `width` characters. Unless this is said it is as it is
  // written.
  void help_width(std::size_t width);
  // It is nothing without a command of its own.
  void needs_command();
  // What it does, once the command line is read. Returns the exit status of the program.
  void runs(std::function<int()> action);

  // Of a program: reads `words`, those behind its name, and runs what they ask for. The exit status
  // of that: 0 for --help and --version, which are printed, and where nothing runs.
  Result<int, UsageError> run(std::vector<std::string> words);
  Result<int, UsageError> run(int argc, const char* const* argv);  // those of main()

  // What was declared.
  const std::string& name() const;
  std::string description() const;
  std::vector<const Command*> commands() const;
  std::vector<const Option*> options() const;  // with --help and --version
  // The same as its --help prints.
  std::string help() const;
  // "there is no command "statu"; did you mean status?" of the commands below; all are listed when
  // none is near.
  std::string unknown_command_text(const std::string& word) const;

 private:
  struct State;
  explicit Command(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace plivo_dial
