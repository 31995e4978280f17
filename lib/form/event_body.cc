// SPDX-License-Identifier: Apache-2.0
#include "lib/form/event_body.h"

#include <algorithm>
#include <utility>

#include "lib/form/foreign_body.h"
#include "lib/form/header_value.h"
#include "lib/form/json_pairs.h"
#include "lib/form/multipart.h"

namespace plivo_dial {
namespace {

using Format = EventBodyType::Format;

bool is_served_charset(std::string_view charset) {
  return same_header_word(charset, "utf-8") || same_header_word(charset, "utf8") ||
         same_header_word(charset, "us-ascii");
}

std::optional<Format> format_of(std::string_view media_type) {
  if (same_header_word(media_type, "application/x-www-form-urlencoded")) return Format::kForm;
  if (same_header_word(media_type, "multipart/form-data")) return Format::kMultipart;
  if (same_header_word(media_type, "application/json")) return Format::kJson;
  return std::nullopt;
}

// The pairs of JSON that came as a form; `error` says then that it did.
std::optional<Form> decode_json_in_form(std::string_view json, EventBodyError& error,
                                        const FormLimits& limits) {
  FormBuilder pairs(limits);
  std::optional<EventBodyError> failure = read_json_pairs(json, pairs);
  if (!failure) return pairs.build();
  error = *std::move(failure);
  error.message += "; it begins as JSON does, under the Content-Type of a form";
  return std::nullopt;
}

std::optional<EventBodyError> read_pairs(const EventBodyType& type, std::string_view body,
                                         FormBuilder& pairs) {
  if (body.empty()) return std::nullopt;
  return type.format == Format::kJson ? read_json_pairs(body, pairs)
                                      : read_multipart(body, type.boundary, pairs);
}

}  // namespace

std::optional<EventBodyType> parse_event_body_type(std::string_view content_type) {
  const auto header = parse_header_value(content_type);
  const auto format = header ? format_of(header->word) : std::nullopt;
  if (!format) return std::nullopt;
  EventBodyType type{*format, ""};
  for (const auto& [name, value] : header->parameters) {
    if (same_header_word(name, "charset") && !is_served_charset(value)) return std::nullopt;
    if (*format != Format::kMultipart || !same_header_word(name, "boundary")) continue;
    // With two boundaries nobody knows which one the sender means.
    if (!type.boundary.empty() || !is_multipart_boundary(value)) return std::nullopt;
    type.boundary = value;
  }
  if (*format == Format::kMultipart && type.boundary.empty()) return std::nullopt;
  return type;
}

std::optional<Form> decode_event_body(const EventBodyType& type, std::string_view body,
                                      EventBodyError& error, const FormLimits& limits) {
  if (type.format == Format::kForm) {
    if (const auto json = json_in_form(body)) return decode_json_in_form(*json, error, limits);
    Result<Form> form = Form::decode(body, limits);
    if (form) return std::move(form).value();
    error = {EventBodyError::Kind::kOverLimit, form.error().message};
    return std::nullopt;
  }
  FormBuilder pairs(limits);
  if (auto failure = read_pairs(type, body, pairs)) {
    error = *std::move(failure);
    return std::nullopt;
  }
  return pairs.build();
}

}  // namespace plivo_dial
