// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/completion.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <vector>

#include "mod_plivo_dial/ctl/call/outcome.h"
#include "mod_plivo_dial/ctl/call/report_forms.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/standard_io.h"

namespace plivo_dial::ctl {
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
  std::string path;  // "events list"; "" for plivo-dialctl itself
  std::string help;
  std::vector<std::string> names;  // of the commands below it
  std::vector<std::string> helps;
  std::vector<OfferedOption> options;
  Taken argument;
};

std::string first_sentence(const std::string& text) {
  const std::size_t end = std::min(text.find_first_of(".:;\n"), text.size());
  return text.substr(0, end);
}

// Of "STATE:{waiting,dead}"; empty without braces.
std::vector<std::string> words_in_braces(const std::string& type) {
  std::vector<std::string> words;
  const std::size_t begin = type.find('{');
  if (begin == std::string::npos) return words;
  std::string word;
  for (const char c : type.substr(begin + 1, type.find('}', begin) - begin)) {
    if (c != ',' && c != '}') {
      word += c;
      continue;
    }
    words.push_back(std::move(word));
    word.clear();
  }
  return words;
}

template <class Rules>
std::vector<std::string> words_of(const Rules& rules) {
  std::vector<std::string> words;
  for (const auto& rule : rules) words.emplace_back(rule.word);
  return words;
}

Taken taken_by(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0) return {Taken::Kind::kNothing, {}};
  const std::string type = option.get_type_name();
  if (type == kReportType) return {Taken::Kind::kWords, words_of(report_rules())};
  if (type == kOutcomeType) return {Taken::Kind::kAnything, {}, words_of(outcome_rules())};
  std::vector<std::string> words = words_in_braces(type);
  if (!words.empty()) return {Taken::Kind::kWords, std::move(words)};
  if (type.starts_with("DIR")) return {Taken::Kind::kDirectory, {}};
  const bool file = type.starts_with("FILE") || type.starts_with("PROGRAM");
  return {file ? Taken::Kind::kFile : Taken::Kind::kAnything, {}};
}

Taken argument_of(const CLI::App& command) {
  const auto arguments =
      command.get_options([](const CLI::Option* option) { return option->get_positional(); });
  if (arguments.empty()) return {Taken::Kind::kNothing, {}};
  const std::string name = arguments.front()->get_name(true, false);
  if (name == "PROGRAM") return {Taken::Kind::kFile, {}};
  if (name == "COMMAND") return {Taken::Kind::kNothing, {}};  // see add_commands_of_help()
  return taken_by(*arguments.front());
}

OfferedCommand offered_by(const CLI::App& command, const std::string& path) {
  OfferedCommand offered{path, first_sentence(command.get_description()), {}, {}, {}, {}};
  for (const CLI::App* below : command.get_subcommands(nullptr)) {
    offered.names.push_back(below->get_name());
    offered.helps.push_back(first_sentence(below->get_description()));
  }
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      offered.options.push_back(
          {"--" + name, first_sentence(option->get_description()), taken_by(*option)});
    }
  }
  offered.argument = argument_of(command);
  return offered;
}

void collect_offers(const CLI::App& command, const std::string& path,
                    std::vector<OfferedCommand>& all) {
  all.push_back(offered_by(command, path));
  for (const CLI::App* below : command.get_subcommands(nullptr)) {
    collect_offers(*below, path.empty() ? below->get_name() : path + " " + below->get_name(), all);
  }
}

// "help" takes the words of each other command, as if they were commands of its own.
void add_commands_of_help(std::vector<OfferedCommand>& all) {
  const auto help = std::ranges::find(all, "help", &OfferedCommand::path);
  if (help == all.end()) return;
  help->names = all.front().names;
  help->helps = all.front().helps;
  std::vector<OfferedCommand> below;
  for (const OfferedCommand& other : all) {
    if (other.path.empty() || other.path == help->path) continue;
    below.push_back({"help " + other.path, "", other.names, other.helps, {}, {}});
    below.back().argument.kind = Taken::Kind::kNothing;
  }
  all.insert(all.end(), below.begin(), below.end());
}

std::vector<OfferedCommand> all_of(const CLI::App& app) {
  std::vector<OfferedCommand> all;
  collect_offers(app, "", all);
  add_commands_of_help(all);
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

constexpr const char* kMade = "made by `plivo-dialctl completion` of its command line\n";

}  // namespace

std::string bash_completion(const CLI::App& app) {
  const std::vector<OfferedCommand> all = all_of(app);
  std::string text = std::string("# Completion of plivo-dialctl for bash, ") + kMade;
  text +=
      "# SPDX-License-Identifier: Apache-2.0\n\n"
      "_plivo_dialctl() {\n"
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
  for (const OfferedCommand& command : all) {
    std::vector<std::string> options;
    for (const OfferedOption& option : command.options) options.push_back(option.name);
    const std::string argument = action_for(command.argument);
    text += "      " + in_single_quotes(command.path) +
            ")\n        offer=" + in_single_quotes(with_blanks(command.names)) +
            " options=" + in_single_quotes(with_blanks(options)) + "\n";
    if (!argument.empty()) text += "        " + argument + "\n";
    text += "        ;;\n";
  }
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
      "complete -F _plivo_dialctl plivo-dialctl\n";
  return text;
}

namespace {

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

}  // namespace

std::string zsh_completion(const CLI::App& app) {
  const std::vector<OfferedCommand> all = all_of(app);
  std::string text =
      std::string("#compdef plivo-dialctl\n# Completion of plivo-dialctl for zsh, ") + kMade;
  text +=
      "# SPDX-License-Identifier: Apache-2.0\n\n"
      "_plivo_dialctl() {\n"
      "  local command= word files= value= behind= prev=${words[CURRENT-1]}\n"
      "  local -a typed subcommands flags given\n"
      "  local -i i\n"
      "  typed=(\"${words[@]}\")\n"
      "  for ((i = 2; i < CURRENT; i++)); do\n"
      "    word=${typed[i]}\n";
  text += walk_of(all);
  text +=
      "  done\n"
      "  if [[ -z $behind && ${typed[CURRENT]} == --*=* ]]; then\n"
      "    prev=${typed[CURRENT]%%=*}\n    compset -P 1 '*='\n"
      "  elif [[ -z $behind && ${typed[CURRENT]} == *=* ]]; then\n"
      "    prev=$prev=\n    compset -P 1 '*='\n  fi\n"
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
      "}\n"
      "_plivo_dialctl \"$@\"\n";
  return text;
}

void add_completion_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand(
      "completion", "Print the completion for a shell; packages install it for both");
  const auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash or zsh")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}))
      ->type_name("");
  command->footer(
      "Example: plivo-dialctl completion bash > ~/.local/share/bash-completion/completions/"
      "plivo-dialctl");
  command->callback([&app, shell, &exit_status] {
    const std::string text = *shell == "bash" ? bash_completion(app) : zsh_completion(app);
    exit_status = write_output("completion", text, kExitOk);
  });
}

}  // namespace plivo_dial::ctl
