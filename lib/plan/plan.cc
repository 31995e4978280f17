// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/plan.h"

#include <charconv>
#include <system_error>

#include "lib/document/vocabulary.h"

namespace plivo_dial {

const std::string* stage_attribute(const Plan& plan, const Stage& stage, std::string_view name) {
  const std::string* own = find_attribute(stage.attributes, name);
  return own ? own : find_attribute(plan.dial_defaults, name);
}

Result<void> check_stage(const Plan& plan, const Stage& stage) {
  Attributes attributes = stage.attributes;
  for (const Attribute& attribute : plan.dial_defaults) {
    if (!find_attribute(attributes, attribute.name)) attributes.push_back(attribute);
  }
  return check_attributes_together("Dial", attributes);
}

long longest_ringing(const Plan& plan) {
  constexpr long kDefaultTimeout = 120;
  long sum = 0;
  for (const Stage& stage : plan.stages) {
    long seconds = kDefaultTimeout;
    if (const std::string* timeout = stage_attribute(plan, stage, "timeout")) {
      const char* end = timeout->data() + timeout->size();
      if (std::from_chars(timeout->data(), end, seconds).ec != std::errc()) {
        seconds = kDefaultTimeout;
      }
    }
    sum += seconds;
  }
  return sum;
}

}  // namespace plivo_dial
