// File: mod_plivo_dial/ctl/call/document_reader.h
//
// Plivo XML read back from a server's reply, with what is wrong or doubtful about it. Stricter
// tools check documents that we make; this one says what Plivo would make of any server's.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/document/element.h"

namespace plivo_dial::ctl {

struct Document {
  std::vector<Element> elements;      // children of Response, in order
  std::vector<std::string> warnings;  // what Plivo's documentation does not promise to work
};

// Reads `xml`. The error says, with the line where there is one, why Plivo would call it invalid:
// not well-formed, a document type, another root, an unknown element at the top, a Dial without
// anybody to call. No network, no entities.
Result<Document> read_document(std::string_view xml);

}  // namespace plivo_dial::ctl
