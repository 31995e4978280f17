// File: lib/webhook/continuation.h
//
// What a URL of ours carries beside its path, in the query that Plivo signs: where in its plan a
// call stands, so that no node keeps state about a call in progress.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "lib/form/form.h"

namespace plivo_dial {

// The name of the parameter with the round: which time a call goes through its plan, as a number
// that no other round of that call has. The first round has none.
inline constexpr std::string_view kRoundParameter = "round";

// The round in the query of a request: 1 to 20 digits, or nothing.
inline std::optional<std::string_view> round_in(const Form& query) {
  const auto round = query.find(kRoundParameter);
  const bool valid = round && !round->empty() && round->size() <= 20 &&
                     round->find_first_not_of("0123456789") == std::string_view::npos;
  return valid ? round : std::nullopt;
}

// The place of a call in its menus: the name of the menu whose key is awaited, the number of the
// document, and how often this menu was put after a wrong key.
inline constexpr std::string_view kMenuParameter = "menu";
inline constexpr std::string_view kWalkParameter = "walk";
inline constexpr std::string_view kTriesParameter = "tries";

// The name of the parameter with the number of ours whose plan a call follows, in E.164, where the
// request itself may name others (confirmSound).
inline constexpr std::string_view kNumberParameter = "number";
inline constexpr std::string_view kNoNumber = "+0";  // the plan of numbers that have none
inline constexpr std::string_view kOwnPlan = "+00";  // the Location's own, beside one of those

// The digits of that number in the query of a request, or nothing.
inline std::optional<std::string_view> number_in(const Form& query) {
  const auto number = query.find(kNumberParameter);
  const bool valid = number && number->size() > 1 && number->front() == '+' &&
                     number->find_first_not_of("0123456789", 1) == std::string_view::npos;
  return valid ? std::optional(number->substr(1)) : std::nullopt;
}

// The name of the parameter with a plan in place of a number, and the name in the query of a
// request, or nothing.
inline constexpr std::string_view kPlanParameter = "plan";

// A plan that people name: a letter, then letters, digits, '.', '_' and '-', 64 at most.
inline bool is_plan_name(std::string_view name) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::string_view kOthers = "0123456789._-";
  if (name.empty() || name.size() > 64 || kLetters.find(name.front()) == kLetters.npos) {
    return false;
  }
  for (const char c : name) {
    if (kLetters.find(c) == kLetters.npos && kOthers.find(c) == kOthers.npos) return false;
  }
  return true;
}

inline std::optional<std::string_view> plan_in(const Form& query) {
  const auto name = query.find(kPlanParameter);
  return name && is_plan_name(*name) ? name : std::nullopt;
}

// The name of the parameter by which plivo-dialctl asks how a call would go at another time, as the
// clocks of each schedule's zone show it, "2026-12-25T10:00", or in UTC, "2026-12-25T10:00Z". Plivo
// sends none.
inline constexpr std::string_view kAtParameter = "DialctlAt";

}  // namespace plivo_dial
