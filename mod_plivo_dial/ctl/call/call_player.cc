// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/call_player.h"

#include <algorithm>

#include "mod_plivo_dial/ctl/call/call_session.h"
#include "mod_plivo_dial/ctl/call/dial_player.h"
#include "mod_plivo_dial/ctl/call/input_player.h"
#include "mod_plivo_dial/ctl/call/report_forms.h"
#include "mod_plivo_dial/ctl/call/speech.h"
#include "mod_plivo_dial/ctl/http/form_request.h"

namespace plivo_dial::ctl {
namespace {

class CallPlayer {
 public:
  CallPlayer(const CallScript& script, HttpClient& http)
      : script_(script), session_(script, http, record_) {}

  CallRecord play() {
    if (script_.reports_only) {
      send_reports();
      session_.note("nothing else is played");
      session_.end({"completed", "NORMAL_CLEARING", 4000, "Caller"});
      return std::move(record_);
    }
    if (script_.direction == Direction::kInbound || reach_callee()) {
      if (auto document = first_document()) {
        send_reports();
        execute(std::move(*document));
      }
    }
    finish_recordings(session_, recordings_);
    if (script_.hangup_url) {
      session_.notify(Purpose::kHangup, script_.method, *script_.hangup_url,
                      hangup_parameters(script_, record_));
    }
    session_.send_rest();
    warn_of_unused_outcomes();
    return std::move(record_);
  }

 private:
  // A mistyped number would otherwise play another call than was meant.
  void warn_of_unused_outcomes() {
    for (const TargetOutcome& outcome : script_.outcomes) {
      const bool used =
          outcome.target == "*" || same_target(outcome.target, script_.to) ||
          std::any_of(record_.legs.begin(), record_.legs.end(), [&](const LegRecord& leg) {
            return same_target(outcome.target, leg.target);
          });
      if (used) continue;
      session_.warn("nobody dialled " + outcome.target + " in this call to " + script_.to +
                    ", so its outcome was not used; --to and --outcome say whom it is about");
    }
  }

  void send_reports() {
    for (const Report& report : script_.reports) {
      const ReportRule& rule = *std::ranges::find(report_rules(), report.word, &ReportRule::word);
      const std::string& url = report.url.empty() ? script_.answer_url : report.url;
      const FormPairs pairs = report_parameters(script_, rule.kind);
      session_.note("report " + std::string(rule.word) + ": " + std::string(rule.meaning));
      if (rule.kind == ReportKind::kFlow) {
        session_.notify_of_flow(url, pairs);
      } else if (!rule.wants_document) {
        session_.notify(Purpose::kReport, script_.method, url, pairs);
      } else {
        session_.fetch(Purpose::kReport, script_.method, url, pairs);
      }
    }
  }

  // An outbound call rings at its destination before any document is asked for.
  bool reach_callee() {
    if (script_.ring_url) {
      session_.notify(Purpose::kRing, script_.method, *script_.ring_url, ring_parameters(script_));
    }
    const TargetOutcome outcome = own_outcome();
    const OutcomeRule& rule = outcome_rule(outcome.outcome);
    const int usual = rule.seconds < 0 ? script_.ring_seconds : rule.seconds;
    session_.advance(outcome.seconds.value_or(usual) * kSecondMs);
    if (outcome.outcome == Outcome::kCompleted) {
      session_.note(script_.to + " answers");
      session_.answer();
      return true;
    }
    session_.note(script_.to + " " + std::string(rule.meaning));
    session_.end({rule.end.dial_status, rule.end.cause, rule.end.code, rule.end.source});
    return false;
  }

  // The outcome "*" is about dialled targets; the callee of the call itself must be named.
  TargetOutcome own_outcome() const {
    TargetOutcome outcome = find_outcome(script_.outcomes, script_.to);
    return outcome.target == "*" ? find_outcome({}, script_.to) : outcome;
  }

  std::optional<Elements> first_document() {
    const FormPairs pairs = session_.parameters("StartApp");
    auto document = session_.fetch(Purpose::kAnswer, script_.method, script_.answer_url, pairs);
    if (!document && script_.fallback_url && !session_.ended()) {
      document = session_.fetch(Purpose::kFallback, script_.method, *script_.fallback_url, pairs);
    }
    if (!document) {
      session_.end({"completed", "NORMAL_CLEARING",
                    refusal_code(Purpose::kAnswer, session_.last_refusal_unreachable()), "Error"});
    }
    return document;
  }

  void execute(Elements document) {
    std::size_t next = 0;
    while (!session_.ended()) {
      if (next == document.size()) {
        session_.end({"completed", "NORMAL_CLEARING", 4010, "Plivo"});
        return;
      }
      Replacement replacement = play(document[next++]);
      if (!replacement && !session_.ended()) continue;
      note_unreached(document, next);
      if (replacement) {
        // Plivo does not say whether a recording that waits for an answer outlives its document.
        std::erase_if(recordings_, [](const RunningRecording& one) { return one.waits; });
        document = std::move(*replacement);
        next = 0;
      }
    }
  }

  void note_unreached(const Elements& document, std::size_t from) {
    if (from >= document.size() || record_.stopped) return;
    std::string names;
    for (std::size_t index = from; index < document.size(); ++index) {
      names += (names.empty() ? "" : ", ") + document[index].name;
    }
    session_.note("never reached: " + names);
  }

  Replacement play(const Element& element) {
    const std::string& name = element.name;
    if (name == "Dial") return dial(element);
    if (name == "Hangup") return hang_up(element);
    if (name == "PreAnswer") return pre_answer(element);
    if (name == "Redirect") return redirect(element);
    if (name == "Wait") return prompt(element);
    // Any other element answers an inbound call that still rings.
    session_.answer();
    if (name == "GetDigits" || name == "GetInput") return play_input(session_, element);
    if (name == "Record") return play_record(session_, element, recordings_);
    if (prompt_milliseconds(element)) return prompt(element);
    if (name == "Message") {
      session_.add_element(element, "a text message is sent");
      return std::nullopt;
    }
    session_.add_element(element, "");
    session_.warn("this tool does not play <" + name + ">; the next element follows");
    return std::nullopt;
  }

  Replacement prompt(const Element& element) {
    play_prompt(session_, element, 0);
    return std::nullopt;
  }

  Replacement dial(const Element& element) {
    session_.add_element(element, "");
    const DialResult result =
        play_dial(session_, element, [this] { start_recordings(session_, recordings_); });
    record_.dial_status = result.status;
    const bool redirects = attribute_or(element, "redirect", "true") == "true";
    return run_action(session_, element,
                      joined(session_.parameters(redirects ? "Redirect" : "DialAction"),
                             dial_parameters(script_, result)));
  }

  Replacement redirect(const Element& element) {
    session_.add_element(element, "");
    return session_.follow(Purpose::kRedirect, attribute_or(element, "method", "POST"),
                           element.text, session_.parameters("Redirect"));
  }

  Replacement pre_answer(const Element& element) {
    session_.add_element(element, "");
    for (const Element& child : element.children) {
      if (!session_.ended()) play_prompt(session_, child, 1);
    }
    return std::nullopt;
  }

  Replacement hang_up(const Element& element) {
    session_.add_element(element, "");
    const std::int64_t seconds = integer_or(element, "schedule", 0);
    if (seconds > 0) {
      session_.schedule_hangup(seconds * kSecondMs);
      return std::nullopt;
    }
    const std::string reason = attribute_or(element, "reason", "");
    CallEnd end = {"completed", "NORMAL_CLEARING", 4000, "Answer XML"};
    if (reason == "rejected") end = {"completed", "CALL_REJECTED", 3020, "Answer XML"};
    if (reason == "busy") end = {"completed", "USER_BUSY", 3010, "Answer XML"};
    session_.end(end);
    return std::nullopt;
  }

  const CallScript& script_;
  CallRecord record_;
  CallSession session_;
  std::vector<RunningRecording> recordings_;
};

}  // namespace

CallRecord play_call(const CallScript& script, HttpClient& http) {
  return CallPlayer(script, http).play();
}

}  // namespace plivo_dial::ctl
