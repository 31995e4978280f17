// File: lib/plan/answer.h
//
// The document of a step: plan and URLs in, bytes out. What does not depend on the request is
// rendered at configuration time, by prepared_answers.h.
//
//   const AnswerUrls urls{.action = "https://pbx.example.com/dialstatus/action"};
//   render_step(plan, urls, first_step(plan), true, {"14155550111", "14155550199"})
//       -> ...<Dial action="https://pbx.example.com/dialstatus/action" method="POST">...
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/plan/call_facts.h"
#include "lib/plan/next_step.h"
#include "lib/plan/plan.h"

namespace plivo_dial {

// The URLs that our documents carry, complete but for stage and fragment:
// "https://pbx.example.com/dialstatus/action".
struct AnswerUrls {
  std::string action = {};             // of <Dial>
  std::string callback = {};           // callbackUrl of <Dial>
  std::string confirm = {};            // confirmSound of <Dial>
  std::string recording = {};          // action, callbackUrl and transcriptionUrl of <Record>
  std::string action_fragment = {};    // PlivoCallbackOptions for action; "" by default
  std::string callback_fragment = {};  // for callbackUrl
  std::string music = {};              // dialMusic of <Dial>
};

// The round in which the call of `webhook` is, "" in the first one: for call.redirect, which begins
// another, one made of the request's nonce, which is its own on whatever node it comes in, or
// without one of the time `received_us`; for what a Dial's URL brings, that of the URL.
std::string round_of(const Webhook& webhook, const RequestParameters& parameters,
                     std::string_view nonce, std::int64_t received_us);

// The document of `step`; for answer (`with_prompts`) the plan's prompts come first. <Dial> gets,
// in this order: action, method, callbackUrl, callerId, where the plan has PlivoConfirm
// confirmSound, confirmKey and confirmTimeout, where the stage has a sentence dialMusic, then the
// stage's own attributes and the plan's defaults. action and callbackUrl are `urls`' unless the
// stage or the defaults name absolute ones; both carry stage=N in the query from stage 2 on,
// round=R from the second round on, and a fragment unless they have one; method is POST unless set.
// In a plan with PlivoRecord its notice, before the first dial, and a <Record> come before <Dial>.
// An empty URL leaves its attributes out. confirmSound and dialMusic have the plan's number in
// their query, since Plivo may ask for a sound with the numbers of the callee, and dialMusic the
// stage whose own sentence it is. kConfirm and kMusic are these sounds. A step to a document of the
// administrator's own is not rendered here: document_file_of() names it. callerId comes from the
// stage or the defaults, else from the plan's caller_id, where the request's From or To is left out
// unless it is a phone number (anonymous callers). In a plan with PlivoRecord a <Record> comes
// before <Dial>, and before the first one its notice. kNotReached, and kDial of a stage that the
// plan does not have, are the voicemail's greeting and a <Record> with action, method, callbackUrl,
// where a text is asked for transcriptionUrl, and the voicemail's own attributes; in a plan without
// one, its voice's apology and a hangup. Fails only when the document would exceed Plivo's 100 kB.
Result<std::string> render_step(const Plan& plan, const AnswerUrls& urls, const Step& step,
                                bool with_prompts, const CallFacts& facts);

// The path of the document that `step` is, where the administrator wrote it; else null.
const std::string* document_file_of(const Plan& plan, const Step& step);

// The built-in fallback document: a polite sentence and a hangup. Constant.
std::string_view built_in_fallback_document();

// The same in the words and by the voice of PlivoVoice. Fails as render_step.
Result<std::string> fallback_document_of(const Voice& voice);

}  // namespace plivo_dial
