// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/dial_player.h"

#include <algorithm>
#include <tuple>

#include "mod_plivo_dial/ctl/call/key_press.h"
#include "mod_plivo_dial/ctl/call/speech.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::int64_t kDefaultTimeoutSeconds = 120;
constexpr std::int64_t kDefaultTimeLimitSeconds = 14400;
constexpr std::int64_t kLongestCallSeconds = 86400;
constexpr std::int64_t kDefaultConfirmTimeoutSeconds = 120;
constexpr std::int64_t kKeyPressMilliseconds = 2000;

class DialRun {
 public:
  DialRun(CallSession& session, const Element& dial, const std::function<void()>& on_answer)
      : session_(session),
        dial_(dial),
        on_answer_(on_answer),
        callback_url_(attribute_or(dial, "callbackUrl", "")),
        callback_method_(attribute_or(dial, "callbackMethod", "POST")),
        has_prompt_(!attribute_or(dial, "confirmSound", "").empty()),
        asks_for_key_(has_prompt_ && !attribute_or(dial, "confirmKey", "").empty()) {}

  DialResult run() {
    start_legs();
    play_dial_music();
    while (pending_leg()) {
      const auto next = std::min_element(moments_.begin(), moments_.end());
      const Moment moment = *next;
      moments_.erase(next);
      if (moment.leg != kNoLeg && legs_[moment.leg].state == State::kEnded) continue;
      session_.advance(std::max<std::int64_t>(0, moment.at - session_.now()));
      handle(moment);
    }
    for (Leg& leg : legs_) session_.record().legs.push_back(leg.record);
    return result();
  }

 private:
  static constexpr std::size_t kNoLeg = static_cast<std::size_t>(-1);

  enum class State { kRinging, kAnswered, kConnected, kEnded };
  struct Leg {
    LegRecord record;
    TargetOutcome outcome;
    State state = State::kRinging;
  };

  // At the same instant the order of these decides: a limit comes before what it cuts off.
  enum class What {
    kCallEnds,
    kDialTimeout,
    kCallerGivesUp,
    kTimeLimit,
    kConfirmTimeout,
    kFails,
    kHangsUp,
    kDigits,
    kPress,
    kAnswers,
    kConfirms,
  };
  struct Moment {
    std::int64_t at;
    What what;
    std::size_t leg;

    bool operator<(const Moment& other) const {
      return std::tie(at, what, leg) < std::tie(other.at, other.what, other.leg);
    }
  };

  bool pending_leg() const {
    return std::any_of(legs_.begin(), legs_.end(),
                       [](const Leg& leg) { return leg.state != State::kEnded; });
  }

  void start_legs() {
    const std::string caller = attribute_or(dial_, "callerId", session_.script().from);
    for (const Element& target : dial_.children) {
      Leg leg;
      leg.record.position = static_cast<int>(legs_.size()) + 1;
      leg.record.target = target.text;
      leg.record.from = attribute_or(target, "callerId", caller);
      leg.record.uuid = session_.script().new_uuid();
      leg.record.started = session_.now();
      leg.outcome = find_outcome(session_.script().outcomes, target.text);
      legs_.push_back(std::move(leg));
      plan_leg(legs_.size() - 1);
    }
    const std::int64_t timeout = integer_or(dial_, "timeout", kDefaultTimeoutSeconds);
    moments_.push_back({session_.now() + timeout * kSecondMs, What::kDialTimeout, kNoLeg});
    if (session_.scheduled_hangup()) {
      moments_.push_back({*session_.scheduled_hangup(), What::kCallEnds, kNoLeg});
    }
  }

  void plan_leg(std::size_t index) {
    const TargetOutcome& outcome = legs_[index].outcome;
    const OutcomeRule& rule = outcome_rule(outcome.outcome);
    // Nobody picks up: without a time of its own the leg rings until the Dial's timeout.
    if (outcome.outcome == Outcome::kNoAnswer && !outcome.seconds) return;
    const int usual = rule.seconds < 0 ? session_.script().ring_seconds : rule.seconds;
    What what = What::kFails;
    if (outcome.outcome == Outcome::kCompleted || outcome.outcome == Outcome::kNotConfirmed) {
      what = What::kAnswers;
    } else if (outcome.outcome == Outcome::kCancel) {
      what = What::kCallerGivesUp;
    }
    moments_.push_back({session_.now() + outcome.seconds.value_or(usual) * kSecondMs, what, index});
  }

  void handle(const Moment& moment) {
    switch (moment.what) {
      case What::kCallEnds:
        return end_all_for_schedule();
      case What::kDialTimeout:
        return time_out();
      case What::kCallerGivesUp:
        return give_up();
      case What::kTimeLimit:
        return end_leg(moment.leg, kTimeLimit, "is cut off by the time limit");
      case What::kConfirmTimeout:
        return end_leg(moment.leg, outcome_rule(Outcome::kNotConfirmed).end,
                       "is dropped: the confirm key was not pressed");
      case What::kFails: {
        const OutcomeRule& rule = outcome_rule(legs_[moment.leg].outcome.outcome);
        return end_leg(moment.leg, rule.end, std::string(rule.meaning));
      }
      case What::kHangsUp:
        return end_leg(moment.leg, outcome_rule(Outcome::kCompleted).end, "hangs up");
      case What::kDigits:
        return press_digits(moment.leg);
      case What::kPress:
        return press(moment.leg, session_.script().presses[next_press_++]);
      case What::kAnswers:
        return pick_up(moment.leg);
      case What::kConfirms:
        return connect(moment.leg);
    }
  }

  void pick_up(std::size_t index) {
    Leg& leg = legs_[index];
    leg.state = State::kAnswered;
    leg.record.answered = session_.now();
    session_.add_leg_step(leg.record, "answers");
    report(leg, DialAction::kAnswer);
    on_answer_();
    if (!asks_for_key_ && leg.outcome.outcome == Outcome::kNotConfirmed) {
      session_.warn(
          "not-confirmed has no effect here: the Dial has no confirmSound and confirmKey");
    }
    if (!has_prompt_) return connect(index);
    const std::optional<std::int64_t> heard = play_confirm_sound();
    if (asks_for_key_) return ask_for_key(index, heard);
    moments_.push_back({session_.now() + heard.value_or(0), What::kConfirms, index});
  }

  // How long it plays, in milliseconds; nothing when there is no document.
  std::optional<std::int64_t> play_confirm_sound() {
    return play_sound(Purpose::kConfirm, "confirmSound");
  }

  // The caller hears it while it rings, so it takes no time of its own.
  void play_dial_music() {
    const std::string music = attribute_or(dial_, "dialMusic", "");
    if (music.empty() || music == "real") return;
    play_sound(Purpose::kMusic, "dialMusic");
  }

  // As play_confirm_sound(), of the URL in `attribute`.
  std::optional<std::int64_t> play_sound(Purpose purpose, std::string_view attribute) {
    const auto sound = session_.fetch(purpose, "POST", attribute_or(dial_, attribute, ""),
                                      session_.parameters(""));
    if (!sound) return std::nullopt;
    std::int64_t length = 0;
    for (const Element& element : *sound) {
      const bool heard =
          element.name == "Speak" || element.name == "Play" || element.name == "Wait";
      session_.add_element(element, heard ? "" : "ignored in " + std::string(attribute), 2);
      length += heard ? prompt_milliseconds(element).value_or(0) : 0;
    }
    return length;
  }

  void ask_for_key(std::size_t index, std::optional<std::int64_t> heard) {
    const std::int64_t limit =
        session_.now() +
        integer_or(dial_, "confirmTimeout", kDefaultConfirmTimeoutSeconds) * kSecondMs;
    const std::int64_t pressed = session_.now() + heard.value_or(0) + kKeyPressMilliseconds;
    const bool confirms = legs_[index].outcome.outcome != Outcome::kNotConfirmed;
    if (heard && confirms && pressed < limit) {
      moments_.push_back({pressed, What::kConfirms, index});
    } else {
      moments_.push_back({limit, What::kConfirmTimeout, index});
    }
  }

  void connect(std::size_t index) {
    Leg& winner = legs_[index];
    if (asks_for_key_) session_.add_leg_step(winner.record, "presses the confirm key");
    winner.state = State::kConnected;
    winner.record.connected = session_.now();
    winner_ = index;
    session_.answer();
    report(winner, DialAction::kConnected);
    for (std::size_t other = 0; other < legs_.size(); ++other) {
      if (legs_[other].state != State::kEnded && other != index) {
        end_leg(other, kLostRace, "stops ringing: another was first");
      }
    }
    const std::int64_t limit =
        std::min(integer_or(dial_, "timeLimit", kDefaultTimeLimitSeconds), kLongestCallSeconds);
    const std::int64_t talk = session_.script().talk_seconds;
    moments_.push_back({session_.now() + limit * kSecondMs, What::kTimeLimit, index});
    moments_.push_back({session_.now() + talk * kSecondMs, What::kHangsUp, index});
    moments_.push_back(
        {session_.now() + std::min(limit, talk) * kSecondMs / 2, What::kDigits, index});
    // One after the other, and all of them before the talk ends.
    const auto presses = static_cast<std::int64_t>(session_.script().presses.size());
    for (std::int64_t i = 1; i <= presses; ++i) {
      const std::int64_t after = std::min(limit, talk) * kSecondMs * i / (presses + 1);
      moments_.push_back({session_.now() + after, What::kPress, index});
    }
  }

  // Digits that the script holds next are pressed in the talk only when the document waits for
  // them there; else they stay for the next question.
  void press_digits(std::size_t index) {
    const auto digits = session_.peek_digits();
    if (!digits) return;
    for (const Talker talker : {Talker::kCaller, Talker::kCallee}) {
      if (!is_awaited(dial_, {talker, *digits})) continue;
      session_.take_digits();
      return press(index, {talker, *digits});
    }
  }

  void press(std::size_t index, const KeyPress& press) {
    const std::string what =
        "the " + std::string(to_string(press.talker)) + " presses " + press.digits;
    if (!is_awaited(dial_, press)) {
      return session_.note(what + ", which no " + std::string(digits_attribute(press.talker)) +
                           " of the Dial waits for");
    }
    session_.note(what);
    if (callback_url_.empty()) return;
    session_.notify(Purpose::kCallback, callback_method_, callback_url_,
                    digits_match_parameters(session_.script(), legs_[index].record, press.digits,
                                            pressed_by_word(press.talker)));
  }

  void time_out() {
    for (std::size_t index = 0; index < legs_.size(); ++index) {
      if (legs_[index].state == State::kRinging) {
        end_leg(index, kRingTimeout, "does not answer in time");
      }
    }
  }

  void give_up() {
    // Once two people talk, giving up while it rings is out of the question.
    if (winner_ != kNoLeg) return;
    session_.note("the caller gives up");
    const CallEnd unanswered = {"completed", kCallerGone.cause, kCallerGone.code, "Caller"};
    const CallEnd answered = {"completed", "NORMAL_CLEARING", 4000, "Caller"};
    session_.end(session_.answered() ? answered : unanswered);
    for (std::size_t index = 0; index < legs_.size(); ++index) {
      if (legs_[index].state != State::kEnded) end_leg(index, kCallerGone, "stops ringing");
    }
  }

  void end_all_for_schedule() {
    for (std::size_t index = 0; index < legs_.size(); ++index) {
      if (legs_[index].state == State::kEnded) continue;
      const bool talks = legs_[index].state == State::kConnected;
      end_leg(index, talks ? kTimeLimit : kCallerGone, "ends with the call");
    }
  }

  void end_leg(std::size_t index, const LegEnd& end, std::string what) {
    Leg& leg = legs_[index];
    if (leg.state == State::kConnected) {
      const std::int64_t talk = session_.now() - *leg.record.connected;
      session_.record().talk += talk;
      what += " after " + seconds_text(talk) + " of talk";
    }
    leg.state = State::kEnded;
    leg.record.ended = session_.now();
    leg.record.end = end;
    last_ended_ = index;
    session_.add_leg_step(leg.record, std::move(what));
    report(leg, DialAction::kHangup);
  }

  void report(const Leg& leg, DialAction action) {
    if (callback_url_.empty()) return;
    session_.notify(Purpose::kCallback, callback_method_, callback_url_,
                    dial_callback_parameters(session_.script(), leg.record, action));
  }

  DialResult result() const {
    DialResult result;
    const std::size_t deciding = winner_ != kNoLeg ? winner_ : last_ended_;
    const LegEnd& end = legs_[deciding].record.end;
    result.status = end.dial_status;
    result.cause = end.cause;
    if (winner_ != kNoLeg) result.b_leg_uuid = legs_[winner_].record.uuid;
    result.rang = std::any_of(legs_.begin(), legs_.end(), [](const Leg& leg) {
      return leg.record.answered || outcome_rule(leg.outcome.outcome).rings;
    });
    return result;
  }

  CallSession& session_;
  const Element& dial_;
  const std::function<void()>& on_answer_;
  const std::string callback_url_;
  const std::string callback_method_;
  const bool has_prompt_;
  const bool asks_for_key_;
  std::vector<Leg> legs_;
  std::vector<Moment> moments_;
  std::size_t winner_ = kNoLeg;
  std::size_t last_ended_ = 0;
  std::size_t next_press_ = 0;  // of the script's
};

}  // namespace

DialResult play_dial(CallSession& session, const Element& dial,
                     const std::function<void()>& on_answer) {
  return DialRun(session, dial, on_answer).run();
}

}  // namespace plivo_dial::ctl
