// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/command/completion.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "mod_plivo_dial/command/command.h"

namespace plivo_dial {
namespace {

// What an option or an argument takes.
struct Taken {
  enum class Kind { kNothing, kAnything, kWords, kFile, kDirectory };
  Kind kind = Kind::kAnything;
  std::vector<std::string> words;
  std::vector<std::string> words_behind = {};  // behind an equals sign in the value
};

struct OfferedOption {
  std::string name;  // "--state"
  std::string help;  // its first sentence
  Taken takes;
};

struct OfferedCommand {
  std::string path;  // "events list"; "" for the program itself
  std::string help;
  std::vector<std::string> names;  // of the commands below it
  std::vector<std::string> helps;
  std::vector<OfferedOption> options;
  Taken argument{Taken::Kind::kNothing, {}};
  bool names_commands = false;  // its argument
};

std::string first_sentence(const std::string& text) {
  const std::size_t end = std::min(text.find_first_of(".:;\n"), text.size());
  return text.substr(0, end);
}

Taken taken_by(const Option& option) {
  if (!option.takes_value() || option.names_commands()) return {Taken::Kind::kNothing, {}};
  if (!option.words().empty()) return {Taken::Kind::kWords, option.words()};
  const std::string type = option.type();
  if (type.starts_with("DIR")) return {Taken::Kind::kDirectory, {}};
  if (type.starts_with("FILE") || type.starts_with("PROGRAM")) return {Taken::Kind::kFile, {}};
  return {Taken::Kind::kAnything, {}, option.words_behind_equals()};
}

OfferedCommand offered_by(const Command& command, const std::string& path) {
  OfferedCommand offered{path, first_sentence(command.description()), {}, {}, {}};
  for (const Command* below : command.commands()) {
    offered.names.push_back(below->name());
    offered.helps.push_back(first_sentence(below->description()));
  }
  for (const Option* option : command.options()) {
    for (const std::string& name : option->long_names()) {
      offered.options.push_back({name, first_sentence(option->help()), taken_by(*option)});
    }
  }
  const std::vector<const Option*> options = command.options();
  const auto argument = std::ranges::find_if(options, &Option::is_argument);
  if (argument == options.end()) return offered;
  offered.argument = taken_by(**argument);
  offered.names_commands = (*argument)->names_commands();
  return offered;
}

void collect_offers(const Command& command, const std::string& path,
                    std::vector<OfferedCommand>& all) {
  all.push_back(offered_by(command, path));
  for (const Command* below : command.commands()) {
    collect_offers(*below, path.empty() ? below->name() : path + " " + below->name(), all);
  }
}

// A command whose argument names others takes the words of each, as if they were its own.
void add_named_commands(std::vector<OfferedCommand>& all) {
  const auto naming = std::ranges::find(all, true, &OfferedCommand::names_commands);
  if (naming == all.end()) return;
  naming->names = all.front().names;
  naming->helps = all.front().helps;
  std::vector<OfferedCommand> below;
  for (const OfferedCommand& other : all) {
    if (other.path.empty() || other.path == naming->path) continue;
    below.push_back({naming->path + " " + other.path, "", other.names, other.helps, {}});
  }
  all.insert(all.end(), below.begin(), below.end());
}

std::vector<OfferedCommand> all_of(const Command& program) {
  std::vector<OfferedCommand> all;
  collect_offers(program, "", all);
  add_named_commands(all);
  return all;
}

std::string in_single_quotes(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string with_blanks(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// The pairs "events list" by which a script knows that a word is a command and no value.
std::string command_patterns(const std::vector<OfferedCommand>& all) {
  std::string patterns;
  for (const OfferedCommand& command : all) {
    if (command.path.empty()) continue;
    const std::string key = (command.path.find(' ') == std::string::npos ? " " : "") + command.path;
    patterns += (patterns.empty() ? "" : " | ") + in_single_quotes(key);
  }
  return patterns;
}

// Those that are nothing without one of their own.
std::string group_patterns(const std::vector<OfferedCommand>& all) {
  std::string patterns;
  for (const OfferedCommand& command : all) {
    if (command.names.empty()) continue;
    patterns += (patterns.empty() ? "" : " | ") + in_single_quotes(command.path);
  }
  return patterns;
}

// What a script does for what is taken; "" when nothing can be proposed.
std::string action_for(const Taken& taken) {
  switch (taken.kind) {
    case Taken::Kind::kWords:
      return "offer=" + in_single_quotes(with_blanks(taken.words));
    case Taken::Kind::kFile:
      return "files=-f";
    case Taken::Kind::kDirectory:
      return "files=-d";
    case Taken::Kind::kNothing:
    case Taken::Kind::kAnything:
      break;
  }
  return "";
}

// The branches of `case "$command $prev"`: options with a value.
std::string value_branches(const std::vector<OfferedCommand>& all) {
  std::string text;
  for (const OfferedCommand& command : all) {
    for (const OfferedOption& option : command.options) {
      if (option.takes.kind == Taken::Kind::kNothing) continue;
      const std::string action = action_for(option.takes);
      text += "    " + in_single_quotes(command.path + " " + option.name) + ") value=yes" +
              (action.empty() ? "" : " " + action) + " ;;\n";
      if (option.takes.words_behind.empty()) continue;
      text += "    " + in_single_quotes(command.path + " " + option.name + "=") +
              ") value=yes offer=" + in_single_quotes(with_blanks(option.takes.words_behind)) +
              " ;;\n";
    }
  }
  return text + "    *=) value=yes ;;\n";
}

// Both scripts find the command that is typed in the same way. Behind a word that is none there is
// nothing to offer.
std::string walk_of(const std::vector<OfferedCommand>& all) {
  return "    case \"$command $word\" in\n      " + command_patterns(all) +
         ")\n        command=\"${command:+$command }$word\" ;;\n"
         "      *' --') behind=yes; break ;;\n      *' -'*) ;;\n"
         "      *)\n        case \"$command\" in\n          " +
         group_patterns(all) + ") return ;;\n        esac ;;\n    esac\n";
}

std::string name_of_function(const Command& program) {
  std::string name = "_" + program.name();
  std::ranges::replace(name, '-', '_');
  return name;
}

// The lines above what the function does.
std::string opening_of(const Command& program, const char* shell) {
  return "# Completion of " + program.name() + " for " + shell + ", made by `" + program.name() +
         " completion` of its command line\n# SPDX-License-Identifier: Apache-2.0\n\n" +
         name_of_function(program) + "() {\n";
}

std::string bash_branch(const OfferedCommand& command) {
  std::vector<std::string> options;
  for (const OfferedOption& option : command.options) options.push_back(option.name);
  std::string text = "      " + in_single_quotes(command.path) +
                     ")\n        offer=" + in_single_quotes(with_blanks(command.names)) +
                     " options=" + in_single_quotes(with_blanks(options)) + "\n";
  const std::string argument = action_for(command.argument);
  if (!argument.empty()) text += "        " + argument + "\n";
  return text + "        ;;\n";
}

// "name:what it does", as _describe wants it.
std::string described(const std::string& name, const std::string& help) {
  std::string escaped;
  for (const char c : name) escaped += c == ':' ? std::string("\\:") : std::string(1, c);
  return in_single_quotes(escaped + ":" + help);
}

std::string zsh_branch(const OfferedCommand& command) {
  std::string text = "      " + in_single_quotes(command.path) + ")\n";
  text += "        subcommands=(";
  for (std::size_t i = 0; i < command.names.size(); ++i) {
    text += "\n          " + described(command.names[i], command.helps[i]);
  }
  text += ")\n        flags=(";
  for (const OfferedOption& option : command.options) {
    text += "\n          " + described(option.name, option.help);
  }
  text += ")\n";
  const std::string argument = action_for(command.argument);
  if (!argument.empty()) text += "        " + argument + "\n";
  return text + "        ;;\n";
}

// Finds out where among the words of the line the cursor is.
std::string zsh_beginning(const std::vector<OfferedCommand>& all) {
  return "  local command= word files= value= behind= prev=${words[CURRENT-1]}\n"
         "  local -a typed subcommands flags given\n"
         "  local -i i\n"
         "  typed=(\"${words[@]}\")\n"
         "  for ((i = 2; i < CURRENT; i++)); do\n"
         "    word=${typed[i]}\n" +
         walk_of(all) +
         "  done\n"
         "  if [[ -z $behind && ${typed[CURRENT]} == --*=* ]]; then\n"
         "    prev=${typed[CURRENT]%%=*}\n    compset -P 1 '*='\n"
         "  elif [[ -z $behind && ${typed[CURRENT]} == *=* ]]; then\n"
         "    prev=$prev=\n    compset -P 1 '*='\n  fi\n";
}

}  // namespace

std::string bash_completion(const Command& program) {
  const std::vector<OfferedCommand> all = all_of(program);
  std::string text = opening_of(program, "bash");
  text +=
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  local command= word i offer= options= files= value= behind= before=\n"
      "  COMPREPLY=()\n"
      "  # --option=value is three words, and --outcome TARGET=busy four, unless COMP_WORDBREAKS\n"
      "  # has no equals sign.\n"
      "  i=0\n"
      "  if [[ $cur == = ]]; then cur= i=$COMP_CWORD\n"
      "  elif [[ $prev == = ]]; then i=$((COMP_CWORD - 1))\n"
      "  elif [[ $cur == --*=* ]]; then prev=${cur%%=*} before=${cur%%=*}= cur=${cur#*=}\n"
      "  elif [[ $cur == *=* ]]; then prev=$prev= before=${cur%%=*}= cur=${cur#*=}; fi\n"
      "  if ((i > 1)); then\n"
      "    prev=${COMP_WORDS[i-1]}\n"
      "    [[ $prev == -* ]] || prev=${COMP_WORDS[i-2]}=\n  fi\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    word=${COMP_WORDS[i]}\n";
  text += walk_of(all);
  text += "  done\n  case \"$command $prev\" in\n" + value_branches(all) + "  esac\n";
  text += "  if [[ -z $value ]]; then\n    case \"$command\" in\n";
  for (const OfferedCommand& command : all) text += bash_branch(command);
  text +=
      "    esac\n"
      "    if [[ -n $behind ]]; then\n      offer= options= files=-f\n"
      "    elif [[ $cur == -* ]]; then\n      offer=$options files=\n"
      "    elif [[ -z $offer && -z $files ]]; then\n      offer=$options\n    fi\n"
      "  fi\n"
      "  if [[ -n $files ]]; then\n"
      "    compopt -o filenames 2>/dev/null\n"
      "    mapfile -t COMPREPLY < <(compgen \"$files\" -- \"$cur\")\n"
      "  elif [[ -n $offer ]]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W \"$offer\" -- \"$cur\")\n"
      "  fi\n"
      "  COMPREPLY=(\"${COMPREPLY[@]/#/$before}\")\n"
      "}\n"
      "complete -F ";
  return text + name_of_function(program) + " " + program.name() + "\n";
}

std::string zsh_completion(const Command& program) {
  const std::vector<OfferedCommand> all = all_of(program);
  std::string text = "#compdef " + program.name() + "\n" + opening_of(program, "zsh");
  text += zsh_beginning(all);
  text +=
      "  local offer=\n"
      "  case \"$command $prev\" in\n" +
      value_branches(all) + "  esac\n";
  text +=
      "  if [[ -n $value ]]; then\n"
      "    given=(${=offer})\n"
      "    if [[ $files == -f ]]; then _files; "
      "elif [[ $files == -d ]]; then _files -/; "
      "elif (( $#given )); then compadd -a given; fi\n"
      "    return\n  fi\n"
      "  if [[ -n $behind ]]; then\n    _files\n    return\n  fi\n"
      "  case \"$command\" in\n";
  for (const OfferedCommand& command : all) text += zsh_branch(command);
  text +=
      "  esac\n"
      "  given=(${=offer})\n"
      "  if [[ ${typed[CURRENT]} == -* ]]; then\n"
      "    _describe -o option flags\n"
      "  elif (( $#subcommands )); then\n    _describe -t commands command subcommands\n"
      "  elif (( $#given )); then\n    compadd -a given\n"
      "  elif [[ -n $files ]]; then\n    _files\n"
      "  else\n    _describe -o option flags\n  fi\n"
      "}\n";
  return text + name_of_function(program) + " \"$@\"\n";
}

}  // namespace plivo_dial
