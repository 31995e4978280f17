// File: lib/document/document_template.h
//
// A Plivo document that an administrator wrote, with places that are filled from the request:
// {{From}}, {{To}}, {{CallUUID}}, any other parameter. Parse it when the configuration is read, or
// when its file has changed; fill it in a request.
//
//   const auto document = DocumentTemplate::parse(
//       "<Response><Stream>wss://ai.example.com/?call={{CallUUID}}</Stream></Response>");
//   document->fill([](std::string_view) { return "4f0c9a1e"; })
//       -> ...<Stream>wss://ai.example.com/?call=4f0c9a1e</Stream>...
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/document/places.h"

namespace plivo_dial {

// Immutable; safe from any thread.
class DocumentTemplate {
 public:
  // Checks `xml` as check_document() does, each of its places (places.h) filled with a sample. The
  // error says the line and what is wrong.
  static Result<DocumentTemplate> parse(std::string_view xml);

  // What check_document() doubts, each with its line.
  const std::vector<std::string>& remarks() const { return remarks_; }

  // The document with `value_of(name)` at each place, "" for a parameter that the request has not:
  // escaped for XML, and for a URL where the value or text around begins with one. Fails when it
  // would be larger than kMaxDocumentBytes.
  Result<std::string> fill(const ParameterValue& value_of) const;

 private:
  struct Part {
    Place place;
    bool in_url = false;
  };
  static std::string filled(const Part& part, std::string_view value);

  std::vector<Part> parts_;
  std::vector<std::string> remarks_;
};

}  // namespace plivo_dial
