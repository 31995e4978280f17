// File: tests/unit/document/parsed_document.h
//
// A document read back by libxml2, for tests that must not trust the code that wrote it. Use
// parse_document on everything that is sent, and outline_of to compare structures.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/document/element.h"

namespace plivo_dial {

// The root element of `xml` as libxml2 reads it; fails with libxml2's message when it is not
// well-formed. Comments are skipped, text is that directly inside an element.
Result<Element> parse_document(std::string_view xml);

// A one-line form of `element`: Name[a=1 b=2]{text}(Child ...), without the parts that are empty.
std::string outline_of(const Element& element);

// The outline of `xml`, or "broken: ..." with the parser's message.
std::string outline_of_document(std::string_view xml);

}  // namespace plivo_dial
