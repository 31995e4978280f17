// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/retry_policy.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "lib/base/utf8.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMostWaits = 16;
constexpr long kLongestWait = 86'400;
constexpr long kLongestLimit = 30 * 86'400;

std::optional<long> whole_number(std::string_view text) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

std::string in_seconds(milliseconds time) {
  return std::to_string(std::chrono::duration_cast<seconds>(time).count());
}

}  // namespace

Result<RetryPolicy> parse_retry_policy(std::string_view text) {
  const Error wrong{"retry='" + replace_invalid_utf8(text) +
                    "' is not a list of at most 16 waits of 1 to 86400 seconds, with or without a "
                    "limit of at most 2592000 seconds; write for example retry=1,5,30/86400"};
  RetryPolicy policy;
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const std::optional<long> limit = whole_number(text.substr(slash + 1));
    if (!limit || *limit < 0 || *limit > kLongestLimit) return wrong;
    policy.limit = seconds(*limit);
  }
  policy.waits.clear();
  for (std::string_view rest = text.substr(0, slash);;) {
    const std::size_t comma = rest.find(',');
    const std::optional<long> wait = whole_number(rest.substr(0, comma));
    if (!wait || *wait < 1 || *wait > kLongestWait || policy.waits.size() == kMostWaits) {
      return wrong;
    }
    policy.waits.push_back(seconds(*wait));
    if (comma == std::string_view::npos) return policy;
    rest.remove_prefix(comma + 1);
  }
}

std::string to_string(const RetryPolicy& policy) {
  std::string text;
  for (const milliseconds wait : policy.waits) text += (text.empty() ? "" : ",") + in_seconds(wait);
  return text + "/" + in_seconds(policy.limit);
}

unsigned fewest_attempts(const RetryPolicy& policy) {
  unsigned attempts = 1;
  milliseconds waited{0};
  for (const milliseconds wait : policy.waits) {
    if (waited >= policy.limit) break;
    waited += wait;
    ++attempts;
  }
  return attempts;
}

milliseconds wait_after(const RetryPolicy& policy, unsigned failures, double random) {
  const std::size_t step = std::min<std::size_t>(failures - 1, policy.waits.size() - 1);
  const auto wait = static_cast<double>(policy.waits[step].count());
  return milliseconds(static_cast<long>(wait * (0.8 + 0.4 * random)));
}

}  // namespace plivo_dial
