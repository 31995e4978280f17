// File: lib/route/route.h
//
// What a line of a route map says about the calls it is for. Plain data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/plan/plan.h"
#include "lib/plan/target.h"

namespace plivo_dial {

// There are targets, a plan, or voicemail.
struct Route {
  std::vector<Target> targets;    // ring together; without attributes of their own
  CallerId caller_id;             // kPlivo: the line says nothing
  std::string schedule;           // "": at any time
  std::optional<bool> voicemail;  // nothing: the line does not say
  std::string plan;               // "": none
  std::uint32_t timeout = 0;      // seconds; 0: the line does not say
  std::uint32_t line = 0;         // where in the map it stands, for people

  friend bool operator==(const Route&, const Route&) = default;
};

}  // namespace plivo_dial
