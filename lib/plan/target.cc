// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/target.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "lib/base/in_quotes.h"
#include "lib/base/odd_characters.h"
#include "lib/base/text.h"
#include "lib/document/attribute_check.h"
#include "lib/document/value_check.h"
#include "lib/document/vocabulary.h"
#include "lib/plan/attribute_argument.h"

namespace plivo_dial {
namespace {

bool is_e164(std::string_view text) {
  return text.size() >= 8 && text.size() <= 16 && text[0] == '+' && text[1] != '0' &&
         std::all_of(text.begin() + 1, text.end(), is_digit);
}

// The digits of `text` without the signs that people write between them, or nothing when it holds
// anything else. A '+' in front stays.
std::optional<std::string> without_separators(std::string_view text) {
  constexpr std::string_view kSeparators = " \t()-./";
  // "+44 (0)20 ...", "0044 (0)20 ...": the zero is for callers inside the country.
  constexpr std::string_view kTrunkZero = "(0)";
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    if (!out.empty() && text.starts_with(kTrunkZero)) {
      text.remove_prefix(kTrunkZero.size());
      continue;
    }
    if (is_digit(c) || (c == '+' && out.empty())) {
      out += c;
    } else if (kSeparators.find(c) == std::string_view::npos) {
      return std::nullopt;
    }
    text.remove_prefix(1);
  }
  return out;
}

std::optional<std::string> number_meant(std::string_view text) {
  const std::optional<std::string> bare = without_separators(without_odd_characters(text));
  if (!bare || bare->empty()) return std::nullopt;
  std::string candidate = *bare;
  if (candidate.starts_with("00")) {
    candidate.replace(0, 2, "+");
  } else if (candidate[0] != '+' && candidate.size() >= 11) {
    // Too long for a number without country code; Plivo's own requests leave the '+' out.
    candidate.insert(0, "+");
  }
  if (!is_e164(candidate)) return std::nullopt;
  return candidate;
}

enum class AddressForm { kNumber, kUser, kNeither };

AddressForm form_of(std::string_view address) {
  if (address.empty()) return AddressForm::kNeither;
  // Also in capital letters, and "sips:", to be told what to write.
  const bool has_scheme = address.find(':') != std::string_view::npos &&
                          equals_ignoring_case(address.substr(0, 3), "sip");
  if (has_scheme || address.find('@') != std::string_view::npos) return AddressForm::kUser;
  const char first = address.front();
  return is_digit(first) || first == '+' || first == '(' ? AddressForm::kNumber
                                                         : AddressForm::kNeither;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t start = text.find_first_not_of(separators);
    if (start == std::string_view::npos) return parts;
    text.remove_prefix(start);
    const std::string_view part = text.substr(0, text.find_first_of(separators));
    parts.push_back(part);
    text.remove_prefix(part.size());
  }
}

// Fails when `text` is several addresses, or one and a comma, where one address may stand.
Result<void> check_is_one(std::string_view text) {
  if (text.find_first_of(",;") == std::string_view::npos) return {};
  const std::vector<std::string_view> parts = split(text, ",; \t");
  const bool addresses = !parts.empty() && std::ranges::all_of(parts, [](std::string_view part) {
    return is_e164(part) || check_sip_address(part).ok();
  });
  const bool is_separated = parts.size() > 1 || text.find(',') != std::string_view::npos;
  if (!addresses || !is_separated) return {};
  std::string right;
  for (const std::string_view part : parts) right += (right.empty() ? "" : " ") + std::string(part);
  return Error{in_quotes(text) + ": separate numbers by blanks, without commas: " + right};
}

// The error for a text that is no number; `text` is shown as it was written.
Error bad_number(std::string_view text) {
  const std::optional<std::string> meant = number_meant(text);
  const std::string proposal = meant ? "; did you mean " + *meant + "?" : "";
  if (const std::string invisible = invisible_character_in(text); !invisible.empty()) {
    return Error{in_quotes(text) + " " + invisible +
                 ", as it comes along with a number that is pasted: type the number" + proposal};
  }
  const std::string start = in_quotes(text) + " is not a phone number in E.164";
  if (meant) return Error{start + proposal};
  const std::optional<std::string> bare = without_separators(without_odd_characters(text));
  constexpr std::size_t kShortest = 7;
  const bool national = bare && bare->size() >= kShortest && bare->front() != '+';
  return Error{start + (national ? ", the country code is missing" : "") +
               "; write '+', the country code and the number, 7 to 15 digits in all"};
}

Result<void> check_address(std::string_view address, AddressForm form) {
  if (Result<void> one = check_is_one(address); !one) return one;
  switch (form) {
    case AddressForm::kNumber:
      return check_e164(address);
    case AddressForm::kUser:
      return check_sip_address(address);
    case AddressForm::kNeither:
      break;
  }
  return Error{in_quotes(address) +
               " is neither a phone number such as +14155550111 nor a SIP user such as "
               "sip:alice@example.com"};
}

}  // namespace

Result<void> check_e164(std::string_view text) {
  if (is_e164(text)) return {};
  if (Result<void> one = check_is_one(text); !one) return one;
  return bad_number(text);
}

Result<Target> parse_target(std::string_view argument) {
  const std::vector<std::string_view> words = split(argument, " \t");
  if (Result<void> forms = check_argument_forms(words); !forms) return forms.error();
  const auto first_attribute = std::find_if(
      words.begin(), words.end(), [](std::string_view word) { return split_attribute(word); });
  if (first_attribute == words.begin()) {
    return Error{
        "a target is missing; write a phone number such as +14155550111 or a SIP user "
        "such as sip:alice@example.com"};
  }
  // All words before the attributes, so that "+1 415 555 0111" is judged as one number.
  const std::string_view last = *(first_attribute - 1);
  const std::string_view address(
      words.front().data(),
      static_cast<std::size_t>(last.data() + last.size() - words.front().data()));
  const AddressForm form = form_of(without_odd_characters(address));
  if (Result<void> result = check_address(address, form); !result) return result.error();

  Target target;
  target.kind = form == AddressForm::kUser ? Target::Kind::kUser : Target::Kind::kNumber;
  target.address = address;
  const std::string_view element = form == AddressForm::kUser ? "User" : "Number";
  for (auto word = first_attribute; word != words.end(); ++word) {
    const std::optional<AttributeArgument> attribute = split_attribute(*word);
    if (!attribute) {
      return Error{in_quotes(*word) + " behind target " + in_quotes(address) +
                   " is not of the form attribute=value; values inside a target's quotes cannot "
                   "hold spaces"};
    }
    if (Result<void> result = add_attribute(element, *attribute, target.attributes); !result) {
      return result.error();
    }
  }
  Result<void> together = check_attributes_together(element, target.attributes);
  if (!together) return together.error();
  return target;
}

}  // namespace plivo_dial
