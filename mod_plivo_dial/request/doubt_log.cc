// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/request/doubt_log.h"

#include <array>
#include <atomic>

#include "lib/log/log_id.h"
#include "lib/webhook/doubt.h"
#include "mod_plivo_dial/shared_object.h"
#include "mod_plivo_dial/state.h"

namespace plivo_dial {

struct DoubtMarks {
  static constexpr int kVersion = 2;
  std::array<std::atomic<bool>, kDoubts> said;
};

namespace {

constexpr const char* kMarksName = "mod_plivo_dial_doubts";

// In the order of Doubt.
constexpr std::array<const char*, kDoubts> kIds = {
    log_id::kUnknownDialResult, log_id::kCompletedUnanswered, log_id::kUnknownCallEvent,
    log_id::kAlmostPlivosName};

}  // namespace

void share_doubt_marks(apr_pool_t* process_pool) {
  g_shared.doubts = shared_object<DoubtMarks>(process_pool, kMarksName);
}

void log_doubt(request_rec* r, const Webhook& webhook, const RequestParameters& parameters) {
  const std::optional<Doubt> doubt = doubt_of(webhook, parameters);
  if (!doubt || !APLOG_R_IS_LEVEL(r, APLOG_WARNING)) return;
  const auto index = static_cast<std::size_t>(*doubt);
  if (g_shared.doubts != nullptr && g_shared.doubts->said[index].exchange(true)) return;
  ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r, "%s: served: %s (said once)", kIds[index],
                doubt_text(*doubt, webhook, parameters).c_str());
}

}  // namespace plivo_dial
