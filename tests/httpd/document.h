// File: tests/httpd/document.h
//
// A received Plivo document, parsed again by libxml2 and opened up for assertions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial::test {

struct DocumentElement {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::vector<std::string> attribute_names;  // in the document's order
  std::string text;                          // of the element itself
  std::vector<DocumentElement> children;

  // "" when there is no such attribute.
  std::string attribute(const std::string& attribute_name) const;

  // The first child of that name; a static empty element when there is none.
  const DocumentElement& child(std::string_view child_name) const;

  // Names only: "Response(Speak Dial(Number))".
  std::string outline() const;
};

// Parses `xml`, which must be well-formed, without a document type, with nothing before the
// declaration and with root Response.
Result<DocumentElement> parse_document(std::string_view xml);

}  // namespace plivo_dial::test
