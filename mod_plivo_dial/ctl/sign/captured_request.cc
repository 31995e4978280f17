// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/sign/captured_request.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "lib/base/in_quotes.h"
#include "lib/base/text.h"
#include "mod_plivo_dial/ctl/http/form_request.h"

namespace plivo_dial::ctl {
namespace {

// Takes the first line off `text`, without its end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Result<void> read_request_line(std::string_view line, CapturedRequest& request) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  const bool has_version = first != last && line.substr(last + 1).starts_with("HTTP/");
  if (first == std::string_view::npos || first == 0 || !has_version) {
    return Error{"the first line is no request line such as POST /dialstatus HTTP/1.1"};
  }
  request.method = line.substr(0, first);
  request.target = trim(line.substr(first, last - first));
  return {};
}

// Until the empty line, or the end.
Result<void> read_headers(std::string_view& text, CapturedRequest& request) {
  for (int number = 2; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (line.empty()) return {};
    const bool folded = line.front() == ' ' || line.front() == '\t';
    if (folded && !request.headers.empty()) {
      request.headers.back().value.append(" ").append(trim(line));
      continue;
    }
    Result<HttpHeader> header = parse_header(line);
    if (!header) {
      return Error{"line " + std::to_string(number) + ": " + header.error().message};
    }
    request.headers.push_back(std::move(header).value());
  }
  return {};
}

void cut_body(std::uint64_t declared, CapturedRequest& request) {
  std::string& body = request.body;
  if (body.size() < declared) {
    request.notes.push_back("the body has " + std::to_string(body.size()) +
                            " bytes, Content-Length declares " + std::to_string(declared) +
                            ": the capture is not complete");
    return;
  }
  const std::string_view behind = std::string_view(body).substr(declared);
  if (behind.find_first_not_of("\r\n") != std::string_view::npos) {
    request.notes.push_back(std::to_string(behind.size()) +
                            " bytes behind the body's declared length were left out");
  }
  body.resize(declared);
}

Result<void> bound_body(CapturedRequest& request) {
  if (request.header("Transfer-Encoding")) {
    return Error{
        "the body is chunked: take it out of its chunks, and give it by --body-file together with "
        "a request without Transfer-Encoding"};
  }
  const std::optional<std::string> length = request.header("Content-Length");
  if (!length) return {};
  std::uint64_t declared = 0;
  const char* const last = length->data() + length->size();
  const auto [end, error] = std::from_chars(length->data(), last, declared);
  if (error != std::errc() || end != last) {
    return Error{"Content-Length: " + in_quotes(*length) + " is no number"};
  }
  cut_body(declared, request);
  return {};
}

}  // namespace

std::optional<std::string> CapturedRequest::header(std::string_view name) const {
  std::optional<std::string> joined;
  for (const HttpHeader& header : headers) {
    if (!equals_ignoring_case(header.name, name)) continue;
    if (joined) {
      joined->append(", ").append(header.value);
    } else {
      joined = header.value;
    }
  }
  return joined;
}

void CapturedRequest::replace_headers(const std::vector<HttpHeader>& others) {
  std::erase_if(headers, [&](const HttpHeader& header) {
    return std::ranges::any_of(others, [&](const HttpHeader& other) {
      return equals_ignoring_case(header.name, other.name);
    });
  });
  headers.insert(headers.end(), others.begin(), others.end());
}

Result<CapturedRequest> parse_request(std::string_view text) {
  CapturedRequest request;
  if (Result<void> read = read_request_line(take_line(text), request); !read) return read.error();
  if (Result<void> read = read_headers(text, request); !read) return read.error();
  request.body = text;
  if (Result<void> bounded = bound_body(request); !bounded) return bounded.error();
  return request;
}

Result<HttpHeader> parse_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  const bool is_name =
      !name.empty() && std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~'; });
  if (colon == std::string_view::npos || !is_name) {
    return Error{in_quotes(line) + " is no header such as X-Plivo-Signature-V3-Nonce: 12345"};
  }
  return HttpHeader{std::string(name), std::string(trim(line.substr(colon + 1)))};
}

void drop_final_newline(CapturedRequest& request) {
  std::string& body = request.body;
  if (!body.ends_with('\n')) return;
  body.pop_back();
  if (body.ends_with('\r')) body.pop_back();
  request.notes.push_back("the end of line behind the body was left out: no form has one");
}

}  // namespace plivo_dial::ctl
