// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/target.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "lib/base/in_quotes.h"
#include "lib/document/value_check.h"
#include "lib/document/vocabulary.h"
#include "lib/plan/attribute_argument.h"

namespace plivo_dial {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_e164(std::string_view text) {
  return text.size() >= 8 && text.size() <= 16 && text[0] == '+' && text[1] != '0' &&
         std::all_of(text.begin() + 1, text.end(), is_digit);
}

// The digits of `text` without the signs that people write between them, or nothing when it holds
// anything else. A '+' in front stays.
std::optional<std::string> without_separators(std::string_view text) {
  constexpr std::string_view kSeparators = " \t()-./";
  // "+44 (0)20 ...": the zero is for callers inside the country.
  constexpr std::string_view kTrunkZero = "(0)";
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    if (!out.empty() && out[0] == '+' && text.starts_with(kTrunkZero)) {
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

// Ten digits whose area and exchange codes are ones of the North American plan.
bool is_north_american(std::string_view digits) {
  return digits.size() == 10 && digits[0] >= '2' && digits[3] >= '2';
}

std::optional<std::string> number_meant(std::string_view text) {
  const std::optional<std::string> bare = without_separators(text);
  if (!bare || bare->empty()) return std::nullopt;
  std::string candidate = *bare;
  if (candidate.starts_with("00")) {
    candidate.replace(0, 2, "+");
  } else if (is_north_american(candidate)) {
    candidate.insert(0, "+1");
  } else if (candidate[0] != '+' && candidate.size() >= 11) {
    // Too long for a number without country code; Plivo's own requests leave the '+' out.
    candidate.insert(0, "+");
  }
  if (!is_e164(candidate)) return std::nullopt;
  return candidate;
}

enum class AddressForm { kNumber, kUser, kNeither };

AddressForm form_of(std::string_view address) {
  const auto is_sip_scheme = [](std::string_view text) {
    constexpr std::string_view kSip = "sip";
    return text.size() >= kSip.size() &&
           std::equal(kSip.begin(), kSip.end(), text.begin(),
                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
  };
  if (address.empty()) return AddressForm::kNeither;
  const std::size_t colon = address.find(':');
  if (address.find('@') != std::string_view::npos ||
      (colon != std::string_view::npos && is_sip_scheme(address.substr(0, colon)))) {
    return AddressForm::kUser;
  }
  const char first = address.front();
  return is_digit(first) || first == '+' || first == '(' ? AddressForm::kNumber
                                                         : AddressForm::kNeither;
}

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t start = text.find_first_not_of(" \t");
    if (start == std::string_view::npos) return words;
    text.remove_prefix(start);
    const std::string_view word = text.substr(0, text.find_first_of(" \t"));
    words.push_back(word);
    text.remove_prefix(word.size());
  }
}

Result<void> check_address(std::string_view address, AddressForm form) {
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
  const std::string start = in_quotes(text) + " is not a phone number in E.164";
  if (const auto meant = number_meant(text)) return Error{start + "; did you mean " + *meant + "?"};
  return Error{start + "; write '+', the country code and the number, 7 to 15 digits in all"};
}

Result<Target> parse_target(std::string_view argument) {
  const std::vector<std::string_view> words = split_words(argument);
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
  const AddressForm form = form_of(address);
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
