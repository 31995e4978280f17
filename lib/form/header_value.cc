// SPDX-License-Identifier: Apache-2.0
#include "lib/form/header_value.h"

#include <algorithm>
#include <utility>

#include "lib/base/text.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kBlank = " \t";
constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

// Takes the quoted string at the front of `rest`, which begins with the opening quote.
std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string value;
  for (std::string_view left = rest.substr(1); !left.empty(); left.remove_prefix(1)) {
    if (left.starts_with("\\\"") || left.starts_with("\\\\")) {
      left.remove_prefix(1);
    } else if (left.front() == '"') {
      rest = left.substr(1);
      return value;
    }
    value.push_back(left.front());
  }
  return std::nullopt;
}

// Takes what stands before the next ';'. More characters than those of a token are let pass, since
// many programs leave the quotes around a boundary away.
std::optional<std::string> take_unquoted(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(';'), rest.size());
  const std::string_view value = trim_header(rest.substr(0, end));
  rest.remove_prefix(end);
  if (value.find_first_of("\" \t") != std::string_view::npos) return std::nullopt;
  return std::string(value);
}

// Takes `name=value` from the front of `rest`, up to the next ';'.
std::optional<HeaderParameter> take_parameter(std::string_view& rest) {
  const std::size_t equals = rest.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const std::string_view name = trim_header(rest.substr(0, equals));
  if (!is_header_token(name)) return std::nullopt;
  rest = trim_header(rest.substr(equals + 1));
  auto value = rest.starts_with('"') ? take_quoted(rest) : take_unquoted(rest);
  rest = trim_header(rest);
  if (!value || !(rest.empty() || rest.front() == ';')) return std::nullopt;
  return HeaderParameter{name, *std::move(value)};
}

}  // namespace

std::string_view trim_header(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

bool same_header_word(std::string_view a, std::string_view b) {
  return equals_ignoring_case(a, b);
}

bool is_header_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_letter_or_digit(c) || kTokenMarks.find(c) != std::string_view::npos;
  });
}

std::optional<HeaderValue> parse_header_value(std::string_view text) {
  if (std::ranges::any_of(text, is_control)) return std::nullopt;
  HeaderValue header;
  std::size_t end = std::min(text.find(';'), text.size());
  header.word = trim_header(text.substr(0, end));
  std::string_view rest = text.substr(end);
  while (!rest.empty()) {
    rest = trim_header(rest.substr(1));  // behind the ';'
    if (rest.empty() || rest.front() == ';') continue;
    auto parameter = take_parameter(rest);
    if (!parameter) return std::nullopt;
    header.parameters.push_back(*std::move(parameter));
  }
  return header;
}

}  // namespace plivo_dial
