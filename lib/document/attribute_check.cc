// SPDX-License-Identifier: Apache-2.0
#include "lib/document/attribute_check.h"

#include <algorithm>
#include <optional>
#include <string>

#include "lib/base/absolute_url.h"
#include "lib/base/in_quotes.h"
#include "lib/base/odd_characters.h"
#include "lib/base/suggestion.h"
#include "lib/base/utf8.h"
#include "lib/document/value_check.h"
#include "lib/document/vocabulary.h"
#include "lib/document/voices.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kPassword = "sipAuthPassword";

// name="value"; a password does not belong in a log.
std::string shown(std::string_view name, std::string_view value) {
  return std::string(name) + "=" + (name == kPassword ? "..." : in_quotes(value));
}

// "Number", "Number and User", "Dial, Record and Conference": the elements that have `attribute`.
std::string owners_of(std::string_view attribute) {
  std::vector<std::string_view> owners;
  for (const std::string_view name : element_names()) {
    if (find_attribute_rule(*find_element_rule(name), attribute)) owners.push_back(name);
  }
  std::string out;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    if (i > 0) out += i + 1 == owners.size() ? " and " : ", ";
    out += owners[i];
  }
  return out;
}

Error unknown_attribute(const ElementRule& element, std::string_view name) {
  const std::string element_name(element.name);
  if (const std::string owners = owners_of(name); !owners.empty()) {
    return Error{in_quotes(name) + " is an attribute of " + owners + ", not of " + element_name};
  }
  const std::vector<std::string_view> known = attribute_names(element);
  const std::string start = element_name + " has no attribute " + in_quotes(name);
  if (const auto meant = nearest_word(name, known)) {
    return Error{start + "; did you mean " + in_quotes(*meant) + "?"};
  }
  if (known.empty()) return Error{start + "; it takes none"};
  std::string names;
  for (const std::string_view word : known)
    names += (names.empty() ? "" : ", ") + std::string(word);
  return Error{start + "; it has " + names};
}

Result<void> check_no_repeats(const Attributes& attributes) {
  for (auto it = attributes.begin(); it != attributes.end(); ++it) {
    const auto same = [&](const Attribute& other) { return other.name == it->name; };
    if (std::any_of(attributes.begin(), it, same)) {
      return Error{"attribute " + in_quotes(it->name) + " is given twice"};
    }
  }
  return {};
}

Result<void> check_confirmation(const Attributes& of_dial) {
  const auto has = [&](std::string_view name) { return find_attribute(of_dial, name) != nullptr; };
  if (has("confirmKey") && !has("confirmSound")) {
    return Error{
        "confirmKey has no effect without confirmSound: Plivo asks for the key only after it has "
        "played what the URL in confirmSound returns; add confirmSound=https://..."};
  }
  if (has("confirmTimeout") && !has("confirmKey")) {
    return Error{
        "confirmTimeout has no effect without confirmSound and confirmKey; add both or leave it "
        "out"};
  }
  return {};
}

Result<void> check_sip_login(const Attributes& of_user) {
  const bool has_name = find_attribute(of_user, "sipAuthUsername") != nullptr;
  const bool has_password = find_attribute(of_user, "sipAuthPassword") != nullptr;
  if (has_password && !has_name) {
    return Error{"sipAuthPassword needs sipAuthUsername beside it"};
  }
  if (has_name && !has_password) {
    return Error{"sipAuthUsername needs sipAuthPassword beside it"};
  }
  return {};
}

Result<void> check_tracks(const Attributes& of_stream) {
  const std::string* both_ways = find_attribute(of_stream, "bidirectional");
  const std::string* track = find_attribute(of_stream, "audioTrack");
  if (!both_ways || *both_ways != "true" || !track || *track == "inbound") return {};
  return Error{
      "audioTrack=" + in_quotes(*track) +
      " does not go with bidirectional=true, for which Plivo sends the inbound track only; "
      "write audioTrack=inbound or leave it out"};
}

}  // namespace

Result<void> check_attribute(std::string_view element, std::string_view name,
                             std::string_view value) {
  const ElementRule* element_rule = find_element_rule(element);
  if (!element_rule) return Error{"Plivo's XML has no element " + in_quotes(element)};
  const AttributeRule* rule = find_attribute_rule(*element_rule, name);
  if (!rule) return unknown_attribute(*element_rule, name);
  if (!is_valid_utf8(value)) {
    return Error{shown(name, value) + " is not valid UTF-8; save the file as UTF-8"};
  }
  if (const auto fault = fault_of_value(*rule, value))
    return Error{shown(name, value) + " " + *fault};
  return {};
}

Result<void> check_attributes_together(std::string_view element, const Attributes& attributes) {
  if (Result<void> once = check_no_repeats(attributes); !once) return once;
  if (element == "Dial") return check_confirmation(attributes);
  if (element == "User") return check_sip_login(attributes);
  if (element == "Speak") return check_spoken_language(attributes);
  if (element == "Stream") return check_tracks(attributes);
  if (element == "GetInput" && !find_attribute(attributes, "action")) {
    return Error{"GetInput needs action, the URL that gets what was entered or said"};
  }
  if (element == "MultiPartyCall" && !find_attribute(attributes, "role")) {
    return Error{"MultiPartyCall needs role, one of agent, supervisor, customer, ai-agent"};
  }
  return {};
}

Result<void> check_element_text(std::string_view element, std::string_view text) {
  const std::string element_name(element);
  const bool needs_text = element == "Number" || element == "User" || element == "Play" ||
                          element == "Redirect" || element == "DTMF" || element == "Conference" ||
                          element == "MultiPartyCall" || element == "Stream" ||
                          element == "Message";
  if (!needs_text) return {};
  if (text.empty()) return Error{element_name + " is empty; Plivo refuses the document"};
  if (element == "Number" && !is_phone_number(text)) {
    if (const std::string invisible = invisible_character_in(text); !invisible.empty()) {
      return Error{"Number: " + in_quotes(text) + " " + invisible + "; type the number"};
    }
    return Error{"Number holds " + in_quotes(text) +
                 ", which is not a phone number; write '+' and digits, such as +14155550111"};
  }
  if (element == "User") return check_sip_address(text);
  if (element == "Play" || element == "Redirect") {
    const Result<void> url = check_absolute_url(text);
    return url ? url : Error{element_name + ": " + url.error().message};
  }
  if (element == "Stream" && !text.starts_with("ws://") && !text.starts_with("wss://")) {
    return Error{"Stream holds " + in_quotes(text) + ", which is not a ws:// or wss:// URL"};
  }
  if (element == "DTMF" && !is_digits(text)) {
    return Error{"DTMF holds " + in_quotes(text) + "; only 0-9 * # w W are allowed"};
  }
  return {};
}

}  // namespace plivo_dial
