// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/request/request.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "lib/form/header_value.h"
#include "lib/log/log_id.h"
#include "mod_plivo_dial/guard.h"

extern "C" {
extern module plivo_dial_module;
}

namespace plivo_dial {
namespace {

bool is_form(const char* content_type) {
  const auto type = parse_event_body_type(content_type == nullptr ? "" : content_type);
  return type && type->format == EventBodyType::Format::kForm;
}

bool is_encoded(const char* content_encoding) {
  const std::string_view encoding =
      trim_header(content_encoding == nullptr ? "" : content_encoding);
  return !encoding.empty() && !same_header_word(encoding, "identity");
}

Refusal too_large(apr_off_t max_body) {
  return refused(HTTP_REQUEST_ENTITY_TOO_LARGE, RefusalKind::kBodySize, log_id::kBodySize,
                 "the body is larger than PlivoMaxBody " + std::to_string(max_body));
}

// The declared length, or 0 when there is none.
apr_off_t declared_length(const request_rec* r) {
  const char* text = apr_table_get(r->headers_in, "Content-Length");
  apr_off_t length = 0;
  char* end = nullptr;
  if (text == nullptr || apr_strtoff(&length, text, &end, 10) != APR_SUCCESS) return 0;
  return length;
}

Refusal over_limit_request_body(int status) {
  return refused(status, RefusalKind::kBodySize, log_id::kBodySize,
                 "the body is larger than httpd's own LimitRequestBody");
}

// What to make of a body that httpd could not read on.
Refusal unreadable(const request_rec* r, apr_status_t failure, std::size_t bytes_read) {
  // AP_FILTER_ERROR is handed on as it is: httpd's own filter has answered already.
  const int status = ap_map_http_request_error(failure, HTTP_BAD_REQUEST);
  const int answered = status == AP_FILTER_ERROR ? r->status : status;
  if (answered == HTTP_REQUEST_ENTITY_TOO_LARGE) return over_limit_request_body(status);
  const char* words = answered == HTTP_REQUEST_TIME_OUT ? "the body did not come in time"
                                                        : "the body ended before it was complete";
  return refused(status, RefusalKind::kBodyIncomplete, log_id::kBodyIncomplete,
                 std::string(words) + ", after " + std::to_string(bytes_read) + " bytes");
}

// Appends what the data buckets hold. Whether the end of the body was among them.
Result<bool, Refusal> take_blocks(const request_rec* r, apr_bucket_brigade* blocks,
                                  apr_off_t max_body, std::string& body) {
  for (apr_bucket* block = APR_BRIGADE_FIRST(blocks); block != APR_BRIGADE_SENTINEL(blocks);
       block = APR_BUCKET_NEXT(block)) {
    if (APR_BUCKET_IS_EOS(block)) return true;
    if (APR_BUCKET_IS_METADATA(block)) continue;
    const char* bytes = nullptr;
    apr_size_t length = 0;
    const apr_status_t read = apr_bucket_read(block, &bytes, &length, APR_BLOCK_READ);
    if (read != APR_SUCCESS) return unreadable(r, read, body.size());
    if (static_cast<apr_off_t>(body.size() + length) > max_body) {
      return too_large(max_body);
    }
    body.append(bytes, length);
  }
  return false;
}

// Reads through the filters itself: ap_get_client_block keeps to itself why it failed.
Result<std::string, Refusal> read_blocks(request_rec* r, apr_off_t max_body, std::size_t declared) {
  constexpr apr_off_t kBlockBytes = 8192;
  // What is declared costs its sender nothing, so memory for more comes with the bytes.
  constexpr std::size_t kMostReserved = 64 * 1024;
  std::string body;
  body.reserve(std::min(declared, kMostReserved));
  apr_bucket_brigade* blocks = apr_brigade_create(r->pool, r->connection->bucket_alloc);
  for (;;) {
    const apr_status_t read =
        ap_get_brigade(r->input_filters, blocks, AP_MODE_READBYTES, APR_BLOCK_READ, kBlockBytes);
    if (read != APR_SUCCESS) return unreadable(r, read, body.size());
    const Result<bool, Refusal> complete = take_blocks(r, blocks, max_body, body);
    if (!complete) return complete.error();
    apr_brigade_cleanup(blocks);
    if (*complete) return body;
  }
}

Result<std::string, Refusal> read_body(request_rec* r, apr_off_t max_body) {
  const apr_off_t declared = declared_length(r);
  if (declared > max_body) return too_large(max_body);
  if (is_encoded(apr_table_get(r->headers_in, "Content-Encoding"))) {
    return refused(HTTP_UNSUPPORTED_MEDIA_TYPE, RefusalKind::kContentEncoding,
                   log_id::kContentEncoding,
                   "the body has a Content-Encoding, which Plivo never uses");
  }
  if (const int status = ap_setup_client_block(r, REQUEST_CHUNKED_DECHUNK); status != OK) {
    if (status == HTTP_REQUEST_ENTITY_TOO_LARGE) return over_limit_request_body(status);
    return refused(status, RefusalKind::kContentEncoding, log_id::kContentEncoding,
                   "the body can't be read as it is framed");
  }
  if (!ap_should_client_block(r)) return std::string();
  const auto bytes = static_cast<std::size_t>(std::max<apr_off_t>(declared, 0));
  return read_blocks(r, max_body, bytes);
}

Refusal over_caps(const char* part, const std::string& message) {
  return refused(HTTP_BAD_REQUEST, RefusalKind::kCaps, log_id::kCaps,
                 std::string(part) + ": " + message);
}

Result<void, Refusal> decode(std::string_view encoded, const char* part, Form& form) {
  Result<Form> decoded = Form::decode(encoded);
  if (!decoded) return over_caps(part, decoded.error().message);
  form = std::move(decoded).value();
  return {};
}

Result<Intake, Refusal> with_query(const request_rec* r, Intake intake) {
  auto decoded = decode(raw_query(raw_target(r)), "query", intake.parameters.query);
  if (!decoded) return decoded.error();
  return intake;
}

bool takes_method(const request_rec* r, Endpoint endpoint) {
  // httpd takes HEAD for a GET.
  if (r->header_only) return false;
  if (std::strcmp(r->method, "GET") == 0 || std::strcmp(r->method, "POST") == 0) return true;
  return endpoint == Endpoint::kEvent &&
         (std::strcmp(r->method, "PUT") == 0 || std::strcmp(r->method, "DELETE") == 0);
}

}  // namespace

RequestState& request_state(request_rec* r) {
  if (RequestState* known = find_request_state(r); known != nullptr) return *known;
  auto* state = pool_new<RequestState>(r->pool);
  ap_set_module_config(r->request_config, &plivo_dial_module, state);
  return *state;
}

RequestState* find_request_state(const request_rec* r) {
  return static_cast<RequestState*>(ap_get_module_config(r->request_config, &plivo_dial_module));
}

void set_note(request_rec* r, const char* name, std::string_view value) {
  if (value.empty()) return;
  apr_table_setn(r->notes, name, apr_pstrmemdup(r->pool, value.data(), value.size()));
}

Result<void, Refusal> check_method(request_rec* r, Endpoint endpoint) {
  if (takes_method(r, endpoint)) return {};
  constexpr std::size_t kMostShown = 32;
  const char* const allowed = allowed_methods(endpoint);
  const std::string method = ap_escape_logitem(r->pool, r->method);
  apr_table_setn(r->headers_out, "Allow", allowed);
  return refused(HTTP_METHOD_NOT_ALLOWED, RefusalKind::kMethod, log_id::kMethod,
                 "method " + method.substr(0, kMostShown) + ": only " + allowed);
}

std::string_view raw_target(const request_rec* r) {
  while (r->prev != nullptr) r = r->prev;
  const std::string_view line = r->unparsed_uri == nullptr ? r->uri : r->unparsed_uri;
  const std::string_view target = line.starts_with('/') ? line : split_signed_url(line).target;
  return target.empty() ? "/" : target;
}

Result<Intake, Refusal> read_parameters(request_rec* r, apr_off_t max_body) {
  Intake intake;
  // A body that comes with GET is no part of Plivo's protocol: httpd reads it away.
  if (r->method_number == M_POST) {
    const Result<std::string, Refusal> body = read_body(r, max_body);
    if (!body) return body.error();
    if (!body->empty() && !is_form(apr_table_get(r->headers_in, "Content-Type"))) {
      return refused(HTTP_UNSUPPORTED_MEDIA_TYPE, RefusalKind::kContentType, log_id::kContentType,
                     "the Content-Type is not application/x-www-form-urlencoded in UTF-8");
    }
    intake.body_bytes = body->size();
    if (APLOG_R_IS_LEVEL(r, APLOG_DEBUG)) intake.raw_body = *body;
    auto decoded = decode(*body, "body", intake.parameters.body);
    if (!decoded) return decoded.error();
  }
  return with_query(r, std::move(intake));
}

Result<EventBody, Refusal> read_event_body(request_rec* r, apr_off_t max_body) {
  EventBody body;
  if (r->method_number == M_GET) return body;
  Result<std::string, Refusal> bytes = read_body(r, max_body);
  if (!bytes) return bytes.error();
  if (bytes->empty()) return body;
  const char* content_type = apr_table_get(r->headers_in, "Content-Type");
  const auto type = parse_event_body_type(content_type == nullptr ? "" : content_type);
  if (!type) {
    return refused(HTTP_UNSUPPORTED_MEDIA_TYPE, RefusalKind::kContentType, log_id::kContentType,
                   "the Content-Type is none of application/x-www-form-urlencoded, "
                   "multipart/form-data and application/json, in UTF-8");
  }
  body.type = *type;
  body.bytes = std::move(bytes).value();
  return body;
}

Result<Intake, Refusal> decode_event_request(const request_rec* r, const EventBody& body) {
  Intake intake;
  intake.body_bytes = body.bytes.size();
  EventBodyError error;
  std::optional<Form> form = decode_event_body(body.type, body.bytes, error);
  if (!form && error.kind == EventBodyError::Kind::kOverLimit) {
    return over_caps("body", error.message);
  }
  if (!form) {
    return refused(HTTP_BAD_REQUEST, RefusalKind::kBodyFormat, log_id::kBodyFormat,
                   "the body can't be read: " + error.message);
  }
  intake.parameters.body = std::move(*form);
  return with_query(r, std::move(intake));
}

const char* endpoint_path(request_rec* r) {
  char* path = apr_pstrdup(r->pool, r->uri);
  ap_no2slash(path);
  return path;
}

}  // namespace plivo_dial
