// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/request/handler.h"

#include <atomic>

#include "lib/base/in_quotes.h"
#include "lib/form/foreign_body.h"
#include "lib/log/log_id.h"
#include "lib/route/caller_rules.h"
#include "lib/spool/spool_writer.h"
#include "lib/webhook/continuation.h"
#include "lib/webhook/oddities.h"
#include "mod_plivo_dial/config/answer_book.h"
#include "mod_plivo_dial/config/documents.h"
#include "mod_plivo_dial/config/handler_word.h"
#include "mod_plivo_dial/guard.h"
#include "mod_plivo_dial/request/accept_event.h"
#include "mod_plivo_dial/request/claim.h"
#include "mod_plivo_dial/request/doubt_log.h"
#include "mod_plivo_dial/request/find_plan.h"
#include "mod_plivo_dial/request/probe.h"
#include "mod_plivo_dial/request/reply.h"
#include "mod_plivo_dial/request/request.h"
#include "mod_plivo_dial/request/serving_trial.h"
#include "mod_plivo_dial/request/trust.h"
#include "mod_plivo_dial/state.h"

namespace plivo_dial {
namespace {

constexpr int kInternalFailure = -1000;  // no status of httpd's

struct OddityRow {
  const char* id;
  const char* words;  // behind the parameter
};

// In the order of Oddity::Kind.
constexpr OddityRow kOddities[] = {
    {log_id::kNotUtf8, "is not UTF-8; its bytes are in params_raw of the event"},
    {log_id::kRepeatedParameter, "comes more than once; the event has all its values"},
    {log_id::kNoNumber, "is no whole number; the event has null for it, and the text in params"},
    {log_id::kUnknownReport,
     "the request reports nothing that this version knows; its event is \"other\""},
};

// For LogFormat: %{plivo_call}n and so on.
void set_notes(request_rec* r, const Webhook& webhook) {
  set_note(r, "plivo_call", webhook.call().value_or(""));
  set_note(r, "plivo_event", to_string(webhook.kind));
  const std::string_view status =
      webhook.dial_status != DialStatus::kUnknown
          ? to_string(webhook.dial_status)
          : webhook.dial_status_text.value_or(webhook.call_status_text.value_or(""));
  set_note(r, "plivo_status", status);
  set_note(r, "plivo_cause", webhook.dial_hangup_cause.value_or(webhook.hangup_cause.value_or("")));
  if (webhook.endpoint == Endpoint::kAction || webhook.endpoint == Endpoint::kCallback) {
    if (webhook.stage) set_note(r, "plivo_stage", std::to_string(*webhook.stage));
  }
}

// What only the content can show to be wrong; an unverified request never learns it.
Result<void, Refusal> check_content(const Webhook& webhook, const RequestParameters& parameters) {
  const auto bad = [](RefusalKind kind, const char* id, std::string reason) {
    return refused(HTTP_BAD_REQUEST, kind, id, std::move(reason));
  };
  if (parameters.query.has_malformed_escape() || parameters.body.has_malformed_escape()) {
    return bad(RefusalKind::kEscapes, log_id::kEscapes, "a parameter has a broken percent escape");
  }
  if (parameters.query.has_nul() || parameters.body.has_nul()) {
    return bad(RefusalKind::kEscapes, log_id::kEscapes, "a parameter has a NUL byte");
  }
  for (const Form* form : {&parameters.query, &parameters.body}) {
    const std::string_view format = foreign_format(*form);
    if (format.empty()) continue;
    return bad(RefusalKind::kBodyFormat, log_id::kBodyFormat,
               "a parameter's name is a text in " + std::string(format) +
                   ": it was sent as a form; say its Content-Type");
  }
  if (webhook.endpoint == Endpoint::kEvent) return {};
  const Result<void> call = check_call_uuid(webhook, parameters);
  if (call) return {};
  return bad(RefusalKind::kCallUuid, log_id::kCallUuid, call.error().message);
}

// For whoever has raised the log level to find the reason of a strange event.
void log_oddities(request_rec* r, const Webhook& webhook, const RequestParameters& parameters) {
  if (!APLOG_R_IS_LEVEL(r, APLOG_INFO)) return;
  for (const Oddity& oddity : oddities_of(webhook, parameters)) {
    const OddityRow& row = kOddities[static_cast<std::size_t>(oddity.kind)];
    const std::string name = oddity.name.empty() ? "" : "parameter " + in_quotes(oddity.name) + " ";
    ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r, "%s: served: %s%s", row.id, name.c_str(),
                  row.words);
  }
}

// A document of the administrator's own in place of the fallback that `answer` has.
Answer answer_from_file(const std::string& file, const RequestState& state, Answer answer) {
  if (g_config.documents == nullptr) return answer;
  Result<std::string> document =
      g_config.documents->filled(file, state.intake.parameters, state.received_us);
  if (document) {
    answer.made = std::move(document).value();
  } else {
    answer.fault = document.error().message;
    answer.next = what_follows(nullptr, state.webhook, Step());
  }
  return answer;
}

// PlivoAllowFrom and PlivoDenyFrom: what becomes of a call that begins; nothing where it is taken.
std::optional<CallerAction> turned_away(const ResolvedPlan& plan, const RequestState& state) {
  const Webhook& webhook = state.webhook;
  if (plan.callers == nullptr || is_placed_by_us(webhook) ||
      webhook.kind != EventKind::kCallAnswer) {
    return std::nullopt;
  }
  const auto verdict = plan.callers->verdict(webhook.from.value_or(""), state.tables.get());
  return verdict ? std::optional(verdict->action) : std::nullopt;
}

// Plivo's words for a call that is not taken.
Answer answer_to_denied(CallerAction action, Answer answer) {
  const char* const reason = action == CallerAction::kBusy ? "busy" : "rejected";
  const Element hangup{"Hangup", {{"reason", reason}}, "", {}};
  if (Result<std::string> document = render_document({&hangup, 1})) {
    answer.made = std::move(document).value();
  }
  answer.next = Next::kDenied;
  return answer;
}

// Of the plan where it has a document for this; else the Location's fallback.
Answer choose_answer(const DirConfig& config, const RequestState& state) {
  const Webhook& webhook = state.webhook;
  const ResolvedPlan* const plan = state.plan.get();
  const bool by_plan = plan != nullptr && webhook.kind != EventKind::kCallFallback;
  const Hours* const hours = state.hours ? &*state.hours : nullptr;
  const Plan* const what = plan == nullptr ? nullptr : &plan->plan;
  Step step = what == nullptr ? Step() : step_for(*what, webhook, hours);
  Answer answer;
  answer.next = what_follows(what, webhook, step, hours);
  answer.prepared = fallback_document(config);
  if (!by_plan) return answer;

  const std::string round =
      round_of(webhook, state.intake.parameters, state.sender.nonce, state.received_us);
  CallFacts facts{webhook.from.value_or(""), webhook.to.value_or(""), round};
  facts.parameters = &state.intake.parameters;
  facts.hours = hours;
  const std::optional<CallerAction> denied = turned_away(*plan, state);
  if (denied == CallerAction::kVoicemail) {
    step = Step{Step::Kind::kNotReached};
    answer.next = plan->plan.voicemail ? Next::kVoicemail : Next::kSentence;
  } else if (denied) {
    return answer_to_denied(*denied, std::move(answer));
  }
  const bool begins =
      webhook.kind == EventKind::kCallAnswer || webhook.kind == EventKind::kCallRedirect;
  const bool with_prompts = begins && !denied && step.kind != Step::Kind::kHangUp;
  if (const std::string* file = document_file_of(plan->plan, step)) {
    return answer_from_file(*file, state, std::move(answer));
  }
  // What is prepared does without them.
  if (prepared_document(*plan, step, with_prompts, facts) == nullptr) {
    facts.ours = our_number(webhook);
    facts.call = webhook.call().value_or("");
  }
  const Result<std::string_view> document =
      document_of(*plan, step, with_prompts, facts, answer.made);
  if (document) {
    if (answer.made.empty()) answer.prepared = *document;
    return answer;
  }
  answer.fault = document.error().message;
  answer.next = what_follows(nullptr, webhook, Step());
  return answer;
}

// The event of a request that is not to be answered without it: OK, or the status that refuses it.
int store_event(request_rec* r, const RequestState& state, std::chrono::milliseconds patience) {
  switch (accept_event(r, state, OnFailure::kRefuse, patience)) {
    case Acceptance::kStored:
      return OK;
    case Acceptance::kFailed:
      return reply_unavailable(r);
    case Acceptance::kUnfit:
      break;
  }
  return end_request(
      r, refused(HTTP_REQUEST_ENTITY_TOO_LARGE, RefusalKind::kBodySize, log_id::kBodySize,
                 "the event of this request is larger than " + std::to_string(kMaxSpoolPayload) +
                     " bytes, which the spool takes"));
}

// The event of an action, a recording or a report is durable before its document goes out, that of
// an answer behind it. The status that refuses it when PlivoSpoolFailure strict wants no document
// without it; else OK.
int keep_event_of_document(request_rec* r, RequestState& state) {
  const Endpoint endpoint = state.webhook.endpoint;
  const bool before = endpoint == Endpoint::kAction || endpoint == Endpoint::kRecording ||
                      state.webhook.kind == EventKind::kOther;
  if (!before && !g_child.strict) {
    state.event_behind_reply = true;
    return OK;
  }
  if (g_child.strict) return store_event(r, state, kCallersPatience);
  accept_event(r, state, OnFailure::kWriteInLog, kCallersPatience);
  return OK;
}

// Once a minute in each process.
void log_unknown_hours(request_rec* r, const RequestState& state) {
  constexpr std::int64_t kBetweenUs = 60'000'000;
  static std::atomic<std::int64_t> told_us{0};
  if (!state.hours) return;
  for (const auto& [name, schedule] : state.hours->asked()) {
    std::int64_t last = told_us;
    if (schedule.known || state.received_us - last < kBetweenUs) continue;
    if (!told_us.compare_exchange_strong(last, state.received_us)) continue;
    ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                  "%s: the tables do not say whether the schedule %.*s is open now; it is taken as "
                  "open",
                  log_id::kNoHours, static_cast<int>(name.size()), name.data());
  }
}

// A caller is on the line: whatever is wrong with us, there is a document for them.
int reply_with_document(request_rec* r, const DirConfig& config, RequestState& state) {
  state.answer = choose_answer(config, state);
  log_unknown_hours(r, state);
  if (!state.answer.fault.empty()) {
    ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r, "%s: %s; the caller gets the fallback document",
                  log_id::kNoDocument, state.answer.fault.c_str());
  }
  if (const int status = keep_event_of_document(r, state); status != OK) return status;
  return reply_document(r, state.answer.document());
}

int reply_to_event(request_rec* r, const RequestState& state) {
  const int status = store_event(r, state, kPlivosPatience);
  return status == OK ? reply_empty(r) : status;
}

// Reads a webhook of Plivo's own and verifies it.
Result<void, Refusal> take_signed_request(request_rec* r, const DirConfig& config,
                                          RequestState& state) {
  Result<Intake, Refusal> intake = read_parameters(r, max_body(config));
  if (!intake) return intake.error();
  state.intake = std::move(intake).value();
  Result<Sender, Refusal> sender = sender_by_signature(r, config, state.intake);
  if (!sender) return sender.error();
  state.sender = std::move(sender).value();
  return {};
}

// The same for the request of a flow. Its secret does not cover the body, so nothing in the body is
// looked at before the secret is known to be right.
Result<void, Refusal> take_event_request(request_rec* r, const DirConfig& config,
                                         RequestState& state) {
  const Result<EventBody, Refusal> body = read_event_body(r, max_body(config));
  if (!body) return body.error();
  Result<Sender, Refusal> sender = sender_by_secret(r, config);
  if (!sender) return sender.error();
  Result<Intake, Refusal> intake = decode_event_request(r, *body);
  if (!intake) return intake.error();
  state.sender = std::move(sender).value();
  state.intake = std::move(intake).value();
  return {};
}

// As Plivo would be answered, but that nothing comes of it: no event, and no line about a number
// that has no plan.
int reply_to_probe(request_rec* r, const DirConfig& config, RequestState& state) {
  if (asks_for_spool(r) && !spool_stands_probe(r)) return OK;
  const RequestParameters& parameters = state.intake.parameters;
  if (!wants_document(state.webhook.endpoint)) {
    mark_reply(r, config, state.sender, parameters, {});
    return reply_empty(r);
  }
  take_tables(state);
  (void)find_plan(r, config, state);
  state.answer = choose_answer(config, state);
  mark_reply(r, config, state.sender, parameters, state.answer.document());
  return reply_document(r, state.answer.document());
}

// A request whose content is wrong. Without CallUUID it may be a probe: nobody has seen such a
// request but who knows the token.
int end_unsound(request_rec* r, const DirConfig& config, RequestState& state, Refusal refusal) {
  if (refusal.kind == RefusalKind::kCallUuid) {
    const RequestParameters& parameters = state.intake.parameters;
    if (is_probe(state.sender, parameters)) return reply_to_probe(r, config, state);
    if (claims_to_be_probe(state.sender, parameters)) refusal.line = Refusal::Line::kNone;
  }
  return end_request(r, refusal);
}

int handle(request_rec* r, const DirConfig& config) {
  const Endpoint by_path =
      endpoint_for_path(location_of(config), endpoint_path(r), configured_endpoint(config));
  const auto allowed = check_method(r, by_path);
  if (!allowed) return end_request(r, allowed.error());

  RequestState* state = &request_state(r);
  state->received_us = r->request_time;
  const auto taken = by_path == Endpoint::kEvent ? take_event_request(r, config, *state)
                                                 : take_signed_request(r, config, *state);
  if (!taken) return end_request(r, taken.error());
  state->served = true;
  const RequestParameters& parameters = state->intake.parameters;
  state->webhook = read_webhook(by_path, parameters);
  const auto sound = check_content(state->webhook, parameters);
  if (!sound) return end_unsound(r, config, *state, sound.error());

  take_tables(*state);
  set_notes(r, state->webhook);
  log_oddities(r, state->webhook, parameters);
  log_doubt(r, state->webhook, parameters);
  if (const Result<void> found = find_plan(r, config, *state); !found) {
    ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r, "%s: %s", log_id::kNoPlan,
                  found.error().message.c_str());
  }
  if (!wants_document(state->webhook.endpoint)) return reply_to_event(r, *state);
  return reply_with_document(r, config, *state);
}

// After an exception: a 500 costs the call, so XML endpoints get the fallback document, if it was
// known by then that the request is Plivo's.
int reply_after_failure(request_rec* r, const DirConfig& config) {
  const RequestState* state = find_request_state(r);
  if (state == nullptr || !state->served) return reply_unavailable(r);
  const Endpoint by_path =
      endpoint_for_path(location_of(config), endpoint_path(r), configured_endpoint(config));
  if (!wants_document(by_path)) return reply_unavailable(r);
  return reply_document(r, fallback_document(config));
}

}  // namespace

int handle_request(request_rec* r) noexcept {
  if (our_handler(r->handler) == nullptr) return DECLINED;
  end_claim(r);
  // An ErrorDocument of a request that we refused must not be served in its place.
  if (r->prev != nullptr && apr_table_get(r->prev->notes, "plivo_refusal") != nullptr) {
    return DECLINED;
  }
  const DirConfig& config = dir_config(r->per_dir_config);
  int status = guard("handler", kInternalFailure, [&] { return handle(r, config); });
  if (status == kInternalFailure) {
    status = guard("handler, after a failure", HTTP_SERVICE_UNAVAILABLE,
                   [&] { return reply_after_failure(r, config); });
  }
  return ap_is_HTTP_ERROR(status) ? reply_error(r, status) : status;
}

int write_pending_event(request_rec* r) noexcept {
  return guard("log_transaction", DECLINED, [&] {
    // The request that was logged may be the last of a chain of internal redirects.
    for (request_rec* request = r; request != nullptr; request = request->prev) {
      RequestState* state = find_request_state(request);
      if (state == nullptr || !state->event_behind_reply) continue;
      state->event_behind_reply = false;
      accept_event(request, *state, OnFailure::kWriteInLog, kPlivosPatience);
    }
    return DECLINED;
  });
}

}  // namespace plivo_dial
