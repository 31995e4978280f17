// File: lib/route/route_line.h
//
// The words of one line of a route map, see lib/route/route_map.h for the format. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/route/faults.h"
#include "lib/route/number_pattern.h"
#include "lib/route/route.h"

namespace plivo_dial {

// Which calls a line is for.
struct RouteKey {
  enum class Kind {
    kCalled,     // by the number that is called
    kCaller,     // from:, by who calls
    kForwarded,  // forwarded:, by who passed the call on (ForwardedFrom)
  };
  Kind kind = Kind::kCalled;
  NumberPattern number;

  friend bool operator==(const RouteKey&, const RouteKey&) = default;
};

// As it is written: "from:+1415*".
std::string to_string(const RouteKey& key);

// What a map may name, as the configuration has it; who checks a map without a configuration gives
// none.
struct ConfiguredNames {
  std::vector<std::string_view> schedules;
  std::vector<std::string_view> plans;
};

// The first word. The error names it and the remedy.
Result<RouteKey> parse_route_key(std::string_view word);

// The words behind the first one, at `line`. Each fault is added to `faults`. `key` is null where
// it could not be read; `names` where they are not known, and then not checked.
Route parse_route(std::span<const std::string_view> words, const RouteKey* key,
                  const ConfiguredNames* names, std::size_t line, Faults& faults);

}  // namespace plivo_dial
