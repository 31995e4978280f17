// File: tests/unit/plan/prepared_text.h
//
// A prepared document as a request gets it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/plan/prepared_answers.h"

namespace plivo_dial {

inline std::string prepared_text(const PreparedAnswers& answers, const Step& step,
                                 bool with_prompts = false, const CallFacts& facts = {"", ""}) {
  const SlottedDocument* const document = answers.find(step, with_prompts);
  if (document == nullptr) return "not prepared";
  if (document->is_constant()) return std::string(document->constant());
  const Result<std::string> filled = document->fill(facts);
  return filled ? *filled : filled.error().message;
}

}  // namespace plivo_dial
