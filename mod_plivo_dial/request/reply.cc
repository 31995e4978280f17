// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/request/reply.h"
#include "mod_plivo_dial/request/refusal_log.h"

namespace plivo_dial {
namespace {

int send(request_rec* r, std::string_view body) {
  apr_table_setn(r->headers_out, "Cache-Control", "no-store");
  // Half a document is none.
  apr_table_unset(r->headers_in, "Range");
  ap_set_content_length(r, static_cast<apr_off_t>(body.size()));
  apr_bucket_alloc_t* allocator = r->connection->bucket_alloc;
  apr_bucket_brigade* brigade = apr_brigade_create(r->pool, allocator);
  if (!body.empty()) {
    APR_BRIGADE_INSERT_TAIL(brigade,
                            apr_bucket_immortal_create(body.data(), body.size(), allocator));
  }
  APR_BRIGADE_INSERT_TAIL(brigade, apr_bucket_eos_create(allocator));
  // A client that is gone is no failure of ours: the event is what matters, and it is kept.
  ap_pass_brigade(r->output_filters, brigade);
  return OK;
}

}  // namespace

int reply_document(request_rec* r, std::string_view document) {
  ap_set_content_type(r, "application/xml");
  return send(r, document);
}

int reply_empty(request_rec* r) {
  return send(r, {});
}

int reply_error(request_rec* r, int status) {
  r->status = status;
  r->status_line = nullptr;
  // As httpd does it: a body that is still on its way is not waited for.
  if (ap_status_drops_connection(status)) r->connection->keepalive = AP_CONN_CLOSE;
  ap_set_content_type(r, "text/plain");
  return send(r, apr_pstrcat(r->pool, ap_get_status_line(status), "\n", nullptr));
}

int reply_unavailable(request_rec* r) {
  apr_table_setn(r->headers_out, "Retry-After", "2");
  return HTTP_SERVICE_UNAVAILABLE;
}

int end_request(request_rec* r, const Refusal& refusal) {
  log_refusal(r, refusal, false);
  apr_table_setn(r->notes, "plivo_refusal", refusal.id);
  return refusal.status;
}

}  // namespace plivo_dial
