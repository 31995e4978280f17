// File: lib/plan/prepared_answers.h
//
// The documents of a plan, rendered at configuration time as far as they do not depend on the
// request.
//
//   const Result<PreparedAnswers> answers = PreparedAnswers::prepare(plan, urls);
//   const std::string_view document = answers->document(step_for(plan, webhook));
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/plan/answer.h"
#include "lib/plan/next_step.h"
#include "lib/plan/plan.h"

namespace plivo_dial {

// Whether the plan's documents differ from call to call, so that they can't be prepared.
bool depends_on_request(const Plan& plan);

// All documents of one plan, rendered once. Immutable after prepare(); safe from any thread.
class PreparedAnswers {
 public:
  // Whether the document of `step` is the same for each call: not where it counts those before.
  static bool is_prepared(const Step& step) { return step.walk == 0; }

  // Renders answer and every later step; fails as render_step, naming the stage. Must not be
  // called for a plan that depends_on_request().
  static Result<PreparedAnswers> prepare(const Plan& plan, const AnswerUrls& urls);

  // The bytes for answer, which begins with `step`, or for a step after a stage, which
  // is_prepared(). Views into this object.
  std::string_view answer(const Step& step) const;
  std::string_view document(const Step& step) const;

 private:
  struct Beginning {
    Step step;
    std::string document;
  };
  std::vector<Beginning> answers_;            // more than one where schedules decide
  std::vector<std::string> stages_;           // by index of the stage that the document dials
  std::map<std::size_t, std::string> lines_;  // by place, of those that have a document
  std::string confirm_;
  std::string not_reached_;  // voicemail or apology
  std::string hang_up_;
  std::string end_;
};

}  // namespace plivo_dial
