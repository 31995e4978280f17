// File: lib/document/check.h
//
// The check of a Plivo document that an administrator wrote (PlivoFallback). Use it when the
// configuration is read, never while a caller waits.
//
//   check_document("<Response><Speak>Goodbye.</Speak></Response>")      -> no warnings
//   check_document("<Response><Speek>Goodbye.</Speek></Response>")
//       -> error: line 1: Plivo's XML has no element "Speek"; did you mean "Speak"?
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial {

// Checks that `xml` is well-formed UTF-8 XML without a document type, at most kMaxDocumentBytes,
// nothing in front of its declaration, with root Response and only elements, nesting and values
// of the vocabulary, phone numbers, URLs and texts where they are required. The error says the
// line and what is wrong; of several faults in the syntax it is the first. Where all is sound, what
// comes back are warnings, each with its line: what lib/document/remarks.h doubts, attributes that
// are not in our vocabulary, which may be behind Plivo's, and a document in which the caller hears
// nothing. No network, no entities, no global state of libxml2.
Result<std::vector<std::string>> check_document(std::string_view xml);

}  // namespace plivo_dial
