// File: lib/document/check.h
//
// The check of a Plivo document that an administrator wrote (PlivoFallback). Use it when the
// configuration is read, never while a caller waits.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial {

// Checks that `xml` is well-formed UTF-8 XML without a document type, at most kMaxDocumentBytes,
// nothing in front of its declaration, with root Response and only elements, nesting and
// attributes of the vocabulary, phone numbers, URLs and texts where they are required. The error
// says the line and what is wrong. No network, no entities, no global state of libxml2.
Result<void> check_document(std::string_view xml);

}  // namespace plivo_dial
