// File: mod_plivo_dial/ctl/sign/captured_request.h
//
// A webhook as somebody caught it: the raw bytes of an HTTP request in a file, or its parts on a
// command line. Nothing here decodes; what was signed are the bytes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "mod_plivo_dial/ctl/http/form_request.h"
#include "mod_plivo_dial/ctl/http/http_client.h"

namespace plivo_dial::ctl {

struct CapturedRequest {
  std::string method = "POST";
  std::string target;  // as the request line has it: "/path?query", or a whole URL
  std::vector<HttpHeader> headers;
  std::string body;
  std::vector<std::string> notes;  // sentences about what was left out or is missing

  // The value of the header `name`, whose case does not matter; repeated ones are joined by ", ".
  std::optional<std::string> header(std::string_view name) const;

  // Puts `others` in the place of all headers that are called like one of them.
  void replace_headers(const std::vector<HttpHeader>& others);
};

// A raw request: request line, header lines, an empty line, the body; lines end in LF or CRLF,
// folded header lines are joined. What stands behind the length that Content-Length declares is
// left out of the body. Fails, saying which line, on anything else, and on a chunked body.
Result<CapturedRequest> parse_request(std::string_view text);

// The header of a line "Name: value".
Result<HttpHeader> parse_header(std::string_view line);

// Leaves out the end of line that editors and echo put behind a body and that no form has, with a
// note.
void drop_final_newline(CapturedRequest& request);

}  // namespace plivo_dial::ctl
