// File: lib/plan/ring_order.h
//
// The order in which the targets of one PlivoDial line ring, written out as stages. Pure functions.
//
//   parse_stage({"+14155550111", "+14155550112", "ring=memory"})
//   stages_of(stage)    -> the first one alone, then both
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/plan/plan.h"

namespace plivo_dial {

// all, order, memory, random; nothing for another word.
std::optional<Ring> ring_of(std::string_view word);
inline constexpr std::string_view kRingWords[] = {"all", "order", "memory", "random"};

// What `line`, as it was parsed, is in a plan. Each stage has the line's attributes; those of
// kRandom have all its targets.
std::vector<Stage> stages_of(Stage line);

// Which of `count` targets is drawn for `place` in the call with this id, when the first stage of
// their line stands at `first`: the same on each node and at each repetition, and over all places
// each target once.
std::size_t drawn_target(std::string_view call, std::size_t first, std::size_t count,
                         std::size_t place);

}  // namespace plivo_dial
