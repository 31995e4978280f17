// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/attribute_argument.h"

#include <algorithm>
#include <string>

#include "lib/base/in_quotes.h"
#include "lib/base/odd_characters.h"
#include "lib/base/text.h"
#include "lib/document/attribute_check.h"
#include "lib/document/places.h"
#include "lib/document/vocabulary.h"

namespace plivo_dial {
namespace {

bool is_identifier(std::string_view text) {
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_letter_or_digit(c) || c == '_'; });
}

bool has_attribute(std::string_view element, std::string_view name) {
  const ElementRule* rule = find_element_rule(element);
  return rule && find_attribute_rule(*rule, name);
}

// Where an attribute that `element` does not have should be written, or "".
std::string attribute_place(std::string_view element, std::string_view name) {
  const bool is_target = element == "Number" || element == "User";
  if (is_target && has_attribute("Dial", name)) {
    return "; it is for all targets: write it as an argument of its own, outside their quotes";
  }
  if (element == "Dial" && (has_attribute("Number", name) || has_attribute("User", name))) {
    const std::string address =
        has_attribute("Number", name) ? "+14155550111" : "sip:alice@example.com";
    return "; write it with its target in one quoted argument: " +
           in_quotes(address + " " + std::string(name) + "=...");
  }
  return "";
}

constexpr std::string_view kQuotes[] = {"\"",     "'",      "\u201C", "\u201D",
                                        "\u201E", "\u2018", "\u2019", "\u201A"};
constexpr std::size_t kPlainQuotes = 2;  // the first of them

// The quote that `text` begins with, or "".
std::string_view quote_before(std::string_view text) {
  const auto* const quote =
      std::ranges::find_if(kQuotes, [&](std::string_view one) { return text.starts_with(one); });
  return quote == std::end(kQuotes) ? std::string_view() : *quote;
}

std::string_view quote_behind(std::string_view text) {
  const auto* const quote =
      std::ranges::find_if(kQuotes, [&](std::string_view one) { return text.ends_with(one); });
  return quote == std::end(kQuotes) ? std::string_view() : *quote;
}

bool is_typographic(std::string_view quote) {
  return !quote.empty() &&
         std::find(kQuotes, kQuotes + kPlainQuotes, quote) == kQuotes + kPlainQuotes;
}

// name=value; a password does not belong in a log.
std::string shown(std::string_view name, std::string_view value) {
  return std::string(name) + "=" +
         (name == "sipAuthPassword" ? std::string("...") : std::string(value));
}

// timeout="20": httpd takes a quote only at the start of an argument.
Result<void> check_quoted_value(std::string_view argument) {
  const std::optional<AttributeArgument> attribute = split_attribute(argument);
  if (!attribute) return {};
  const std::string_view before = quote_before(attribute->value);
  const std::string_view behind = quote_behind(attribute->value);
  if (before.empty() || behind.empty() || attribute->value.size() < before.size() + behind.size()) {
    return {};
  }
  std::string_view inside = attribute->value.substr(before.size());
  inside.remove_suffix(behind.size());
  return Error{in_quotes(shown(attribute->name, attribute->value)) +
               ": leave the quotes out: " + shown(attribute->name, inside)};
}

// timeout = 20, timeout= 20, timeout =20; `index` is not 0.
Result<void> check_blanks(std::span<const std::string_view> arguments, std::size_t index) {
  const std::string_view before = arguments[index - 1];
  const std::string_view here = arguments[index];
  const bool equals_here = here.starts_with('=');
  const bool equals_before = before.ends_with('=') &&
                             is_identifier(before.substr(0, before.size() - 1)) &&
                             !split_attribute(here);
  if (!equals_before && !(equals_here && is_identifier(before))) return {};
  const std::string_view name = before.substr(0, before.find('='));
  const std::string_view value = here != "="                    ? here.substr(equals_here ? 1 : 0)
                                 : index + 1 < arguments.size() ? arguments[index + 1]
                                                                : "";
  return Error{in_quotes(name) + ": write no blanks around '=': " + shown(name, value)};
}

// “Connecting your call”: httpd knows plain quotes only, and splits at the blanks.
Result<void> check_typographic_quotes(std::span<const std::string_view> arguments,
                                      std::size_t index) {
  const std::string_view quote = quote_before(arguments[index]);
  if (!is_typographic(quote)) return {};
  const auto rest = arguments.subspan(index + 1);
  const bool closed = std::ranges::any_of(
      rest, [](std::string_view word) { return is_typographic(quote_behind(word)); });
  if (!closed) return {};
  return Error{in_quotes(arguments[index]) + " begins with the typographic quote " +
               code_point_of(quote) + ", which is a letter to httpd; write \" in its place"};
}

// With places, by what they may become.
Result<void> check_value(std::string_view element, const AttributeArgument& argument) {
  // Braces in a password are its own.
  if (!has_places(argument.value) || argument.name.starts_with("sipAuth")) {
    return check_attribute(element, argument.name, argument.value);
  }
  if (!takes_places(element, argument.name)) {
    return Error{std::string(argument.name) + "=" + in_quotes(argument.value) +
                 ": parameters of the call can stand in callerName and sipHeaders of a dial only"};
  }
  const auto places = split_places(argument.value);
  if (!places) return Error{std::string(argument.name) + ": " + places.error().message};
  std::string sample;
  for (const Place& place : *places) {
    sample += place.before;
    if (!place.name.empty()) sample += place.shown(sample_value(place.name));
  }
  const Result<void> checked = check_attribute(element, argument.name, sample);
  if (checked) return {};
  return Error{std::string(argument.name) + "=" + in_quotes(argument.value) +
               ", with sample values: " + checked.error().message};
}

}  // namespace

bool takes_places(std::string_view element, std::string_view name) {
  const bool of_dial = element == "Dial" || element == "Number" || element == "User";
  return of_dial && (name == "callerName" || name == "sipHeaders");
}

Result<void> check_argument_forms(std::span<const std::string_view> arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (Result<void> quotes = check_typographic_quotes(arguments, i); !quotes) return quotes;
    const bool can_be_text = i == 0 && arguments[i].find(' ') != std::string_view::npos;
    if (can_be_text) continue;
    if (Result<void> quoted = check_quoted_value(arguments[i]); !quoted) return quoted;
    if (i == 0) continue;
    if (Result<void> blanks = check_blanks(arguments, i); !blanks) return blanks;
  }
  return {};
}

std::optional<AttributeArgument> split_attribute(std::string_view argument) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  if (!is_identifier(argument.substr(0, equals))) return std::nullopt;
  return AttributeArgument{argument.substr(0, equals), argument.substr(equals + 1)};
}

Result<void> add_attribute(std::string_view element, const AttributeArgument& argument,
                           Attributes& attributes) {
  if (!has_attribute(element, argument.name)) {
    Result<void> unknown = check_attribute(element, argument.name, argument.value);
    return Error{unknown.error().message + attribute_place(element, argument.name)};
  }
  Result<void> result = check_value(element, argument);
  if (!result) return result;
  if (find_attribute(attributes, argument.name)) {
    return Error{"attribute " + in_quotes(argument.name) + " is given twice; write it once"};
  }
  attributes.push_back({std::string(argument.name), std::string(argument.value)});
  return {};
}

}  // namespace plivo_dial
