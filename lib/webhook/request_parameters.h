// File: lib/webhook/request_parameters.h
//
// The pairs of one request, decoded, before anybody has said what they mean.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "lib/form/form.h"

namespace plivo_dial {

// The pairs of one request. Plivo's own parameters are in the body of a POST and in the query of a
// GET; the query of a POST holds only what the URL was configured with.
struct RequestParameters {
  Form query;
  Form body;

  // Body first, then query; case-sensitive.
  std::optional<std::string_view> find(std::string_view name) const;
};

}  // namespace plivo_dial
