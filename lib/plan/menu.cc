// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/menu.h"

#include <algorithm>
#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/base/text.h"
#include "lib/document/attribute_check.h"
#include "lib/plan/attribute_argument.h"
#include "lib/plan/directive_arguments.h"
#include "lib/plan/follow_up.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kMenuKeys = "0123456789*#";
constexpr std::string_view kNothing = "none";
constexpr std::string_view kAnyOther = "other";
constexpr int kMostRetries = 9;

Result<void> check_name(std::string_view name) {
  const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; };
  if (!name.empty() && name.size() <= 40 && std::ranges::all_of(name, fits)) return {};
  return Error{in_quotes(name) +
               " is no name of a menu: 1 to 40 letters, digits, hyphens and underscores"};
}

Result<void> take_option(const AttributeArgument& option, Menu& menu) {
  if (option.name == "timeout") {
    const Result<void> checked = check_attribute("GetDigits", "timeout", option.value);
    if (checked) menu.timeout = option.value;
    return checked;
  }
  if (option.name != "retries") {
    return Error{in_quotes(option.name) + " is neither timeout nor retries"};
  }
  const bool fits = option.value.size() == 1 && is_digit(option.value[0]) && option.value != "0";
  if (!fits) {
    return Error{"retries=" + in_quotes(option.value) + " is not from 1 to " +
                 std::to_string(kMostRetries)};
  }
  menu.retries = option.value[0] - '0';
  return {};
}

Result<void> read_question(Prompt::Kind kind, Arguments arguments, const Position& position,
                           Menu& menu) {
  Result<Prompt> prompt = parse_prompt(kind, arguments);
  if (!prompt) return prompt.error();
  prompt->position = position;
  menu.prompts.push_back(std::move(*prompt));
  return {};
}

Result<Menu::Line> parse_keys(std::string_view list) {
  Menu::Line line;
  if (list == kNothing || list == kAnyOther) {
    line.kind = list == kNothing ? Menu::Line::Kind::kNone : Menu::Line::Kind::kOther;
    return line;
  }
  for (std::string_view rest = list;;) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view key = rest.substr(0, comma);
    if (key.size() != 1 || kMenuKeys.find(key[0]) == std::string_view::npos) {
      return Error{in_quotes(key) +
                   " is no key: write one of 0-9 * #, several as 1,2, none for silence, or other "
                   "for a key that no line has"};
    }
    if (line.keys.find(key[0]) != std::string::npos) {
      return Error{in_quotes(key) + " is given twice; leave one out"};
    }
    line.keys += key;
    if (comma == rest.size()) return line;
    rest.remove_prefix(comma + 1);
  }
}

Result<void> check_is_new(const Menu& menu, const Menu::Line& line) {
  for (const Menu::Line& other : menu.lines) {
    if (other.kind != line.kind) continue;
    const std::size_t again = other.keys.find_first_of(line.keys);
    if (line.kind == Menu::Line::Kind::kKeys && again == std::string::npos) continue;
    const std::string what = line.kind == Menu::Line::Kind::kKeys   ? other.keys.substr(again, 1)
                             : line.kind == Menu::Line::Kind::kNone ? std::string(kNothing)
                                                                    : std::string(kAnyOther);
    return Error{in_quotes(what) + " has a line already (" + to_string(other.step.position) +
                 "); leave one out"};
  }
  return {};
}

Result<void> read_key(Arguments arguments, const Position& position, Menu& menu) {
  if (arguments.size() < 2) {
    return Error{"write a key and where it leads, such as 1 dial=+14155550111"};
  }
  Result<Menu::Line> line = parse_keys(arguments.front());
  if (!line) return line.error();
  Result<FollowUp> step = parse_step(arguments.subspan(1));
  if (!step) return step.error();
  // Plivo goes on in the document when nothing is pressed, and a question can't stand there again.
  const bool is_none = line->kind == Menu::Line::Kind::kNone;
  if (is_none && step->kind == FollowUp::Kind::kMenu) {
    return Error{"silence can't lead to a menu; retries= says how often the question is put"};
  }
  if (step->kind == FollowUp::Kind::kMessage) {
    return Error{"sms= tells of a dial that nobody took; write it as a line of PlivoOn"};
  }
  if (is_none && step->kind == FollowUp::Kind::kDocument) {
    return Error{"silence can't lead to xml=; write redirect= with a URL of the document"};
  }
  stand_at(position, *step);
  line->step = std::move(*step);
  if (Result<void> checked = check_is_new(menu, *line); !checked) return checked;
  menu.lines.push_back(std::move(*line));
  return {};
}

}  // namespace

Result<Menu> parse_menu(std::span<const std::string_view> arguments) {
  if (arguments.empty()) return Error{"takes the name of a menu, such as main"};
  if (Result<void> checked = check_name(arguments.front()); !checked) return checked.error();
  Menu menu;
  menu.name = arguments.front();
  for (const std::string_view argument : arguments.subspan(1)) {
    const std::optional<AttributeArgument> option = split_attribute(argument);
    if (!option) return Error{in_quotes(argument) + " is not of the form option=value"};
    if (Result<void> taken = take_option(*option, menu); !taken) return taken.error();
  }
  return menu;
}

Result<void> read_menu_line(std::string_view directive, std::span<const std::string_view> arguments,
                            const Position& position, Menu& menu) {
  if (equals_ignoring_case(directive, "PlivoKey")) return read_key(arguments, position, menu);
  if (equals_ignoring_case(directive, "PlivoSpeak")) {
    return read_question(Prompt::Kind::kSpeak, arguments, position, menu);
  }
  if (equals_ignoring_case(directive, "PlivoPlay")) {
    return read_question(Prompt::Kind::kPlay, arguments, position, menu);
  }
  return Error{"is not allowed in <PlivoMenu>, which holds PlivoSpeak, PlivoPlay and PlivoKey"};
}

Result<void> check_menu(const Menu& menu) {
  if (menu.prompts.empty()) {
    return Error{"the menu " + menu.name + " asks nothing; add PlivoSpeak or PlivoPlay"};
  }
  const auto has_key = [](const Menu::Line& line) { return !line.keys.empty(); };
  if (std::ranges::any_of(menu.lines, has_key)) return {};
  return Error{"the menu " + menu.name + " has no key; add PlivoKey 1 dial=... or the like"};
}

std::optional<std::size_t> line_for(const Menu& menu, std::string_view digits) {
  const auto wanted = [&](const Menu::Line& line) {
    if (digits.empty()) return line.kind == Menu::Line::Kind::kNone;
    return digits.size() == 1 && line.keys.find(digits[0]) != std::string::npos;
  };
  auto place = std::ranges::find_if(menu.lines, wanted);
  if (place == menu.lines.end() && !digits.empty()) {
    place = std::ranges::find(menu.lines, Menu::Line::Kind::kOther, &Menu::Line::kind);
  }
  if (place == menu.lines.end()) return std::nullopt;
  return static_cast<std::size_t>(place - menu.lines.begin());
}

}  // namespace plivo_dial
