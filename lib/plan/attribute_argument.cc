// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/attribute_argument.h"

#include <algorithm>
#include <string>

#include "lib/base/in_quotes.h"
#include "lib/document/vocabulary.h"

namespace plivo_dial {
namespace {

bool is_identifier(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

bool has_attribute(std::string_view element, std::string_view name) {
  const ElementRule* rule = find_element_rule(element);
  return rule && find_attribute_rule(*rule, name);
}

// Where an attribute that `element` does not have should be written, or "".
std::string place_of(std::string_view element, std::string_view name) {
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

}  // namespace

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
    return Error{unknown.error().message + place_of(element, argument.name)};
  }
  Result<void> result = check_attribute(element, argument.name, argument.value);
  if (!result) return result;
  if (find_attribute(attributes, argument.name)) {
    return Error{"attribute " + in_quotes(argument.name) + " is given twice; write it once"};
  }
  attributes.push_back({std::string(argument.name), std::string(argument.value)});
  return {};
}

}  // namespace plivo_dial
