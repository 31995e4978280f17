// File: lib/books/call_progress.h
//
// The natural order of a call's events, and how far a call has come in it. Plivo sends webhooks
// independently of each other, so that they can overtake one another on the way: the store asks
// here whether an event should wait a moment for one that ought to come before it, and whether it
// comes behind one that should have followed it.
//
//   call.ring  call.answer  { dial.answered  dial.connected  dial.digits  dial.ended }  dial.result
//   call.hangup          the braces once for each B leg; from dial.answered on once for each stage
//
// call.redirect stands where call.answer does: the dialling begins anew. Other events (recording,
// call.fallback, ...), and all that a PHLO flow reports, have no place in it: they neither wait nor
// come late. Plivo documents no order; this one follows from what each webhook reports.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "lib/event/event.h"
#include "lib/event/event_outline.h"

namespace plivo_dial {

// Where an event stands in its call.
struct CallStep {
  // In the order of a call.
  enum class Kind {
    kRing,
    kAnswer,
    kLegAnswered,
    kLegConnected,
    kLegDigits,
    kLegEnded,
    kResult,
    kHangup,
    kUnordered,
  };
  Kind kind = Kind::kUnordered;
  std::int64_t stage = 0;  // 0: unknown
  std::string leg;         // the B leg; "" when unknown
  bool talked = true;      // of kLegEnded: the leg was answered, as far as one knows

  friend bool operator==(const CallStep&, const CallStep&) = default;
};

CallStep step_of(const EventOutline& event);
CallStep step_of(const Event& event);

// The lane of a call: the same for ever, never 0.
std::int64_t lane_of_call(const std::string& call);

// By what the steps of a call are sorted when several are there: stage before kind.
std::tuple<bool, std::int64_t, CallStep::Kind> place_of(const CallStep& step);

// The steps of one call that were taken in so far. Cheap to copy.
class CallProgress {
 public:
  // Takes a step in. A second kAnswer begins the dialling afresh: the plan sent the call back.
  void add(const CallStep& step);

  // Whether `step` begins the dialling afresh: what was accepted before it is of the round before.
  bool begins_again(const CallStep& step) const;

  // Whether something that ought to come before `step` is missing.
  bool is_ahead(const CallStep& step) const;

  // Whether something that ought to come behind `step` is there already.
  bool is_late(const CallStep& step) const;

 private:
  bool has(CallStep::Kind kind) const;
  bool has_of_leg(CallStep::Kind kind, const std::string& leg) const;
  bool has_result_of(std::int64_t stage) const;
  bool result_is_ahead(const CallStep& step) const;
  bool hangup_is_ahead() const;

  std::vector<CallStep> steps_;  // each once
};

}  // namespace plivo_dial
