// SPDX-License-Identifier: Apache-2.0
#include "lib/form/foreign_body.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kBodyBlanks = " \t\r\n";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view without_blanks_in_front(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const std::size_t first = text.find_first_not_of(kBodyBlanks);
  return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

bool begins_with_one_of(std::string_view text, std::string_view characters) {
  return !text.empty() && characters.find(text.front()) != std::string_view::npos;
}

std::string_view format_of_name(std::string_view name) {
  if (begins_as_json(name)) return "JSON";
  const std::string_view text = without_blanks_in_front(name);
  if (text.starts_with("<?xml") || (text.starts_with('<') && text.find('>') != text.npos)) {
    return "XML";
  }
  const bool is_part = text.starts_with("--") && text.find("\r\n") != std::string_view::npos;
  return is_part ? "multipart/form-data" : "";
}

}  // namespace

bool begins_as_json(std::string_view text) {
  text = without_blanks_in_front(text);
  if (text.starts_with('"')) return true;
  if (!text.starts_with('{') && !text.starts_with('[')) return false;
  const bool object = text.front() == '{';
  return begins_with_one_of(without_blanks_in_front(text.substr(1)),
                            object ? "\"'}" : "\"'{[]-0123456789");
}

std::optional<std::string> json_in_form(std::string_view body) {
  if (begins_as_json(body)) return std::string(body);
  // Encoded, it is one name without '=' and '&'.
  if (!body.starts_with('%') && !body.starts_with('+')) return std::nullopt;
  if (body.find_first_of("=&") != std::string_view::npos) return std::nullopt;
  const FormLimits limits{1, body.size(), body.size()};
  const Result<Form> decoded = Form::decode(body, limits);
  if (!decoded) return std::nullopt;
  const std::string_view text = decoded->parameters().front().name;
  return begins_as_json(text) ? std::optional<std::string>(text) : std::nullopt;
}

std::string_view foreign_format(const Form& form) {
  for (const Parameter& pair : form.parameters()) {
    const std::string_view format = format_of_name(pair.name);
    if (!format.empty()) return format;
  }
  return "";
}

}  // namespace plivo_dial
