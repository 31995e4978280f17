// Prints what the manual says in the program's own words, as AsciiDoc: the directives' help texts
// and contexts, the attributes of Plivo's elements, the tables of causes. Run at build time; the
// pages include its output by tags, so that these parts can't drift from the program.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "lib/document/vocabulary.h"
#include "lib/event/event_fields.h"
#include "lib/webhook/hangup_causes.h"
#include "lib/webhook/textual_causes.h"

namespace plivo_dial {
namespace {

struct Directive {
  std::string_view name;
  std::string_view context;
  bool in_number;
  std::string_view help;
};

constexpr Directive kDirectives[] = {
#define PLIVO_DIRECTIVE(name, shape, setter, context, in_number, help) \
  {name, #context, in_number != 0, help},
#include "mod_plivo_dial/config/directives.inc"
#undef PLIVO_DIRECTIVE
};

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

// The words of httpd's manual for enum plivo_context (glue.h).
std::string context_words(const Directive& directive) {
  std::string words;
  if (directive.context == "PLIVO_IN_MAIN_SERVER") words = "server config";
  if (directive.context == "PLIVO_IN_SERVER") words = "server config, virtual host";
  if (directive.context == "PLIVO_IN_SERVER_OR_LOCATION") {
    words = "server config, virtual host, Location";
  }
  if (directive.context == "PLIVO_IN_LOCATION") words = "Location";
  if (directive.context == "PLIVO_IN_MENU") words = "PlivoMenu";
  return words + (directive.in_number ? ", PlivoNumber" : "");
}

// "PlivoNumber" of "<PlivoNumber": names of AsciiDoc's attributes have letters only.
std::string_view bare_name(std::string_view name) {
  if (name.starts_with('<')) name.remove_prefix(1);
  return name;
}

void print_directives() {
  print("// tag::directives[]\n");
  for (const Directive& directive : kDirectives) {
    const std::string name(bare_name(directive.name));
    print(":help-" + name + ": " + std::string(directive.help) + "\n");
    print(":context-" + name + ": " + context_words(directive) + "\n");
  }
  print("// end::directives[]\n\n");
}

std::string joined(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) {
    text += text.empty() ? "" : ", ";
    text += "`+" + std::string(word) + "+`";
  }
  return text;
}

std::string number_range(const AttributeRule& rule) {
  return std::to_string(rule.min) + " to " + std::to_string(rule.max);
}

std::string text_length(const AttributeRule& rule) {
  if (rule.max == 0) return rule.min > 0 ? "text" : "text, may be empty";
  return "text of " + number_range(rule) + " characters";
}

// What a value may be, for people.
std::string value_words(const AttributeRule& rule) {
  switch (rule.kind) {
    case ValueKind::kText:
      return text_length(rule);
    case ValueKind::kInteger:
      return "whole number from " + number_range(rule);
    case ValueKind::kBoolean:
      return "`true` or `false`";
    case ValueKind::kUrl:
      return "absolute URL, http or https";
    case ValueKind::kUrlOrReal:
      return "absolute URL, http or https; `real`; or `say=` and a sentence";
    case ValueKind::kWord:
      return "one of " + joined(rule.words);
    case ValueKind::kWordInAnyCase:
      return "one of " + joined(rule.words) + ", in capitals or not";
    case ValueKind::kKey:
      return "one key of `0-9 * #`, or `none`";
    case ValueKind::kPhoneNumber:
      return "1 to 15 digits, with or without `{plus}` in front";
    case ValueKind::kDigits:
      return "characters of `+0-9 * # w W+`; each `w` waits half a second, each `W` a second";
    case ValueKind::kDigitLists:
      return "patterns of `+0-9 * #+` with commas between";
    case ValueKind::kSipHeaders:
      return "`Name=value,Name=value`, letters and digits only";
    case ValueKind::kBeep:
      return "`true`, `false` or `duration=...` with `inter_silence=`, `intra_silence=` and "
             "`threshold=`";
    case ValueKind::kVoice:
      return "`WOMAN`, `MAN` or `Polly.` and a name";
    case ValueKind::kLanguage:
      return "language tag, such as `en-GB`";
    case ValueKind::kKeys:
      return "characters of `+0-9 * #+`, or `none`";
  }
  return "";
}

void print_attributes(std::string_view element) {
  const std::string name(element);
  print("// tag::attributes-" + name + "[]\n");
  for (const AttributeRule& rule : find_element_rule(element)->attributes) {
    const std::string attribute(rule.name);
    print("[[attribute-" + name + "-" + attribute + "]]`" + attribute +
          "=`:: " + value_words(rule) + "\n");
  }
  print("// end::attributes-" + name + "[]\n\n");
}

void print_numeric_causes() {
  print("// tag::numeric-causes[]\n");
  for (const HangupCause& cause : hangup_causes()) {
    const std::string code = std::to_string(cause.code);
    print("[[cause-" + code + "]]`" + code + "` " + std::string(cause.name) + " (" +
          std::string(to_string(cause.side)) + ")::\n" + std::string(cause.meaning) +
          (cause.remedy.empty() ? "" : "\n" + std::string(cause.remedy)) + "\n");
  }
  print("// end::numeric-causes[]\n\n");
}

void print_textual_causes() {
  print("// tag::textual-causes[]\n");
  for (const TextualCause& cause : textual_causes()) {
    const std::string name(cause.name);
    print("[[cause-" + name + "]]`" + name + "` (" + std::string(to_string(cause.side)) + ")::\n" +
          std::string(cause.meaning) + "\n");
  }
  print("// end::textual-causes[]\n");
}

std::string code(std::string_view text) {
  return text.empty() ? "" : "`" + std::string(text) + "`";
}

// Where each field comes from, and where else it is shown.
void print_event_fields() {
  print("// tag::event-fields[]\n");
  for (const EventField& field : event_fields()) {
    std::string text = field.parameter.empty() ? "found out" : code(field.parameter);
    if (!field.b_leg_parameter.empty()) {
      text += ", at a callback " + code(field.b_leg_parameter);
    }
    if (!field.line_key.empty()) text += "; key " + code(field.line_key);
    if (!field.variable.empty()) text += "; variable " + code(field.variable);
    print(code(field.name) + ":: " + text + "\n");
  }
  print("// end::event-fields[]\n");
}

}  // namespace
}  // namespace plivo_dial

int main() {
  using namespace plivo_dial;
  print_event_fields();
  print_directives();
  for (const std::string_view element :
       {"Speak", "Play", "Wait", "Dial", "Number", "User", "Record"}) {
    print_attributes(element);
  }
  print_numeric_causes();
  print_textual_causes();
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0 ? 0 : 1;
}
