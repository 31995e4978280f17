// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/request_parameters.h"

namespace plivo_dial {

std::optional<std::string_view> RequestParameters::find(std::string_view name) const {
  const auto in_body = body.find(name);
  return in_body ? in_body : query.find(name);
}

}  // namespace plivo_dial
