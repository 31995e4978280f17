// File: tests/unit/plan/next_of.h
//
// What becomes of the caller behind the step that a webhook asks for.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/plan/next_step.h"

namespace plivo_dial {

inline std::optional<Next> next_of(const Plan* plan, const Webhook& webhook,
                                   const Hours* hours = nullptr) {
  return what_follows(plan, webhook, plan == nullptr ? Step() : step_for(*plan, webhook, hours),
                      hours);
}

}  // namespace plivo_dial
