// All hooks of the module, each with the reason for its place.
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <utility>

#include "lib/log/log_id.h"
#include "mod_plivo_dial/check/check_config.h"
#include "mod_plivo_dial/check/check_view.h"
#include "mod_plivo_dial/check/explain.h"
#include "mod_plivo_dial/check/make_manifest.h"
#include "mod_plivo_dial/config/glue.h"
#include "mod_plivo_dial/config/prepare.h"
#include "mod_plivo_dial/config/serving_identity.h"
#include "mod_plivo_dial/dispatcher/dispatcher_process.h"
#include "mod_plivo_dial/guard.h"
#include "mod_plivo_dial/request/claim.h"
#include "mod_plivo_dial/request/doubt_log.h"
#include "mod_plivo_dial/request/event_log.h"
#include "mod_plivo_dial/request/handler.h"
#include "mod_plivo_dial/request/refusal_log.h"
#include "mod_plivo_dial/request/serving_trial.h"
#include "mod_plivo_dial/shared_object.h"
#include "mod_plivo_dial/state.h"
#include "mod_plivo_dial/status/server_status.h"

namespace plivo_dial {
namespace {

constexpr const char* kStallNoticeName = "mod_plivo_dial_stall";

// httpd may or may not have unloaded the module since the last configuration.
int reset_state(apr_pool_t*, apr_pool_t*, apr_pool_t*) noexcept {
  g_config = {};
  g_shared = {};
  g_child = {};
  return OK;
}

void log_all(int level, server_rec* server, const char* id, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    // On a terminal httpd shows no level.
    const char* word = (level & APLOG_STARTUP) == 0                 ? ""
                       : (level & APLOG_LEVELMASK) == APLOG_WARNING ? "warning: "
                                                                    : "error: ";
    ap_log_error(APLOG_MARK, level, 0, server, "%s: %s%s", id, word, line.c_str());
  }
}

// A running server that is told to reload must not end because a directory is gone: apachectl's
// configtest refuses such a reload, and who sends the signal by hand finds the reason in the log.
bool is_reload() {
  return ap_state_query(AP_SQ_CONFIG_GEN) > 1;
}

int prepare_config(apr_pool_t* pconf, apr_pool_t*, apr_pool_t* scratch,
                   server_rec* server) noexcept {
  return guard("prepare_config", HTTP_INTERNAL_SERVER_ERROR, [&] {
    if (!g_config.used) return OK;
    g_config.prepared = pool_new<Prepared>(scratch, prepare_configuration(pconf, scratch, server));
    g_config.books = g_config.prepared->books;
    g_config.documents = g_config.prepared->documents;
    g_config.tables = g_config.prepared->tables;
    return OK;
  });
}

int check_config(apr_pool_t* pconf, apr_pool_t*, apr_pool_t* scratch, server_rec* server) noexcept {
  return guard("check_config", HTTP_INTERNAL_SERVER_ERROR, [&] {
    const Prepared* const prepared = std::exchange(g_config.prepared, nullptr);
    if (prepared == nullptr) return OK;
    const ConfigReport& report =
        *pool_new<ConfigReport>(pconf, check_configuration(*prepared, scratch, server));
    g_config.report = &report;
    log_all(APLOG_STARTUP | APLOG_ERR, server, log_id::kConfigError, report.errors);
    if (!is_reload()) {
      log_all(APLOG_STARTUP | APLOG_ERR, server, log_id::kEnvironmentError,
              report.environment_errors);
      log_all(APLOG_STARTUP | APLOG_ERR, server, log_id::kUnjudged, report.unjudged);
    }
    if (ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_CONFIG_TEST) {
      log_all(APLOG_STARTUP | APLOG_WARNING, server, log_id::kConfigWarning, report.warnings);
      log_all(APLOG_STARTUP | APLOG_WARNING, server, log_id::kTwinLocations, report.twins);
    }
    const bool unfit = !report.environment_errors.empty() || !report.unjudged.empty();
    const bool refused = !report.errors.empty() || (!is_reload() && unfit);
    return refused ? HTTP_INTERNAL_SERVER_ERROR : OK;
  });
}

void dump_config(apr_pool_t* pconf, server_rec* server) noexcept {
  const bool for_people = ap_exists_config_define("DUMP_PLIVO");
  const bool for_programs = ap_exists_config_define("DUMP_PLIVO_JSON");
  const std::optional<CallQuestion> question = question_of_call();
  if (!for_people && !for_programs && !question) return;
  guard("test_config", 0, [&] {
    const ConfigManifest manifest = make_manifest(pconf, server);
    if (for_people) std::fputs(to_text(manifest).c_str(), stdout);
    if (for_programs) std::puts(to_json(manifest).c_str());
    if (question) std::puts(to_json(explain_call(pconf, server, *question)).c_str());
    return std::fflush(stdout);
  });
}

const char* host_name(apr_pool_t* pool) {
  char name[256] = "";
  if (gethostname(name, sizeof name - 1) != 0) return "localhost";
  return apr_pstrdup(pool, name);
}

int start_up(apr_pool_t* pconf, apr_pool_t*, apr_pool_t* scratch, server_rec* server) noexcept {
  // httpd reads its configuration twice at start; only the second reading serves.
  if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG) return OK;
  return guard("post_config", OK, [&] {
    g_config.node = host_name(pconf);
    g_shared.parent = getpid();
    // The error log is open only now.
    if (g_config.report != nullptr) {
      log_all(APLOG_ERR, server, log_id::kEnvironmentError, g_config.report->environment_errors);
      log_all(APLOG_ERR, server, log_id::kUnjudged, g_config.report->unjudged);
      log_all(APLOG_WARNING, server, log_id::kConfigWarning, g_config.report->warnings);
      log_all(APLOG_WARNING, server, log_id::kTwinLocations, g_config.report->twins);
    }
    if (g_config.used) g_config.claims = prepare_claims(pconf, server);
    share_refusal_counters(server->process->pool);
    share_doubt_marks(server->process->pool);
    g_shared.stall_notice = shared_object<StallNotice>(server->process->pool, kStallNoticeName);
    open_server_status(scratch, server);
    const std::string remedy = serving_remedy(server, serving_identity());
    g_config.serving_remedy = remedy.empty() ? nullptr : apr_pstrdup(pconf, remedy.c_str());
    update_dispatcher(pconf, server);
    return OK;
  });
}

// By the parent alone: two hundred children would say it, too.
void log_document_faults(server_rec* server) {
  if (g_config.documents == nullptr) return;
  for (const std::string& fault : g_config.documents->new_faults(apr_time_now())) {
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, server,
                 "%s: %s; the document that was there before is served", log_id::kDocumentFile,
                 fault.c_str());
  }
}

// The same.
void log_trouble_of_tables(server_rec* server) {
  if (g_config.tables == nullptr) return;
  for (const std::string& trouble : g_config.tables->new_trouble(apr_time_now())) {
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, server, "%s: %s", log_id::kTables, trouble.c_str());
  }
}

int look_after_server(apr_pool_t*, server_rec* server) noexcept {
  return guard("monitor", DECLINED, [&] {
    write_refusal_summaries(server);
    log_document_faults(server);
    log_trouble_of_tables(server);
    keep_status_link(server);
    look_after_dispatcher(server->process->pconf, server);
    return DECLINED;
  });
}

void open_event_log(apr_pool_t* pchild, server_rec* server) noexcept {
  guard("child_init", 0, [&] {
    // httpd -X serves requests in the parent itself.
    if (getpid() != g_shared.parent) forget_dispatcher();
    if (!g_config.used) return 0;
    const ServerConfig& config = server_config(server);
    g_child.strict = config.strict;
    int threaded = 0;
    ap_mpm_query(AP_MPMQ_IS_THREADED, &threaded);
    if (threaded != AP_MPMQ_NOT_SUPPORTED) {
      g_child.event_log = pool_new<EventLog>(pchild, config.spool, config.spool_options);
    } else {
      // A process that waits for the disk serves nobody else.
      SpoolOptions options = config.spool_options;
      options.most_waiting_for_stalled_disk = 0;
      options.stall_notice = g_shared.stall_notice;
      // prefork runs the cleanups of pchild inside a signal handler, where a segment must not be
      // closed; the dispatcher takes over the segment of a process that is gone.
      g_child.event_log =
          new (apr_palloc(pchild, sizeof(EventLog))) EventLog(config.spool, options);
    }
    begin_serving_trial(server);
    return 0;
  });
}

}  // namespace
}  // namespace plivo_dial

namespace {

// Each takes a request for one of our Locations before other modules can; their places are before
// or behind the first and the last that httpd has a name for.
void register_claims() {
  using namespace plivo_dial;
  constexpr int kBeforeAll = APR_HOOK_REALLY_FIRST - 10;
  constexpr int kBehindAll = APR_HOOK_REALLY_LAST + 10;
  // mod_cache serves here, before any Location is known.
  ap_hook_quick_handler(pass_by_caches, nullptr, nullptr, kBeforeAll);
#if AP_MODULE_MAGIC_AT_LEAST(20120211, 109)
  // mod_proxy maps here with mapping=encoded and mapping=servlet.
  ap_hook_pre_translate_name(claim_encoded_uri, nullptr, nullptr, kBeforeAll);
#endif
  // mod_rewrite, mod_proxy, mod_alias and all that make a file or another server of a URL.
  ap_hook_translate_name(claim_uri, nullptr, nullptr, kBeforeAll);
  // <Directory> and .htaccess, and the file system that they are for.
  ap_hook_map_to_storage(skip_storage, nullptr, nullptr, kBeforeAll);
  // mod_negotiation's MultiViews.
  ap_hook_type_checker(skip_file_type, nullptr, nullptr, kBeforeAll);
  // mod_rewrite, mod_alias, mod_speling, mod_dav and mod_cache by what <Location "/"> says.
  ap_hook_fixups(disarm_mappers, nullptr, nullptr, kBeforeAll);
  // Whoever names another handler there.
  ap_hook_fixups(restore_handler, nullptr, nullptr, kBehindAll);
}

}  // namespace

void plivo_register_hooks(apr_pool_t*) {
  using namespace plivo_dial;
  // Before any directive is read.
  ap_hook_pre_config(reset_state, nullptr, nullptr, APR_HOOK_MIDDLE);
  // After all directives are read and virtual hosts merged; configtest comes this far. What is made
  // is there before it is judged.
  ap_hook_check_config(prepare_config, nullptr, nullptr, APR_HOOK_MIDDLE - 1);
  ap_hook_check_config(check_config, nullptr, nullptr, APR_HOOK_MIDDLE);
  // Only for -t.
  ap_hook_test_config(dump_config, nullptr, nullptr, APR_HOOK_MIDDLE);
  // In the parent, as the user who started httpd, before children are forked.
  ap_hook_post_config(start_up, nullptr, nullptr, APR_HOOK_MIDDLE);
  // In the parent, about every ten seconds.
  ap_hook_monitor(look_after_server, nullptr, nullptr, APR_HOOK_MIDDLE);
  // In each child, before its threads.
  ap_hook_child_init(open_event_log, nullptr, nullptr, APR_HOOK_MIDDLE);
  register_claims();
  // Requests ask for us by SetHandler, so the place among handlers does not matter.
  ap_hook_handler(handle_request, nullptr, nullptr, APR_HOOK_MIDDLE);
  // After the reply has gone out, and after the access log, which must not wait for our disk.
  ap_hook_log_transaction(write_pending_event, nullptr, nullptr, APR_HOOK_LAST);
}
