// File: lib/form/event_body.h
//
// The bodies that the HTTP Request node of a PHLO flow sends to the endpoint `event`: urlencoded,
// multipart/form-data or JSON, as its author chose. Use it there only; all other webhooks are
// urlencoded. Everything here takes time and memory in proportion to the body, whatever it holds,
// and is safe to call from any thread.
// Sources: Plivo docs phlo/components-library/http-request; RFC 7578, RFC 2046, RFC 8259.
//
//   const auto type = parse_event_body_type("application/json; charset=utf-8");
//   EventBodyError error;
//   const auto form = decode_event_body(*type, R"({"DialStatus":"busy","stage":2})", error);
//   form->find("stage")     -> "2"
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/form/event_body_error.h"
#include "lib/form/form.h"

namespace plivo_dial {

struct EventBodyType {
  enum class Format { kForm, kMultipart, kJson };
  Format format = Format::kForm;
  std::string boundary;  // of multipart/form-data, unquoted; "" elsewhere
};

// What a Content-Type says; nullopt for a type, a charset or a boundary that is not served. A
// charset is served when it is UTF-8 or US-ASCII; other parameters mean nothing.
std::optional<EventBodyType> parse_event_body_type(std::string_view content_type);

// The pairs of `body`, in their order, within `limits`. Sets `error` and returns nullopt when there
// are none to be had. An empty body has no pairs in every format. Form::has_malformed_escape is of
// urlencoded bodies only.
//   multipart  each part with a name is a pair; a file's content is its value; part headers are
//              otherwise ignored, but for a Content-Transfer-Encoding that would have to be undone,
//              which is refused.
//   JSON       one object; a string is its text, a number its text as it was written, true and
//              false the words, and a member that is null is absent; an object or array is kept as
//              compact JSON text, at most kMaxJsonDepth deep (json_pairs.h). Members with the same
//              name are all kept.
//   urlencoded JSON in its place, percent-encoded or not, is read as JSON: `curl -d '{...}'` sends
//              it under that type.
std::optional<Form> decode_event_body(const EventBodyType& type, std::string_view body,
                                      EventBodyError& error, const FormLimits& limits = {});

}  // namespace plivo_dial
