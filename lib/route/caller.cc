// SPDX-License-Identifier: Apache-2.0
#include "lib/route/caller.h"

#include <algorithm>

#include "lib/base/text.h"
#include "lib/base/without_plus.h"
#include "lib/image/image.h"
#include "lib/route/number_pattern.h"

namespace plivo_dial {
namespace {

// What carriers put in the place of a number.
constexpr std::string_view kHidden[] = {kAnonymous,    "restricted", "private", "withheld",
                                        "unavailable", "unknown",    "blocked"};

constexpr std::string_view kSchemes[] = {"sip:", "sips:", "tel:"};

bool is_number_of_call(std::string_view digits) {
  return is_all_digits(digits) && digits.size() <= kMostPrefix;
}

// The user of a URI, or the text itself where it is none.
std::string_view user_of(std::string_view text) {
  const std::size_t bracket = text.find('<');
  if (bracket != std::string_view::npos) {
    text.remove_prefix(bracket + 1);
    text = text.substr(0, text.find('>'));
  }
  for (const std::string_view scheme : kSchemes) {
    if (!equals_ignoring_case(text.substr(0, scheme.size()), scheme)) continue;
    text.remove_prefix(scheme.size());
    return text.substr(0, text.find_first_of("@;?"));
  }
  return text.substr(0, text.find('@'));
}

}  // namespace

Caller caller_of(std::string_view reported) {
  // As Plivo reports most of them.
  if (is_number_of_call(reported)) return {Caller::Kind::kNumber, reported};
  const std::string_view user = trim(user_of(trim(reported)));
  const std::string_view digits = without_plus(user);
  if (is_number_of_call(digits)) return {Caller::Kind::kNumber, digits};
  const bool hidden = digits.empty() || std::ranges::any_of(kHidden, [&](std::string_view word) {
                        return equals_ignoring_case(user, word);
                      });
  return {hidden ? Caller::Kind::kWithheld : Caller::Kind::kOther, {}};
}

}  // namespace plivo_dial
