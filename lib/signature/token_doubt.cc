// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/token_doubt.h"

#include <algorithm>

#include "lib/base/text.h"

namespace plivo_dial {
namespace {

bool is_capital_or_digit(char c) {
  return (c >= 'A' && c <= 'Z') || is_digit(c);
}

bool is_auth_id(std::string_view text) {
  constexpr std::size_t kAuthIdLength = 20;
  return text.size() == kAuthIdLength && (text.starts_with("MA") || text.starts_with("SA")) &&
         std::ranges::all_of(text, is_capital_or_digit);
}

// "NAME=", "export NAME=" or "name:" in front, as files for a shell or for other programs have it.
bool is_assignment(std::string_view text) {
  if (text.starts_with("export ")) return true;
  const std::size_t end = text.find_first_of("=:");
  if (end == std::string_view::npos || end == 0 || end + 1 == text.size()) return false;
  const std::string_view name = text.substr(0, end);
  const bool named =
      name.find("AUTH") != std::string_view::npos || name.find("auth") != std::string_view::npos ||
      name.find("oken") != std::string_view::npos || name.find("OKEN") != std::string_view::npos;
  return named && std::ranges::all_of(name, [](char c) {
           return is_capital_or_digit(c) || (c >= 'a' && c <= 'z') || c == '_' || c == '-' ||
                  c == ' ';
         });
}

bool is_quote(char c) {
  return c == '"' || c == '\'' || c == '`';
}

}  // namespace

std::string doubt_of_token(std::string_view token) {
  if (token.empty()) return "";
  if (is_assignment(token)) {
    return "has a name in front of the token, as in PLIVO_AUTH_TOKEN=...; leave the token alone";
  }
  if (is_quote(token.front()) || is_quote(token.back())) {
    return "has quotes around the token, which would count as part of it; leave them out";
  }
  if (is_auth_id(token)) {
    return "holds an Auth ID; the Auth Token stands beside it in Plivo's console";
  }
  if (token.find(' ') != std::string_view::npos) {
    return "has blanks in it, which no token has; write the token alone";
  }
  return "";
}

}  // namespace plivo_dial
