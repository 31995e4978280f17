// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/party.h"

#include "lib/base/in_quotes.h"
#include "lib/base/without_plus.h"
#include "lib/plan/target.h"

namespace plivo_dial::ctl {
namespace {

bool has_letters(std::string_view text) {
  return text.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != text.npos;
}

}  // namespace

Result<void> check_party(std::string_view text) {
  const std::string_view digits = without_plus(text);
  const bool number = !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos;
  if (number || text.starts_with("sip:")) return {};
  if (!text.empty() && !has_letters(text)) return check_e164(text);
  return Error{in_quotes(text) + " is neither a number such as +14155550100 nor sip:user@host"};
}

Result<void> check_caller(std::string_view text) {
  const bool word = has_letters(text) || text.find_first_of("0123456789") == text.npos;
  if (word && !text.empty() && !text.starts_with('+')) return {};
  return check_party(text);
}

}  // namespace plivo_dial::ctl
