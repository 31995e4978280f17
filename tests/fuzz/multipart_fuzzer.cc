// SPDX-License-Identifier: Apache-2.0
//
// Input: a Content-Type on the first line, and the body.
#include <string>

#include "lib/form/multipart.h"
#include "tests/fuzz/event_body_checks.h"

using namespace plivo_dial;  // NOLINT: a target is one file
using plivo_dial::test::require;

namespace {

std::string quoted_name(std::string_view name) {
  std::string quoted;
  for (const char c : name) {
    if (c == '\r') {
      quoted += "%0D";
    } else if (c == '\n') {
      quoted += "%0A";
    } else {
      if (c == '"' || c == '\\') quoted.push_back('\\');
      quoted.push_back(c);
    }
  }
  return quoted;
}

// A boundary that begins no line of any value.
std::string unused_boundary(const Form& form) {
  for (int number = 0;; ++number) {
    const std::string boundary = "b" + std::to_string(number) + "-";
    bool used = false;
    for (const Parameter& pair : form.parameters()) {
      used = used || pair.value.find("--" + boundary) != std::string_view::npos;
    }
    if (!used) return boundary;
  }
}

void check_round_trip(const Form& form) {
  const std::string boundary = unused_boundary(form);
  std::string body;
  for (const Parameter& pair : form.parameters()) {
    body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" +
            quoted_name(pair.name) + "\"\r\n\r\n" + std::string(pair.value) + "\r\n";
    // The escapes may make the field longer than what was read.
    if (quoted_name(pair.name).size() > kMaxPartHeaderBytes - 100) return;
  }
  body += "--" + boundary + "--\r\n";
  EventBodyError error;
  const EventBodyType type{EventBodyType::Format::kMultipart, boundary};
  const auto again = decode_event_body(type, body, error, test::kNoLimits);
  require(again.has_value(), "what was encoded decodes");
  require(std::ranges::equal(again->parameters(), form.parameters()), "to the same pairs");
  const std::string_view whole = body;
  for (const std::size_t cut : {boundary.size() + 8, std::size_t{4}}) {
    if (cut >= whole.size()) continue;
    require(!decode_event_body(type, whole.substr(0, whole.size() - cut), error, test::kNoLimits),
            "a body without its end is refused");
  }
}

void check_framing(const Form& form, const std::string& boundary) {
  for (const Parameter& pair : form.parameters()) {
    require(("\r\n" + std::string(pair.value)).find("\r\n--" + boundary) == std::string::npos,
            "no line of a value begins with the boundary");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view body = test::text_of(data, size);
  const auto type = parse_event_body_type(test::take_line(body));
  if (!type) return 0;
  const bool is_multipart = type->format == EventBodyType::Format::kMultipart;
  require(is_multipart == !type->boundary.empty(), "multipart, and nothing else, has a boundary");
  require(!is_multipart || is_multipart_boundary(type->boundary), "which is a legal one");
  if (!is_multipart) return 0;
  const auto form = test::decode_and_check(*type, body);
  if (form) {
    check_framing(*form, type->boundary);
    check_round_trip(*form);
  }
  return 0;
}
