// SPDX-License-Identifier: Apache-2.0
#include "lib/document/value_check.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

#include "lib/base/absolute_url.h"
#include "lib/base/in_quotes.h"
#include "lib/base/odd_characters.h"
#include "lib/base/suggestion.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"

namespace plivo_dial {
namespace {

template <class Predicate>
bool all_are(std::string_view text, Predicate predicate) {
  return std::all_of(text.begin(), text.end(), predicate);
}

template <class Predicate>
bool some_and_all_are(std::string_view text, Predicate predicate) {
  return !text.empty() && all_are(text, predicate);
}

// Takes the part of `rest` before the first `separator` off it, or all of it.
std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    text.remove_prefix(decode_utf8(text).length);
    ++count;
  }
  return count;
}

std::optional<std::string> fault_of_text(const AttributeRule& rule, std::string_view value) {
  const auto count = static_cast<std::int64_t>(count_characters(value));
  if (count == 0 && rule.min > 0) return "is empty";
  if (count < rule.min) return "has less than " + std::to_string(rule.min) + " characters";
  if (rule.max > 0 && count > rule.max) {
    return "has " + std::to_string(count) + " characters; at most " + std::to_string(rule.max) +
           " are allowed";
  }
  return std::nullopt;
}

std::optional<std::string> fault_of_integer(const AttributeRule& rule, std::string_view value) {
  const std::optional<std::int64_t> number = parse_integer(value);
  if (number && *number >= rule.min && *number <= rule.max) return std::nullopt;
  return "is not a whole number from " + std::to_string(rule.min) + " to " +
         std::to_string(rule.max);
}

std::optional<std::string> fault_of_word(const AttributeRule& rule, std::string_view value) {
  const bool any_case = rule.kind == ValueKind::kWordInAnyCase;
  const std::string given = any_case ? lower(value) : std::string(value);
  if (std::find(rule.words.begin(), rule.words.end(), given) != rule.words.end()) {
    return std::nullopt;
  }
  if (const auto meant = nearest_word(value, rule.words); meant && meant->size() > 1) {
    return "is not one of Plivo's words; did you mean " + in_quotes(*meant) + "?";
  }
  std::string words;
  for (const std::string_view word : rule.words) {
    if (!words.empty()) words += ", ";
    words += word;
  }
  return "is not allowed; write " + (rule.words.size() > 1 ? "one of " + words : words);
}

// Plivo drops these headers without a word, in any case.
bool is_reserved_sip_header(std::string_view name) {
  constexpr std::string_view kPrefixes[] = {"ph-", "plivo", "fs-", "sipauth", "zt-", "twilio"};
  const std::string folded = lower(name);
  return folded == "clientregion" ||
         std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                     [&](std::string_view prefix) { return folded.starts_with(prefix); });
}

std::optional<std::string> fault_of_sip_headers(std::string_view value) {
  if (value.empty() || value.back() == ',') return "is not a list such as Ticket=123,Queue=sales";
  while (!value.empty()) {
    std::string_view header = take_until(value, ',');
    const std::string_view name = take_until(header, '=');
    if (is_reserved_sip_header(name)) {
      return "holds the header " + in_quotes(name) +
             ", a name that Plivo reserves and drops silently (PH-*, Plivo*, FS-*, SipAuth*, ZT-*, "
             "Twilio*, ClientRegion); choose another name";
    }
    if (!some_and_all_are(name, is_letter_or_digit) ||
        !some_and_all_are(header, is_letter_or_digit)) {
      return "is not a list such as Ticket=123,Queue=sales: names and values may hold letters and "
             "digits only";
    }
  }
  return std::nullopt;
}

std::optional<std::string> fault_of_digit_lists(std::string_view value) {
  const auto is_key = [](char c) { return is_digit(c) || c == '*' || c == '#'; };
  bool good = !value.empty() && value.back() != ',';
  while (good && !value.empty()) good = some_and_all_are(take_until(value, ','), is_key);
  if (good) return std::nullopt;
  return "is not a list of digit patterns such as *9,123 (0-9 * # with commas between)";
}

bool is_beep(std::string_view value) {
  if (value == "true" || value == "false") return true;
  if (value.empty() || value.back() == ',') return false;
  constexpr std::string_view kKeys[] = {"duration", "inter_silence", "intra_silence", "threshold"};
  while (!value.empty()) {
    std::string_view setting = take_until(value, ',');
    const std::string_view key = take_until(setting, '=');
    if (std::find(std::begin(kKeys), std::end(kKeys), key) == std::end(kKeys)) return false;
    if (!some_and_all_are(setting, is_digit)) return false;
  }
  return true;
}

bool is_voice(std::string_view value) {
  constexpr std::string_view kPolly = "Polly.";
  if (value == "WOMAN" || value == "MAN") return true;
  return value.starts_with(kPolly) && some_and_all_are(value.substr(kPolly.size()), [](char c) {
           return is_letter(c) || c == '-';
         });
}

bool is_language(std::string_view value) {
  const std::string_view primary = take_until(value, '-');
  const bool good = (primary.size() == 2 || primary.size() == 3) &&
                    all_are(primary, [](char c) { return c >= 'a' && c <= 'z'; });
  return good && all_are(value, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_key(std::string_view value) {
  const auto can_be_pressed = [](char c) { return is_digit(c) || c == '*' || c == '#'; };
  return value == "none" || (value.size() == 1 && can_be_pressed(value.front()));
}

bool is_keys(std::string_view value) {
  return value == "none" ||
         some_and_all_are(value, [](char c) { return is_digit(c) || c == '*' || c == '#'; });
}

std::optional<std::string> unless(bool good, std::string_view fault) {
  if (good) return std::nullopt;
  return std::string(fault);
}

constexpr std::string_view kNoUrl =
    "is not an absolute URL; Plivo needs http:// or https://, a host, and nothing that has to be "
    "percent-encoded";

// What stands between "sip:" and the end.
bool is_sip_rest(std::string_view rest) {
  const auto is_allowed = [](char c) {
    return c > ' ' && c < '\x7F' && c != '"' && c != '\'' && c != '<' && c != '>';
  };
  if (!all_are(rest, is_allowed)) return false;
  const std::size_t at = rest.find('@');
  if (at == std::string_view::npos || at == 0) return false;
  std::string_view host = rest.substr(at + 1);
  if (host.find('@') != std::string_view::npos) return false;
  const std::size_t semicolon = host.find(';');
  if (semicolon + 1 == host.size()) return false;
  return check_host_and_port(host.substr(0, semicolon)).ok();
}

}  // namespace

bool is_phone_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return text.size() <= 15 && some_and_all_are(text, is_digit);
}

bool is_digits(std::string_view text) {
  return some_and_all_are(
      text, [](char c) { return is_digit(c) || c == '*' || c == '#' || c == 'w' || c == 'W'; });
}

Result<void> check_sip_address(std::string_view text) {
  constexpr std::string_view kScheme = "sip:";
  if (text.starts_with(kScheme) && is_sip_rest(text.substr(kScheme.size()))) return {};
  const std::string shown = in_quotes(text);
  if (const std::string invisible = invisible_character_in(text); !invisible.empty()) {
    return Error{shown + " " + invisible + ", as it comes along with text that is pasted; type it"};
  }
  const auto sip_with = [&](std::string_view rest) {
    return in_quotes("sip:" + std::string(rest));
  };

  const std::string folded = lower(text.substr(0, 5));
  if (folded == "sips:") {
    const std::string_view rest = text.substr(5);
    return Error{shown + " is a sips: address, which Plivo's <User> does not take; write " +
                 (is_sip_rest(rest) ? sip_with(rest) : std::string("a sip: address"))};
  }
  const bool other_case = folded.starts_with(kScheme) && !text.starts_with(kScheme);
  const std::string_view rest = other_case ? text.substr(kScheme.size()) : text;
  if (!text.starts_with(kScheme) && is_sip_rest(rest)) {
    return Error{shown + " is not a SIP address of the form sip:user@host; did you mean " +
                 sip_with(rest) + "?"};
  }
  return Error{shown +
               " is not a SIP address; write sip:user@host, sip:user@host:port or "
               "sip:user@host;parameters in ASCII without spaces, quotes and angle brackets"};
}

namespace {

std::optional<std::string> fault_by_kind(const AttributeRule& rule, std::string_view value) {
  switch (rule.kind) {
    case ValueKind::kText:
      return fault_of_text(rule, value);
    case ValueKind::kInteger:
      return fault_of_integer(rule, value);
    case ValueKind::kBoolean:
      return unless(value == "true" || value == "false", "is neither true nor false");
    case ValueKind::kUrl:
      return unless(check_absolute_url(value).ok(), kNoUrl);
    case ValueKind::kUrlOrReal:
      return unless(value == "real" || check_absolute_url(value).ok(),
                    "is neither an absolute http:// or https:// URL nor the word real");
    case ValueKind::kWord:
    case ValueKind::kWordInAnyCase:
      return fault_of_word(rule, value);
    case ValueKind::kPhoneNumber:
      return unless(is_phone_number(value),
                    "is not a phone number; write 1 to 15 digits, with or without a '+' in front");
    case ValueKind::kDigits:
      return unless(is_digits(value), "holds something other than 0-9 * # w W");
    case ValueKind::kDigitLists:
      return fault_of_digit_lists(value);
    case ValueKind::kSipHeaders:
      return fault_of_sip_headers(value);
    case ValueKind::kBeep:
      return unless(is_beep(value),
                    "is neither true, false nor a list such as "
                    "duration=300,inter_silence=50,intra_silence=500,threshold=256");
    case ValueKind::kVoice:
      return unless(is_voice(value), "is not a voice; write WOMAN, MAN or Polly.<Name>");
    case ValueKind::kLanguage:
      return unless(is_language(value), "is not a language such as en-US");
    case ValueKind::kKey:
      return unless(is_key(value), "is not one key of 0-9 * #, and is not none");
    case ValueKind::kKeys:
      return unless(is_keys(value), "holds something other than 0-9 * #, and is not none");
  }
  return "is of a kind that this program does not know";
}

}  // namespace

std::optional<std::string> fault_of_value(const AttributeRule& rule, std::string_view value) {
  std::optional<std::string> fault = fault_by_kind(rule, value);
  const std::string invisible = fault ? invisible_character_in(value) : std::string();
  return invisible.empty() ? fault : invisible + "; type the value";
}

}  // namespace plivo_dial
