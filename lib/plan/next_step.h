// File: lib/plan/next_step.h
//
// Which step of a plan comes next, and what the event says of it. Pure functions of the plan and of
// what Plivo reported; no node keeps state about a call, since the stage rides in the signed action
// URL.
//
// Of a plan with two stages:
//
//   first_step(plan)        -> kDial of stage 0
//   step_after_stage(plan, 1, DialStatus::kBusy, CallStatus::kInProgress)       -> kDial of stage 1
//   step_after_stage(plan, 2, DialStatus::kBusy, CallStatus::kInProgress)       -> kNotReached
//   step_after_stage(plan, 1, DialStatus::kCompleted, CallStatus::kInProgress)  -> kHangUp
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "lib/plan/plan.h"
#include "lib/plan/when.h"
#include "lib/webhook/vocabulary.h"
#include "lib/webhook/webhook.h"

namespace plivo_dial {

struct Step {
  enum class Kind {
    kDial,        // `stage` and, where that one has redirect=false, the stages after it
    kNotReached,  // nobody was reached: the plan's voicemail, or a polite sentence and a hangup
    kFollowUp,    // what the line `stage`, as line_at() takes it, says or where it leads
    kMenu,        // the question of the menu `stage`, and behind it what follows silence
    kConfirm,     // what whoever picks up hears before the caller is connected
    kMusic,       // what the caller hears while it rings: `stage` as ringback_prompt() takes it
    kHangUp,
    kEnd,  // nothing to do or to say: an empty Response (a plan without stages, after its
           // prompts; a document that Plivo will not read)
  };
  Kind kind = Kind::kHangUp;
  std::size_t stage = 0;  // for kDial as stage_at() takes it
  int walk = 0;           // the number of the document among those of menus; 0: none was before
  int tries = 0;          // how often the question of kMenu was put after a wrong key

  friend bool operator==(const Step&, const Step&) = default;
};

// Stages and PlivoAnswer hold as their when= and `hours` say; without `hours` all of them.
//
// The step after the prompts, for answer: what PlivoAnswer says, or kDial of the first stage;
// kNotReached where no stage rings at this time; for a plan without stages kNotReached where it has
// voicemail, else kEnd.
Step first_step(const Plan& plan, const Hours* hours = nullptr);

// The step after stage `ended` (1-based, as in the URL) with this result, by the first rule that
// fits. The A leg is gone (cancel, which Plivo documents as "by the caller", whatever `call` still
// says; or `call` is terminal): kHangUp. The stage had redirect=false: kEnd, Plivo ignores the
// reply. A line of PlivoOn holds for the status, and the stage is one of PlivoDial: what it says.
// completed: kHangUp, the callee was spoken to; the same behind the dial of a line for completed.
// Else: the next stage, or kNotReached after the last and beyond it (the plan has become shorter
// while the call was under way). An unknown or absent status counts as not reached.
Step step_after_stage(const Plan& plan, std::size_t ended, DialStatus status, CallStatus call,
                      int walk = 0, const Hours* hours = nullptr);

// The step after the question of `menu` was put for the last time and nothing was pressed.
Step step_after_silence(const Plan& plan, std::size_t menu, int walk, const Hours* hours = nullptr);

// The step after a key of the menu that the webhook names: what the line of the key says. A key
// without line puts the question again, as often as silence does; then it is as after silence. A
// menu that is gone, and a walk of kMaxWalk documents: kNotReached.
Step step_after_key(const Plan& plan, const Webhook& webhook, const Hours* hours = nullptr);

// The step that a webhook asks for whose reply is a document. answer: first_step, or kHangUp for a
// call that is over. action: after its stage; one that is no number ends the plan. confirm:
// kConfirm where the plan has PlivoConfirm. music: kMusic where the stage has a sentence. confirm
// and music otherwise, and whatever reports nothing of a plan's (digits, a stream, a conference):
// kEnd, nobody is dialled. The others: kHangUp.
Step step_for(const Plan& plan, const Webhook& webhook, const Hours* hours = nullptr);

// What becomes of the caller, as the event says it.
enum class Next {
  kStage,      // a stage is dialled
  kVoicemail,  // the caller may leave a message
  kMenu,       // a question is put
  kSentence,   // a polite sentence, and the call ends
  kRedirect,   // a document from elsewhere
  kDocument,   // one of the administrator's own
  kDenied,     // the caller is turned away
  kEnd,        // the call ends, or has ended
};
std::string_view to_string(Next next);  // "stage", "voicemail", "menu", "sentence", ...

// What follows a webhook that gets the document of step_for(): of a call that begins or is sent
// back to its plan, and of a stage that is over; nothing for all others. Where the reply of an
// action is ignored (redirect=false), what follows is what stands behind that stage in the
// document. Without a plan the caller gets the fallback document: kSentence.
// `step` is that of step_for(); without a plan it is not looked at.
std::optional<Next> what_follows(const Plan* plan, const Webhook& webhook, const Step& step,
                                 const Hours* hours = nullptr);

}  // namespace plivo_dial
