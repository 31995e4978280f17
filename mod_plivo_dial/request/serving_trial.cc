// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/request/serving_trial.h"

#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <thread>

#include "lib/base/mutex.h"
#include "lib/log/log_id.h"
#include "lib/spool/helper_thread.h"
#include "lib/spool/spool_trial.h"
#include "lib/status/status_file.h"
#include "mod_plivo_dial/config/config.h"
#include "mod_plivo_dial/config/storing_remedy.h"
#include "mod_plivo_dial/guard.h"
#include "mod_plivo_dial/state.h"
#include "mod_plivo_dial/status/server_status.h"

namespace plivo_dial {
namespace {

constexpr apr_time_t kTrialInterval = apr_time_from_sec(5);
constexpr std::chrono::seconds kProbePatience{2};

// What a thread finds out, and who waits for it may leave before.
struct Trial {
  Mutex mutex;
  ConditionVariable changed;
  std::optional<SpoolResult<void>> outcome PLIVO_GUARDED_BY(mutex);
};

struct Wish {
  std::string spool;
  std::optional<std::uint64_t> min_free;
};

Wish wish_of(server_rec* main_server) {
  const ServerConfig& config = server_config(main_server);
  return {config.spool, config.spool_options.min_free};
}

void log_failure(server_rec* server, const SpoolError& error) {
  ap_log_error(APLOG_MARK, APLOG_CRIT, 0, server,
               "%s: this process, of user id %ld, can't store events: %s%s",
               log_id::kProcessCannotStore, static_cast<long>(geteuid()), error.message.c_str(),
               storing_remedy(error).c_str());
}

// In a thread, since a disk that hangs must not keep calls waiting that need none.
void run_detached(const char* name, std::function<void()> body) {
  start_helper_thread(name, std::move(body)).detach();
}

SpoolResult<void> try_within(const Wish& wish, std::chrono::seconds patience) {
  const std::shared_ptr<Trial> trial(new Trial);
  run_detached("plivo-probe", [trial, wish] {
    guard("the trial of the spool", 0, [&] {
      SpoolResult<void> outcome = try_spool(wish.spool, wish.min_free);
      const MutexLock lock(trial->mutex);
      trial->outcome = std::move(outcome);
      trial->changed.notify_all();
      return 0;
    });
  });
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const MutexLock lock(trial->mutex);
  while (!trial->outcome && trial->changed.wait_until(trial->mutex, deadline)) {
  }
  if (trial->outcome) return *trial->outcome;
  return SpoolError{{"the disk of '" + wish.spool + "' has not answered for " +
                     std::to_string(patience.count()) + " s"},
                    SpoolFailure::kTimedOut};
}

}  // namespace

void begin_serving_trial(server_rec* main_server) {
  if (g_shared.status == nullptr ||
      !trial_is_due(*g_shared.status->memory, geteuid(), apr_time_now(), kTrialInterval)) {
    return;
  }
  run_detached("plivo-trial", [wish = wish_of(main_server), main_server] {
    guard("the trial of the spool", 0, [&] {
      const SpoolResult<void> outcome = try_spool(wish.spool, wish.min_free);
      note_event(outcome, LostEvent::kTrial);
      if (!outcome) log_failure(main_server, outcome.error());
      return 0;
    });
  });
}

bool asks_for_spool(const request_rec* r) {
  const char* const asked = apr_table_get(r->headers_in, kProbeHeader);
  return asked != nullptr && std::strcmp(asked, kProbeOfSpool) == 0;
}

bool spool_stands_probe(request_rec* r) {
  const SpoolResult<void> outcome = try_within(wish_of(ap_server_conf), kProbePatience);
  note_event(outcome, LostEvent::kTrial);
  if (outcome) return true;
  log_failure(ap_server_conf, outcome.error());
  r->status = HTTP_SERVICE_UNAVAILABLE;
  r->status_line = nullptr;
  apr_table_setn(r->headers_out, "Cache-Control", "no-store");
  ap_set_content_type(r, "text/plain");
  ap_rprintf(r, "%s: %s%s\n", log_id::kProcessCannotStore, outcome.error().message.c_str(),
             storing_remedy(outcome.error()).c_str());
  return false;
}

}  // namespace plivo_dial
