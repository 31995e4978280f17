/* File: tests/bench/empty_handler.c
 *
 * A handler that takes a request and says nothing: what httpd itself costs, against which ours are
 * measured.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include <httpd.h>
/* httpd.h comes first. */
#include <http_config.h>
#include <http_protocol.h>
#include <string.h>

static int empty_handler(request_rec* request) {
  if (request->handler == NULL || strcmp(request->handler, "bench-empty") != 0) return DECLINED;
  ap_discard_request_body(request);
  ap_set_content_length(request, 0);
  return OK;
}

static void register_hooks(apr_pool_t* pool) {
  (void)pool;
  ap_hook_handler(empty_handler, NULL, NULL, APR_HOOK_MIDDLE);
}

__attribute__((visibility("default"))) module AP_MODULE_DECLARE_DATA bench_empty_module = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks, 0};
