// File: lib/document/places.h
//
// Places in a text of the administrator's that are filled from a request: {{From}}, and
// {{CallUUID|alnum}}, which leaves letters and digits. Pure functions.
//
//   split_places("Sales {{From}}")      -> {"Sales ", "From"}, {""}
//   with_values("Sales {{From}}", [](std::string_view) { return "14155550111"; })
//       -> "Sales 14155550111"
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial {

struct Place {
  std::string before;  // the text in front of it
  std::string name;    // of a parameter; "" behind the last place
  bool alphanumeric = false;

  // What `value` is there.
  std::string shown(std::string_view value) const;
};

struct PlaceFault {
  std::size_t offset;
  std::string message;
};

bool has_places(std::string_view text);

// The places of `text`, and what is behind the last one. Fails at braces that name no parameter.
Result<std::vector<Place>, PlaceFault> split_places(std::string_view text);

// A value of the kind that Plivo sends under `name`, to judge what a text becomes.
std::string sample_value(std::string_view name);

// The value of a parameter, "" where the request has none.
using ParameterValue = std::function<std::string_view(std::string_view name)>;

// `text`, whose places are sound, with their values.
std::string with_values(std::string_view text, const ParameterValue& value_of);

}  // namespace plivo_dial
