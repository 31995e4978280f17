// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/request/accept_event.h"

#include <algorithm>
#include <array>
#include <span>

#include "lib/event/id.h"
#include "lib/event/json.h"
#include "lib/event/make_event.h"
#include "lib/event/spooled_event.h"
#include "lib/log/log_id.h"
#include "mod_plivo_dial/config/storing_remedy.h"
#include "mod_plivo_dial/request/event_log.h"
#include "mod_plivo_dial/state.h"
#include "mod_plivo_dial/status/server_status.h"

namespace plivo_dial {
namespace {

// httpd cuts lines of its error log at 8 kB, and escaping can quadruple a byte.
constexpr std::size_t kLogPart = 1800;

void write_in_log(request_rec* r, const std::string& event) {
  const std::size_t parts = (event.size() + kLogPart - 1) / kLogPart;
  for (std::size_t part = 0; part < parts; ++part) {
    const std::string text = event.substr(part * kLogPart, kLogPart);
    ap_log_rerror(APLOG_MARK, APLOG_CRIT, 0, r, "%s: event not accepted, part %lu of %lu: %s",
                  log_id::kEventInLog, static_cast<unsigned long>(part + 1),
                  static_cast<unsigned long>(parts), text.c_str());
  }
}

std::string event_of(const RequestState& state) {
  const std::string id = make_event_id(state.received_us);
  EventStamp stamp;
  stamp.id = id;
  stamp.received_us = state.received_us;
  stamp.account = state.sender.account;
  stamp.verified = state.sender.verified;
  stamp.verified_by = state.sender.verified_by;
  stamp.token = state.sender.token;
  stamp.node = g_config.node == nullptr ? "" : g_config.node;
  const ResolvedPlan* const plan = state.plan.get();
  if (plan != nullptr && state.plan.is_certain) stamp.plan = plan->plan.name;
  if (state.answer.next) stamp.next = to_string(*state.answer.next);
  return to_json(make_event(state.webhook, state.intake.parameters, stamp));
}

// By what the dispatcher knows it when it comes again.
std::string payload_of(const RequestState& state, std::string_view event) {
  const Sender& sender = state.sender;
  const WebhookKeys known =
      webhook_keys(sender.account, sender.nonce, state.webhook, state.intake.parameters);
  std::array<WebhookKey, kMaxEventKeys> keys{};
  std::size_t count = 0;
  if (known.request) keys[count++] = *known.request;
  if (known.occurrence) keys[count++] = *known.occurrence;
  if (sender.signed_string) keys[count++] = *sender.signed_string;
  return encode_spooled_event(std::span(keys).first(count), event);
}

}  // namespace

Acceptance accept_event(request_rec* r, const RequestState& state, OnFailure on_failure,
                        std::chrono::milliseconds patience) {
  const std::string event = event_of(state);
  const SpoolResult<void> stored =
      g_child.event_log == nullptr
          ? SpoolResult<void>(SpoolError{{"the spool is not open in this process"}})
          : g_child.event_log->append(payload_of(state, event), patience);
  if (!stored && stored.error().failure == SpoolFailure::kUnfit &&
      on_failure == OnFailure::kRefuse) {
    return Acceptance::kUnfit;
  }
  note_event(stored, on_failure == OnFailure::kRefuse ? LostEvent::kRefused : LostEvent::kLogged);
  if (stored) return Acceptance::kStored;
  ap_log_rerror(APLOG_MARK, APLOG_CRIT, 0, r, "%s: the event can't be stored: %s%s",
                log_id::kEventNotStored, stored.error().message.c_str(),
                storing_remedy(stored.error()).c_str());
  if (on_failure == OnFailure::kWriteInLog) write_in_log(r, event);
  return Acceptance::kFailed;
}

}  // namespace plivo_dial
