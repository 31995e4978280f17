// File: lib/plan/ringback.h
//
// What a caller hears while a stage rings, where the administrator wrote a sentence: the value
// "say=text" of dialMusic, in PlivoDial or PlivoDialDefault. Plivo gets the URL of a document of
// ours in its place. Pure functions.
//
//   sentence_in("say=Please hold")            -> "Please hold"
//   sentence_in("real")                       -> nothing
//   ringback_numbers(plan)                -> {0, 3}: PlivoDialDefault's, and one of stage 3's own
//   ringback_prompt(plan, 3)->content     -> "Please hold"
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/plan/plan.h"

namespace plivo_dial {

// The sentence in a value of dialMusic, a view into it; nothing where it is a URL or real.
std::optional<std::string_view> sentence_in(std::string_view dial_music);

// The number by which the URL names the sentence of `stage`, which is at `index` as stage_at()
// takes it: its number from 1 where the line says it, 0 where PlivoDialDefault does; nothing where
// the stage has no sentence. A stage of a route map has no line of the plan's, so what is inherited
// must be told from what a stage with the same number says.
std::optional<std::size_t> ringback_number(const Plan& plan, const Stage& stage, std::size_t index);

// All of them that the plan has, in order; 0 also where each stage has a dialMusic of its own.
std::vector<std::size_t> ringback_numbers(const Plan& plan);

// The sentence of `stage`, or the one of this number, as it is said in `plan`; nothing where there
// is none.
std::optional<Prompt> ringback_of(const Plan& plan, const Stage& stage);
std::optional<Prompt> ringback_prompt(const Plan& plan, std::size_t number);

}  // namespace plivo_dial
