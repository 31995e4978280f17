// File: lib/plan/prepared_answers.h
//
// The documents of a plan, rendered at configuration time but for the values that a request gives.
//
//   const Result<PreparedAnswers> answers = PreparedAnswers::prepare(plan, urls);
//   const SlottedDocument* document = answers->find(step_for(plan, webhook), false);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "lib/base/result.h"
#include "lib/plan/answer.h"
#include "lib/plan/next_step.h"
#include "lib/plan/plan.h"
#include "lib/plan/slots.h"

namespace plivo_dial {

// Whether the plan's documents differ from call to call by more than the values of slots
// (plan/slots.h), so that they can't be prepared: who rings is drawn, or schedules say which stages
// one document has.
bool depends_on_request(const Plan& plan);

// All documents of one plan, rendered once. Immutable after prepare(); safe from any thread.
class PreparedAnswers {
 public:
  // Renders answer and every later step; fails as render_step, naming the stage. Must not be
  // called for a plan that depends_on_request().
  static Result<PreparedAnswers> prepare(const Plan& plan, const AnswerUrls& urls);

  // The document of `step`, with the plan's prompts for a call that begins with it. Null where it
  // has to be rendered: one that counts those before, one with a text message.
  const SlottedDocument* find(const Step& step, bool with_prompts) const;

 private:
  struct Beginning {
    Step step;
    SlottedDocument document;
  };
  std::vector<Beginning> answers_;                // more than one where schedules decide
  std::vector<SlottedDocument> stages_;           // by index of the stage that the document dials
  std::map<std::size_t, SlottedDocument> lines_;  // by place, of those that have a document
  SlottedDocument confirm_;
  std::map<std::size_t, SlottedDocument> musics_;  // by number, see ringback.h
  SlottedDocument not_reached_;                    // voicemail or apology
  SlottedDocument hang_up_;
  SlottedDocument end_;
};

}  // namespace plivo_dial
