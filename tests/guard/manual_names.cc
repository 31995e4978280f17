// SPDX-License-Identifier: Apache-2.0
#include "tests/guard/manual_names.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "lib/event/event_fields.h"
#include "lib/event/json.h"
#include "lib/event/json_line.h"
#include "lib/json/json_value.h"
#include "lib/plan/directive_arguments.h"
#include "lib/settings/dispatcher_config.h"
#include "lib/settings/sink_arguments.h"
#include "lib/webhook/callback_options.h"
#include "lib/webhook/webhook.h"
#include "tests/httpd/process.h"

namespace plivo_dial::test {
namespace {

constexpr const char* kDirectives[] = {
#define PLIVO_DIRECTIVE(name, shape, setter, context, in_number, help) name,
#include "mod_plivo_dial/config/directives.inc"
#undef PLIVO_DIRECTIVE
};

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

// The words of `text` that stand between `before` and `after` and hold nothing but letters, digits,
// hyphens and underscores.
Names words_between(std::string_view before, std::string_view after, std::string_view text) {
  Names words;
  for (std::size_t at = text.find(before); at != std::string_view::npos;
       at = text.find(before, at + 1)) {
    const std::size_t begin = at + before.size();
    std::size_t end = begin;
    while (end < text.size() && is_name_character(text[end])) ++end;
    if (end > begin && text.substr(end).starts_with(after)) {
      words.emplace(text.substr(begin, end - begin));
    }
  }
  return words;
}

// The words of `text` from behind `before` to in front of `after`, without what surrounds them.
Names listed_words(std::string_view before, std::string_view after, std::string_view text) {
  const std::size_t begin = text.find(before);
  if (begin == std::string_view::npos) {
    throw std::runtime_error("no \"" + std::string(before) + "\" in: " + std::string(text));
  }
  const std::string_view rest = text.substr(begin + before.size());
  std::istringstream stream{std::string(rest.substr(0, rest.find(after)))};
  Names words;
  for (std::string word; stream >> word;) {
    std::erase_if(word, [](char c) { return c == ',' || c == '='; });
    words.insert(word);
  }
  return words;
}

Names with_prefix(const std::string& prefix, const Names& names) {
  Names prefixed;
  for (const std::string& name : names) prefixed.insert(prefix + name);
  return prefixed;
}

Names united(std::initializer_list<Names> sets) {
  Names all;
  for (const Names& names : sets) all.insert(names.begin(), names.end());
  return all;
}

Names directives() {
  Names names;
  for (std::string_view name : kDirectives) {
    if (name.starts_with('<')) name.remove_prefix(1);
    names.emplace(name);
  }
  return names;
}

Names sink_options() {
  const std::string_view unknown[] = {"log", "syslog:local0", "nothing=1"};
  return listed_words("Options: ", "\n", parse_sink(unknown).error().message);
}

Names callback_options() {
  return listed_words("some of ", " as ", parse_callback_options({}).error().message);
}

// The setters hold "minFree=" and the like as a literal.
Names keys_in_setters(const char* file) {
  return words_between("\"", "=\"", source(std::string("mod_plivo_dial/config/") + file));
}

Names voice_sentences() {
  return words_between("\"", "=...\"", parse_voice({}).error().message);
}

Names directive_keys() {
  return united({with_prefix("EventSink-", sink_options()),
                 with_prefix("Voice-", voice_sentences()),
                 with_prefix("CallbackOptions-", callback_options()),
                 with_prefix("Spool-", keys_in_setters("server_directives.cc")),
                 with_prefix("EventSecret-", keys_in_setters("trust_directives.cc"))});
}

bool is_program_source(const std::filesystem::path& path) {
  const std::string extension = path.extension();
  return extension == ".h" || extension == ".cc" || extension == ".c";
}

Names message_ids() {
  return words_between(" = \"", "\";", source("lib/log/log_id.h"));
}

Names notes() {
  Names names;
  const std::string directory = std::string(SOURCE_DIR) + "/mod_plivo_dial";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file() || !is_program_source(entry.path())) continue;
    names.merge(
        words_between("set_note(r, \"", "\"", source(entry.path().lexically_relative(SOURCE_DIR))));
  }
  return names;
}

// What the table of fields has in one column.
Names of_fields(std::string_view EventField::*column) {
  Names names;
  for (const EventField& field : event_fields()) {
    if (!(field.*column).empty()) names.emplace(field.*column);
  }
  return names;
}

Names members_of(const std::string& json) {
  const std::optional<JsonDocument> document = JsonDocument::parse(json);
  if (!document) throw std::runtime_error("no JSON: " + json);
  Names names;
  for (const auto& [name, value] : document->root().members()) names.emplace(name);
  return names;
}

Names field_names() {
  Event event;
  event.late = true;
  event.attempt = 2;
  event.params = {{"a", "\xff" + std::string(2 * kMinJsonLine, 'x')}};
  return united({of_fields(&EventField::name), members_of(to_json(event)),
                 members_of(to_json_line(event, kMinJsonLine))});
}

Names line_keys() {
  const std::string text = source("lib/event/syslog_line.cc");
  return united({of_fields(&EventField::line_key), words_between("add(\"", "\"", text),
                 words_between("add_required(\"", "\"", text),
                 words_between("kDigitsKey = \"", "\"", text),
                 words_between("\" ", "=true\"", text)});
}

Names environment_variables() {
  return united({of_fields(&EventField::variable),
                 words_between("add(\"", "\"", source("lib/event/environment.cc")),
                 words_between("emplace_back(\"", "=", source("lib/sink/exec_attempt.cc"))});
}

Names event_names() {
  Names names;
  for (int kind = 0; kind <= static_cast<int>(EventKind::kOther); ++kind) {
    names.emplace(to_string(static_cast<EventKind>(kind)));
  }
  return names;
}

Names dead_letter_members() {
  const std::string text = source("lib/store/dead_letter.cc");
  return united({words_between("member(\"", "\", ", text), words_between("key(\"", "\")", text)});
}

Names dispatcher_members() {
  DispatcherConfig config;
  config.log_facility = 0;
  config.tables.lists = {{"/list", ""}};
  return members_of(to_json(config));
}

// What a command says about itself.
struct Help {
  Names options;  // without the hyphens
  std::vector<std::string> commands;
};

Help help_of(const std::string& program, const std::vector<std::string>& command) {
  Command run;
  run.arguments = {program};
  run.arguments.insert(run.arguments.end(), command.begin(), command.end());
  run.arguments.emplace_back("--help");
  const CommandResult result = run_command(run);
  if (result.exit_code != 0) throw std::runtime_error(program + " --help: " + result.output);
  Help help;
  bool in_commands = false;
  std::istringstream lines(result.output);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("Subcommands:")) in_commands = true;
    if (line.empty() || line[0] != ' ') in_commands = in_commands && line.starts_with("Sub");
    if (!line.starts_with("  ") || line.starts_with("   ")) continue;
    const std::string word = line.substr(2, line.find_first_of(" ,", 2) - 2);
    const std::size_t hyphens = line.find("--");
    if (in_commands) {
      help.commands.push_back(word);
    } else if (word[0] == '-' && hyphens != std::string::npos && hyphens <= 6) {
      const std::size_t end = line.find_first_of(" ,", hyphens);
      help.options.insert(line.substr(hyphens + 2, end - hyphens - 2));
    }
  }
  return help;
}

// "call-public-url" for --public-url of the command call; every command has --help, which is said
// once.
void add_options(const std::string& program, const std::vector<std::string>& command,
                 const std::string& prefix, Names& options, Names& commands) {
  const Help help = help_of(program, command);
  for (const std::string& option : help.options) {
    if (option != "help" || command.empty()) options.insert(prefix + option);
  }
  for (const std::string& name : help.commands) {
    std::vector<std::string> deeper = command;
    deeper.push_back(name);
    const std::string words = (command.empty() ? "" : prefix) + name;
    commands.insert(words);
    add_options(program, deeper, words + "-", options, commands);
  }
}

Names options() {
  Names names;
  Names commands;
  add_options(PLIVO_DIALCTL_PROGRAM, {}, "main-", names, commands);
  add_options(PLIVO_DIALD_PROGRAM, {}, "diald-", names, commands);
  return names;
}

Names commands() {
  Names names;
  Names commands;
  add_options(PLIVO_DIALCTL_PROGRAM, {}, "main-", names, commands);
  return commands;
}

}  // namespace

void PrintTo(const Subject& subject, std::ostream* out) {
  *out << subject.name;
}

std::vector<Subject> subjects() {
  const std::vector<std::string> events = {"plivo-events.adoc"};
  return {{"Directives", directives, {"directives/"}, "[#"},
          {"KeysOfDirectives", directive_keys, {"directives/"}, "[[Plivo"},
          {"Messages", message_ids, {"plivo-messages.adoc"}, "[#"},
          {"EventFields", field_names, events, "[[field-"},
          {"EventNames", event_names, events, "[[event-"},
          {"KeysOfTheLine", line_keys, events, "[[key-"},
          {"Environment", environment_variables, events, "[[env-"},
          {"DeadLetters", dead_letter_members, events, "[[dead-"},
          {"DispatcherConfiguration", dispatcher_members, {"plivo-diald.adoc"}, "[[diald-"},
          {"NotesOfTheAccessLog", notes, {"mod_plivo_dial.adoc"}, "[[note-"},
          {"Commands", commands, {"plivo-dialctl.adoc"}, "[#command-"},
          {"Options", options, {"plivo-dialctl.adoc", "plivo-diald.adoc"}, "[[option-"}};
}

std::string text_of(const Subject& subject) {
  const std::string manual = "mod_plivo_dial/manual/";
  std::string text;
  for (const std::string& page : subject.pages) {
    if (!page.ends_with('/')) {
      text += source(manual + page);
      continue;
    }
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(SOURCE_DIR) + "/" + manual + page)) {
      text += source(entry.path().lexically_relative(SOURCE_DIR));
    }
  }
  return text;
}

Names names_behind(std::string_view opening, std::string_view text) {
  Names names;
  for (std::size_t at = text.find(opening); at != std::string_view::npos;
       at = text.find(opening, at + 1)) {
    const std::size_t begin = at + opening.size();
    names.emplace(text.substr(begin, text.find(']', begin) - begin));
  }
  return names;
}

std::vector<std::string> differences(const Names& program, const Names& manual) {
  std::vector<std::string> complaints;
  for (const std::string& name : program) {
    if (!manual.contains(name)) complaints.push_back(name + " is missing in the manual");
  }
  for (const std::string& name : manual) {
    if (!program.contains(name)) {
      complaints.push_back(name + " is in the manual, and not in the program");
    }
  }
  return complaints;
}

std::string source(const std::string& path) {
  std::ifstream file(std::string(SOURCE_DIR) + "/" + path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace plivo_dial::test
