// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/call_session.h"

#include <algorithm>
#include <charconv>

#include "lib/base/absolute_url.h"
#include "lib/signature/url.h"
#include "mod_plivo_dial/ctl/call/call_signature.h"
#include "mod_plivo_dial/ctl/call/report_forms.h"
#include "mod_plivo_dial/ctl/http/form_request.h"
#include "mod_plivo_dial/ctl/http/place.h"

namespace plivo_dial::ctl {
namespace {

// What becomes of a refused notice, since no hangup cause speaks of it.
std::string_view lost_notice(Purpose purpose) {
  return purpose == Purpose::kHangup ? "; this report is lost"
                                     : "; the call goes on, but this report is lost";
}

// Whether `url` is `prefix` itself or goes on from it: "https://pbx.example.community" does not go
// on from "https://pbx.example.com".
bool begins_with_url(std::string_view url, std::string_view prefix) {
  if (!url.starts_with(prefix)) return false;
  const std::string_view rest = url.substr(prefix.size());
  return rest.empty() || std::string_view("/?#").find(rest.front()) != std::string_view::npos;
}

// What a server that sends a body to a notice may have meant; "" where it is no notice of Plivo's.
std::string_view notice_name(Purpose purpose) {
  switch (purpose) {
    case Purpose::kCallback:
      return "a callback";
    case Purpose::kRing:
      return "the report of the ringing";
    case Purpose::kRecording:
      return "the report of a recording";
    case Purpose::kTranscription:
      return "the report of a transcription";
    case Purpose::kHangup:
      return "the report of the hangup";
    default:
      return "";
  }
}

}  // namespace

std::string_view to_string(Purpose purpose) {
  switch (purpose) {
    case Purpose::kAnswer:
      return "answer";
    case Purpose::kFallback:
      return "fallback";
    case Purpose::kRing:
      return "ring";
    case Purpose::kAction:
      return "action";
    case Purpose::kRedirect:
      return "redirect";
    case Purpose::kCallback:
      return "callback";
    case Purpose::kConfirm:
      return "confirm";
    case Purpose::kMusic:
      return "music";
    case Purpose::kRecording:
      return "recording";
    case Purpose::kTranscription:
      return "transcription";
    case Purpose::kReport:
      return "report";
    case Purpose::kHangup:
      return "hangup";
  }
  return "";
}

std::string attribute_or(const Element& element, std::string_view name, std::string_view fallback) {
  const std::string* value = find_attribute(element.attributes, name);
  return value && !value->empty() ? *value : std::string(fallback);
}

std::int64_t integer_or(const Element& element, std::string_view name, std::int64_t fallback) {
  const std::string* value = find_attribute(element.attributes, name);
  if (!value) return fallback;
  // Nine digits keep every product with milliseconds far from overflow.
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  const bool whole = error == std::errc() && end == value->data() + value->size();
  return whole && number >= 0 && number <= 999'999'999 ? number : fallback;
}

CallSession::CallSession(const CallScript& script, HttpClient& http, CallRecord& record)
    : script_(script), http_(http), record_(record) {
  record_.call_uuid = script.call_uuid;
  record_.from = script.from;
  record_.to = script.to;
  record_.direction = script.direction;
  record_.signed_requests = !script.token.empty();
  if (script.chaos) {
    chaos_.emplace(*script.chaos);
    record_.chaos = ChaosCount{*script.chaos};
  }
}

void CallSession::advance(std::int64_t milliseconds) {
  const std::int64_t target = now_ + milliseconds;
  if (ended_ || !scheduled_hangup_ || target < *scheduled_hangup_) {
    now_ = target;
    return;
  }
  now_ = std::max(now_, *scheduled_hangup_);
  note("the scheduled hangup ends the call");
  end({"completed", kTimeLimit.cause, kTimeLimit.code, kTimeLimit.source});
}

void CallSession::schedule_hangup(std::int64_t milliseconds_from_now) {
  scheduled_hangup_ = now_ + milliseconds_from_now;
}

void CallSession::answer() {
  if (!record_.answered && !ended_) record_.answered = now_;
}

void CallSession::end(const CallEnd& end) {
  if (ended_) return;
  ended_ = true;
  record_.end = end;
  record_.ended = now_;
}

std::string_view CallSession::call_status() const {
  if (ended_) return record_.end.status;
  return record_.answered ? "in-progress" : "ringing";
}

std::optional<std::string> CallSession::peek_digits() const {
  if (digits_used_ >= script_.digits.size()) return std::nullopt;
  return script_.digits[digits_used_];
}

std::optional<std::string> CallSession::take_digits() {
  auto digits = peek_digits();
  if (digits) ++digits_used_;
  return digits;
}

FormPairs CallSession::parameters(std::string_view event) const {
  FormPairs pairs = call_parameters(script_, call_status(), event);
  return ended_ ? joined(std::move(pairs), ended_call_parameters(script_, record_)) : pairs;
}

bool CallSession::maps_urls() const {
  return !script_.public_url.empty() && !begins_with_url(script_.answer_url, script_.public_url);
}

std::string CallSession::dialled_url(std::string_view url) const {
  const std::string server = origin_of(script_.answer_url);
  if (!maps_urls() || begins_with_url(url, script_.public_url) || !begins_with_url(url, server)) {
    return std::string(url);
  }
  return script_.public_url + std::string(url.substr(server.size()));
}

std::string CallSession::wire_url(std::string_view dialled) const {
  if (!maps_urls() || !begins_with_url(dialled, script_.public_url)) return std::string(dialled);
  return origin_of(script_.answer_url) + std::string(dialled.substr(script_.public_url.size()));
}

std::string_view CallSession::signed_url(const RequestStep& step) const {
  return record_.signed_requests ? std::string_view(step.url) : std::string_view();
}

RequestStep* CallSession::send(Purpose purpose, std::string_view method, std::string_view url,
                               const FormPairs& pairs) {
  return send(purpose, make_request(method, dialled_url(url), pairs), pairs);
}

RequestStep* CallSession::send(Purpose purpose, const HttpRequest& request,
                               const FormPairs& pairs) {
  // The hangup request is Plivo's last word and comes even when the play was stopped.
  if (purpose != Purpose::kHangup) {
    if (record_.stopped) return nullptr;
    if (record_.requests >= static_cast<std::size_t>(script_.max_requests)) {
      record_.stopped = true;
      end({"completed", "NORMAL_CLEARING", 0, "Unknown"});
      return nullptr;
    }
  }
  ++record_.requests;
  RequestStep step = step_of(purpose, request, pairs);
  step.response = deliver(request, pairs);
  // What Plivo does when it got no reply: the same once more, with a nonce of its own.
  if (script_.again) deliver(request, pairs);
  record_.steps.push_back({now_, std::move(step)});
  return &std::get<RequestStep>(record_.steps.back().what);
}

RequestStep CallSession::step_of(Purpose purpose, const HttpRequest& request,
                                 const FormPairs& pairs) const {
  RequestStep step;
  step.purpose = purpose;
  step.method = request.method;
  step.parameters = pairs;
  sort_pairs(step.parameters);
  step.url = request.url;
  step.sent_url = wire_url(request.url);
  step.due = now_;
  return step;
}

HttpResponse CallSession::deliver(HttpRequest request, const FormPairs& pairs) {
  if (secret_in_use_) {
    request.headers.push_back({"Authorization", "Bearer " + std::string(script_.event_secret)});
  } else if (!script_.token.empty()) {
    for (HttpHeader& header : signature_headers(request, pairs, random_nonce(), script_.token)) {
      request.headers.push_back(std::move(header));
    }
  }
  const std::string wire = wire_url(request.url);
  if (wire != request.url) request.server_name = place_of(script_.public_url).host;
  if (begins_with_url(wire, origin_of(script_.answer_url))) {
    request.connect_to = script_.connect_to;
    request.proxy_protocol = script_.proxy_protocol;
  }
  request.url = wire;
  return http_.send(request);
}

void CallSession::notify_of_flow(std::string_view url, const FormPairs& pairs) {
  if (!check_notice_url(Purpose::kReport, url)) return;
  secret_in_use_ = !script_.event_secret.empty();
  judge_notice(send(Purpose::kReport, flow_request(script_, dialled_url(url), pairs), pairs));
  secret_in_use_ = false;
}

std::optional<Elements> CallSession::fetch(Purpose purpose, std::string_view method,
                                           std::string_view url, const FormPairs& pairs) {
  if (!chaos_ || purpose == Purpose::kReport) return fetch_once(purpose, method, url, pairs);
  // A call that is sent back to its plan is numbered anew by the module, each time that it is told.
  const bool twice = chaos_->ask() && purpose != Purpose::kRedirect;
  const std::size_t index = record_.steps.size();
  std::optional<Elements> elements = fetch_once(purpose, method, url, pairs);
  if (elements && twice) {
    fetch_again(RequestStep(std::get<RequestStep>(record_.steps[index].what)), url, pairs);
  }
  send_due();
  return elements;
}

void CallSession::fetch_again(const RequestStep& first, std::string_view url,
                              const FormPairs& pairs) {
  RequestStep* const step = send(first.purpose, first.method, url, pairs);
  if (!step) return;
  step->again = true;
  ++record_.chaos->doubled;
  const HttpResponse& second = step->response;
  if (second.status == first.response.status && second.body == first.response.body &&
      second.content_type == first.response.content_type) {
    return;
  }
  ++record_.chaos->differing;
  record_.steps.push_back(
      {now_, NoticeStep{Severity::kFault,
                        "the same request for a document, sent again with a nonce of its own, got "
                        "another reply than before",
                        0,
                        "Plivo repeats what got no reply: let the document depend on the "
                        "parameters alone; --show-documents prints both"}});
}

std::optional<Elements> CallSession::fetch_once(Purpose purpose, std::string_view method,
                                                std::string_view url, const FormPairs& pairs) {
  RequestStep* step = send(purpose, method, url, pairs);
  if (!step) return std::nullopt;
  auto checked = check_document_reply(step->response, signed_url(*step));
  if (const auto* refusal = std::get_if<Refusal>(&checked)) {
    last_refusal_unreachable_ = refusal->unreachable;
    refuse(refusal->text, refusal_code(purpose, refusal->unreachable), refusal->remedy);
    return std::nullopt;
  }
  Document& document = std::get<Document>(checked);
  step->elements.emplace();
  for (const Element& element : document.elements) step->elements->push_back(element.name);
  for (std::string& warning : document.warnings) warn(std::move(warning));
  return std::move(document.elements);
}

bool CallSession::check_target(Purpose purpose, std::string_view method, std::string_view url) {
  const bool redirect = purpose == Purpose::kRedirect;
  const std::string name(redirect ? "Redirect" : "action");
  if (const Result<void> checked = check_absolute_url(without_fragment(url)); !checked) {
    const int code = redirect ? 7024 : 7022;
    refuse("the URL of " + name + ": " + checked.error().message, code,
           "write it with http:// or https:// and the host");
    end({"completed", "NORMAL_CLEARING", code, "Error"});
    return false;
  }
  if (method != "GET" && method != "POST") {
    const int code = redirect ? 7034 : 7032;
    refuse("the method of " + name + " is \"" + std::string(method) + "\"", code,
           "write GET or POST");
    end({"completed", "NORMAL_CLEARING", code, "Error"});
    return false;
  }
  return true;
}

std::optional<Elements> CallSession::follow(Purpose purpose, std::string_view method,
                                            std::string_view url, const FormPairs& pairs) {
  if (!check_target(purpose, method, url)) return std::nullopt;
  auto elements = fetch(purpose, method, url, pairs);
  if (!elements) {
    end({"completed", "NORMAL_CLEARING", refusal_code(purpose, last_refusal_unreachable_),
         "Error"});
  }
  return elements;
}

bool CallSession::check_notice_url(Purpose purpose, std::string_view url) {
  const Result<void> checked = check_absolute_url(without_fragment(url));
  if (checked) return true;
  refuse("the URL for " + std::string(to_string(purpose)) + ": " + checked.error().message, 0,
         "write it with http:// or https:// and the host");
  return false;
}

void CallSession::judge_notice(const RequestStep* step) {
  if (!step) return;
  if (const auto refusal = check_notice_reply(step->response, signed_url(*step))) {
    refuse(refusal->text + std::string(lost_notice(step->purpose)), 0, refusal->remedy);
    return;
  }
  warn_of_body(*step);
}

bool CallSession::was_action(std::string_view url) const {
  return std::ranges::any_of(record_.steps, [&](const CallStep& step) {
    const auto* request = std::get_if<RequestStep>(&step.what);
    return request && request->purpose == Purpose::kAction && request->url == url;
  });
}

void CallSession::warn_of_body(const RequestStep& step) {
  const std::string_view name = notice_name(step.purpose);
  if (name.empty() || step.response.body.empty()) return;
  const bool document = is_document_type(step.response.content_type);
  // One URL may take the report of a call's end, and say "OK" to it.
  if (step.purpose == Purpose::kHangup && !document) return;
  // One URL for both can't know which of them it answers.
  if (was_action(step.url) || !warned_of_body_.insert(step.purpose).second) return;
  warn("the reply to " + std::string(name) + " has a body (" +
       (document ? "a document" : step.response.content_type.substr(0, 80)) +
       "), which Plivo does not look at: " +
       (step.purpose == Purpose::kHangup
            ? "the call is over; tell Event=Hangup apart and answer it with an empty 200"
            : "answer it with an empty 200, and say what is to follow in the reply to an action"));
}

void CallSession::notify(Purpose purpose, std::string_view method, std::string_view url,
                         const FormPairs& pairs) {
  if (!check_notice_url(purpose, url)) return;
  const std::string_view known = method == "GET" ? "GET" : "POST";
  if (chaos_ && purpose != Purpose::kReport) {
    return scatter({purpose, std::string(known), std::string(url), pairs, now_});
  }
  judge_notice(send(purpose, known, url, pairs));
}

void CallSession::scatter(DueReport report) {
  if (!chaos_->add(report)) {
    const HttpRequest request = make_request(report.method, dialled_url(report.url), report.pairs);
    RequestStep step = step_of(report.purpose, request, report.pairs);
    step.dropped = true;
    step.response.error = "dropped";
    record_.steps.push_back({now_, std::move(step)});
    ++record_.chaos->dropped;
  }
  send_due();
}

void CallSession::send_due() {
  while (const std::optional<Delivery> delivery = chaos_->take()) {
    const DueReport& report = delivery->report;
    RequestStep* const step = send(report.purpose, report.method, report.url, report.pairs);
    if (!step) continue;
    step->again = delivery->again;
    step->late = delivery->late;
    step->due = report.due;
    if (step->again) ++record_.chaos->doubled;
    if (step->late) ++record_.chaos->late;
    judge_notice(step);
  }
}

void CallSession::send_rest() {
  if (!chaos_) return;
  chaos_->end();
  send_due();
}

void CallSession::add_element(const Element& element, std::string note, int depth) {
  record_.steps.push_back({now_, ElementStep{depth, element, std::move(note)}});
}

void CallSession::add_leg_step(const LegRecord& leg, std::string what) {
  record_.steps.push_back({now_, LegStep{leg.position, leg.target, std::move(what)}});
}

void CallSession::note(std::string text) {
  record_.steps.push_back({now_, NoticeStep{Severity::kNote, std::move(text), 0, ""}});
}

void CallSession::warn(std::string text) {
  ++record_.warnings;
  record_.steps.push_back({now_, NoticeStep{Severity::kWarning, std::move(text), 0, ""}});
}

void CallSession::refuse(std::string text, int cause_code, std::string remedy) {
  ++record_.refused;
  record_.steps.push_back(
      {now_, NoticeStep{Severity::kRefused, std::move(text), cause_code, std::move(remedy)}});
}

}  // namespace plivo_dial::ctl
