// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/refusal_log.h"

#include <apr_shm.h>

#include <array>
#include <new>
#include <span>

#include "lib/base/rate_limiter.h"
#include "mod_plivo_dial/state.h"

namespace plivo_dial {

struct RefusalCounters {
  std::array<RateCounter, 1 + kRefusalKinds> counters;
};

namespace {

constexpr std::uint32_t kLinesPerSecondEach = 10;
constexpr std::uint32_t kLinesPerSecondAll = 18;

struct KindRow {
  const char* ids;
  const char* words;
  int level;
};

// In the order of RefusalKind.
constexpr std::array<KindRow, kRefusalKinds> kKinds = {{
    {"PD0101", "the method is not served", APLOG_INFO},
    {"PD0201", "no signature", APLOG_WARNING},
    {"PD0202", "no nonce, or a malformed one", APLOG_WARNING},
    {"PD0203, PD0206, PD0207 or PD0208", "the signature is not right", APLOG_WARNING},
    {"PD0204", "the signature header is malformed", APLOG_WARNING},
    {"PD0205", "a signature of another version", APLOG_WARNING},
    {"PD0209", "the event secret is missing or wrong", APLOG_WARNING},
    {"PD0210", "nothing to verify with", APLOG_WARNING},
    {"PD0401", "the body is too large", APLOG_WARNING},
    {"PD0402", "the Content-Type is not served", APLOG_WARNING},
    {"PD0403", "the body is encoded", APLOG_WARNING},
    {"PD0404", "too many or too large parameters", APLOG_WARNING},
    {"PD0405", "a broken escape or a NUL byte", APLOG_WARNING},
    {"PD0408", "CallUUID is missing or malformed", APLOG_WARNING},
    {"PD0409", "the body is malformed", APLOG_WARNING},
    {"PD0412", "the body is incomplete", APLOG_WARNING},
}};

const KindRow& row_of(std::size_t kind) {
  return kKinds[kind];
}

RateLimiter limiter() {
  return {std::span(g_state.refusals->counters), kLinesPerSecondEach, kLinesPerSecondAll};
}

std::string summary(std::size_t kind, std::uint64_t count) {
  return "PD0290: " + std::to_string(count) + (count == 1 ? " line" : " lines") + " like " +
         row_of(kind).ids + " (" + row_of(kind).words + ") left out, since there were too many";
}

}  // namespace

void share_refusal_counters(apr_pool_t* pool) {
  apr_shm_t* memory = nullptr;
  void* place = nullptr;
  if (apr_shm_create(&memory, sizeof(RefusalCounters), nullptr, pool) == APR_SUCCESS) {
    place = apr_shm_baseaddr_get(memory);
  } else {
    place = apr_palloc(pool, sizeof(RefusalCounters));
  }
  g_state.refusals = new (place) RefusalCounters{};
}

bool refusal_line_is_due(request_rec* r, RefusalKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  const KindRow& row = row_of(index);
  if (!APLOG_R_IS_LEVEL(r, row.level)) return false;
  if (g_state.refusals == nullptr) return true;
  const auto now = static_cast<std::uint64_t>(apr_time_sec(apr_time_now()));
  const RateLimiter::Decision decision = limiter().ask(index, now);
  if (decision.write && decision.suppressed > 0) {
    ap_log_rerror(APLOG_MARK, row.level, 0, r, "%s", summary(index, decision.suppressed).c_str());
  }
  return decision.write;
}

void write_refusal_line(request_rec* r, const Refusal& refusal, bool served) {
  const int level = row_of(static_cast<std::size_t>(refusal.kind)).level;
  if (served) {
    ap_log_rerror(APLOG_MARK, level, 0, r,
                  "%s: served all the same, as PlivoSignature Warn has it: %s", refusal.id,
                  refusal.reason.c_str());
  } else {
    ap_log_rerror(APLOG_MARK, level, 0, r, "%s: refused with %d: %s", refusal.id, refusal.status,
                  refusal.reason.c_str());
  }
}

void write_refusal_summaries(server_rec* server) {
  if (g_state.refusals == nullptr) return;
  for (std::size_t kind = 0; kind < kRefusalKinds; ++kind) {
    const std::uint64_t count = limiter().take_suppressed(kind);
    if (count == 0) continue;
    ap_log_error(APLOG_MARK, row_of(kind).level, 0, server, "%s", summary(kind, count).c_str());
  }
}

}  // namespace plivo_dial
