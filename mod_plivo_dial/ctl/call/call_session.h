// File: mod_plivo_dial/ctl/call/call_session.h
//
// The state of one call while it is played: virtual clock, whether the A leg is answered or over,
// the requests made so far, and the record. The player and its parts work on it; nothing in it
// waits or sleeps, only HttpClient does.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mod_plivo_dial/ctl/call/call_record.h"
#include "mod_plivo_dial/ctl/call/call_script.h"
#include "mod_plivo_dial/ctl/call/chaos.h"
#include "mod_plivo_dial/ctl/call/reply_check.h"
#include "mod_plivo_dial/ctl/call/request_forms.h"
#include "mod_plivo_dial/ctl/http/http_client.h"

namespace plivo_dial::ctl {

using Elements = std::vector<Element>;

class CallSession {
 public:
  // All three must outlive the session.
  CallSession(const CallScript& script, HttpClient& http, CallRecord& record);

  const CallScript& script() const { return script_; }
  CallRecord& record() { return record_; }

  // Virtual time. advance() goes on by so many milliseconds, or to the scheduled hangup, which
  // then ends the call.
  std::int64_t now() const { return now_; }
  void advance(std::int64_t milliseconds);
  void schedule_hangup(std::int64_t milliseconds_from_now);
  std::optional<std::int64_t> scheduled_hangup() const { return scheduled_hangup_; }

  // The A leg. The first end() counts.
  void answer();
  bool answered() const { return record_.answered.has_value(); }
  void end(const CallEnd& end);
  bool ended() const { return ended_; }
  std::string_view call_status() const;

  // What the caller types next, or nothing when all is used up. peek leaves it there.
  std::optional<std::string> peek_digits() const;
  std::optional<std::string> take_digits();

  // The common parameters as they stand now, with what is added once the call is over.
  FormPairs parameters(std::string_view event) const;

  // Requests a document; a refusal is recorded. Nothing comes back when it was refused or when
  // the request limit stopped the play.
  std::optional<Elements> fetch(Purpose purpose, std::string_view method, std::string_view url,
                                const FormPairs& pairs);

  // As fetch(), and a refusal ends the call with the cause that Plivo has for it. Bad URLs and
  // methods are refused (7022, 7024, 7032, 7034) without a request.
  std::optional<Elements> follow(Purpose purpose, std::string_view method, std::string_view url,
                                 const FormPairs& pairs);

  // Sends a notice, whose reply is not executed. Where the script has chaos it may be sent later,
  // twice, or not at all; only reports beside the call (kReport) are left alone.
  void notify(Purpose purpose, std::string_view method, std::string_view url,
              const FormPairs& pairs);

  // As notify(), as a flow does it: with the event secret, where there is one, and not signed then.
  void notify_of_flow(std::string_view url, const FormPairs& pairs);

  // Sends the notices that still wait. The player calls it when nothing else will come.
  void send_rest();

  // What the session refused last with fetch(), for the code with which the call ends.
  bool last_refusal_unreachable() const { return last_refusal_unreachable_; }

  // Entries of the record at the present time.
  void add_element(const Element& element, std::string note, int depth = 0);
  void add_leg_step(const LegRecord& leg, std::string what);
  void note(std::string text);
  void warn(std::string text);
  void refuse(std::string text, int cause_code, std::string remedy);

 private:
  RequestStep* send(Purpose purpose, std::string_view method, std::string_view url,
                    const FormPairs& pairs);
  RequestStep* send(Purpose purpose, const HttpRequest& request, const FormPairs& pairs);
  RequestStep step_of(Purpose purpose, const HttpRequest& request, const FormPairs& pairs) const;
  std::optional<Elements> fetch_once(Purpose purpose, std::string_view method, std::string_view url,
                                     const FormPairs& pairs);
  // Asks again for the document of `first`, as Plivo does without a reply, and compares the two.
  void fetch_again(const RequestStep& first, std::string_view url, const FormPairs& pairs);
  void scatter(DueReport report);
  void send_due();
  bool check_notice_url(Purpose purpose, std::string_view url);
  void judge_notice(const RequestStep* step);
  // Once for each purpose: a body that nobody reads.
  void warn_of_body(const RequestStep& step);
  // Whether `url`, as dialled, was an action's in this call.
  bool was_action(std::string_view url) const;
  HttpResponse deliver(HttpRequest request, const FormPairs& pairs);
  // The URL as Plivo would dial it, and the one at which the server under test is reached.
  std::string dialled_url(std::string_view url) const;
  std::string wire_url(std::string_view dialled) const;
  // Whether URLs of the server under test are dialled under another origin.
  bool maps_urls() const;
  // The URL that the request's signature is over, or "".
  std::string_view signed_url(const RequestStep& step) const;
  bool check_target(Purpose purpose, std::string_view method, std::string_view url);

  const CallScript& script_;
  HttpClient& http_;
  CallRecord& record_;
  std::int64_t now_ = 0;
  std::optional<std::int64_t> scheduled_hangup_;
  bool ended_ = false;
  bool secret_in_use_ = false;
  bool last_refusal_unreachable_ = false;
  std::set<Purpose> warned_of_body_;
  std::optional<Chaos> chaos_;
  std::size_t digits_used_ = 0;
};

// The attribute `name` of `element`, or `fallback` when it is absent or empty.
std::string attribute_or(const Element& element, std::string_view name, std::string_view fallback);

// As an integer of at least 0; `fallback` when it is absent or no number.
std::int64_t integer_or(const Element& element, std::string_view name, std::int64_t fallback);

}  // namespace plivo_dial::ctl
