// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/request/refusal_log.h"

#include <array>
#include <cstdint>
#include <span>

#include "lib/base/rate_limiter.h"
#include "lib/log/log_id.h"
#include "mod_plivo_dial/shared_object.h"
#include "mod_plivo_dial/state.h"

namespace plivo_dial {

struct RefusalCounters {
  static constexpr int kVersion = 1;  // another order of kinds is another one
  // For all kinds together, for each, and for the summaries.
  std::array<RateCounter, 1 + kRefusalKinds + 1> counters;
};

namespace {

// Lines a second. A signature that does not fit is what its administrator looks for, so other
// refusals, which cost a sender nothing, can't use up its lines.
constexpr std::uint32_t kMostOfEach = 10;
constexpr std::uint32_t kMostOfAll = 12;
constexpr std::uint32_t kMostMismatches = 6;
constexpr std::uint32_t kMostSummaries = 1;
constexpr std::uint32_t kNoBound = UINT32_MAX;

constexpr const char* kCountersName = "mod_plivo_dial_refusals";

constexpr std::size_t kSummary = kRefusalKinds;  // the kind of the summaries themselves

struct KindRow {
  RefusalKind kind;
  const char* id;
  const char* words;
  int level;
};

constexpr std::array<KindRow, kRefusalKinds> kKinds = {{
    {RefusalKind::kMethod, log_id::kMethod, "the method is not served", APLOG_INFO},
    {RefusalKind::kNoSignature, log_id::kNoSignature, "no signature", APLOG_WARNING},
    {RefusalKind::kNonce, log_id::kNonce, "no nonce, or a malformed one", APLOG_WARNING},
    {RefusalKind::kMismatch, log_id::kMismatch, "the signature is not right", APLOG_WARNING},
    {RefusalKind::kSignatureHeader, log_id::kSignatureHeader, "the signature header is malformed",
     APLOG_WARNING},
    {RefusalKind::kOtherVersion, log_id::kOtherVersion, "a signature of another version",
     APLOG_WARNING},
    {RefusalKind::kEventSecret, log_id::kEventSecret, "the event secret is missing or wrong",
     APLOG_WARNING},
    {RefusalKind::kNothingToVerifyWith, log_id::kNothingToVerifyWith, "nothing to verify with",
     APLOG_WARNING},
    {RefusalKind::kBodySize, log_id::kBodySize, "the body is too large", APLOG_WARNING},
    {RefusalKind::kContentType, log_id::kContentType, "the Content-Type is not served",
     APLOG_WARNING},
    {RefusalKind::kContentEncoding, log_id::kContentEncoding, "the body is encoded", APLOG_WARNING},
    {RefusalKind::kCaps, log_id::kCaps, "too many or too large parameters", APLOG_WARNING},
    {RefusalKind::kEscapes, log_id::kEscapes, "a broken escape or a NUL byte", APLOG_WARNING},
    {RefusalKind::kCallUuid, log_id::kCallUuid, "CallUUID is missing or malformed", APLOG_WARNING},
    {RefusalKind::kBodyFormat, log_id::kBodyFormat, "the body is malformed", APLOG_WARNING},
    {RefusalKind::kBodyIncomplete, log_id::kBodyIncomplete, "the body is incomplete",
     APLOG_WARNING},
}};

constexpr bool are_in_order() {
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds[i].kind != static_cast<RefusalKind>(i)) return false;
  }
  return true;
}
static_assert(are_in_order(), "each kind has its row, in the order of RefusalKind");

const KindRow& row_of(std::size_t kind) {
  return kKinds[kind];
}

// The ids that its lines may have: why a signature does not fit is found out, or not.
std::string ids_of(const KindRow& row) {
  if (row.kind != RefusalKind::kMismatch) return row.id;
  const std::string comma = ", ";
  return log_id::kMismatch + comma + log_id::kOtherUrl + comma + log_id::kOtherAccount + comma +
         log_id::kBodyChanged + " or " + log_id::kOtherSite;
}

RateLimiter limiter(std::size_t kind) {
  const std::span<RateCounter> counters(g_shared.refusals->counters);
  if (kind == kSummary) return {counters, kMostSummaries, kNoBound};
  if (kind == static_cast<std::size_t>(RefusalKind::kMismatch)) {
    return {counters, kMostMismatches, kNoBound};
  }
  return {counters, kMostOfEach, kMostOfAll};
}

// Takes what was left out of all kinds, with `own` of `own_kind` added, into one line; "" for
// nothing.
std::string take_summary(std::size_t own_kind, std::uint64_t own) {
  std::uint64_t total = 0;
  std::string parts;
  for (std::size_t kind = 0; kind < kRefusalKinds; ++kind) {
    const std::uint64_t count = limiter(kind).take_suppressed(kind) + (kind == own_kind ? own : 0);
    if (count == 0) continue;
    total += count;
    parts += (parts.empty() ? ": " : ", ") + std::to_string(count) + " like " +
             ids_of(row_of(kind)) + " (" + row_of(kind).words + ")";
  }
  if (total == 0) return "";
  return std::string(log_id::kLinesLeftOut) + ": " + std::to_string(total) +
         (total == 1 ? " line" : " lines") +
         " about refused requests left out, since there were too many" + parts;
}

}  // namespace

void share_refusal_counters(apr_pool_t* process_pool) {
  g_shared.refusals = shared_object<RefusalCounters>(process_pool, kCountersName);
}

bool refusal_line_is_due(request_rec* r, RefusalKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  const KindRow& row = row_of(index);
  if (!APLOG_R_IS_LEVEL(r, row.level)) return false;
  if (g_shared.refusals == nullptr) return true;
  const auto now = static_cast<std::uint64_t>(apr_time_sec(apr_time_now()));
  const RateLimiter::Decision decision = limiter(index).ask(index, now);
  if (!decision.write || decision.suppressed == 0) return decision.write;
  if (limiter(kSummary).ask(kSummary, now).write) {
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r, "%s",
                  take_summary(index, decision.suppressed).c_str());
  } else {
    limiter(index).put_back(index, decision.suppressed);
  }
  return true;
}

void log_refusal(request_rec* r, const Refusal& refusal, bool served) {
  if (refusal.line == Refusal::Line::kNone) return;
  if (refusal.line == Refusal::Line::kAsk && !refusal_line_is_due(r, refusal.kind)) return;
  const int level = row_of(static_cast<std::size_t>(refusal.kind)).level;
  if (served) {
    ap_log_rerror(APLOG_MARK, level, 0, r,
                  "%s: served all the same, as PlivoSignature Warn has it: %s", refusal.id,
                  refusal.message.c_str());
    return;
  }
  // Of a filter that has answered already, r knows the status.
  const int status = refusal.status == AP_FILTER_ERROR ? r->status : refusal.status;
  ap_log_rerror(APLOG_MARK, level, 0, r, "%s: refused with %d: %s", refusal.id, status,
                refusal.message.c_str());
}

void write_refusal_summaries(server_rec* server) {
  if (g_shared.refusals == nullptr) return;
  const std::string summary = take_summary(0, 0);
  if (summary.empty()) return;
  ap_log_error(APLOG_MARK, APLOG_WARNING, 0, server, "%s", summary.c_str());
}

}  // namespace plivo_dial
