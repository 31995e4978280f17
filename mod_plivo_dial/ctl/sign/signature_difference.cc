// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/sign/signature_difference.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "mod_plivo_dial/ctl/printable.h"

namespace plivo_dial::ctl {
namespace {

std::string shown(std::string_view text) {
  return "\"" + printable(text) + "\"";
}

std::string shown(const Parameter& pair) {
  return shown(std::string(pair.name) + "=" + std::string(pair.value));
}

std::string base_of(const SignedUrl& url) {
  return v2_string_to_sign(url, "");
}

Form query_of(const SignedUrl& url) {
  constexpr auto kUnlimited = std::numeric_limits<std::size_t>::max();
  // Without limits decoding can't fail.
  return Form::decode(raw_query(url.target), {kUnlimited, kUnlimited, kUnlimited}).value();
}

bool is_less(const Parameter& a, const Parameter& b) {
  return a.name != b.name ? a.name < b.name : a.value < b.value;
}

// `kind` is "query" or "body".
std::string pair_difference(std::string_view kind, std::span<const Parameter> signed_pairs,
                            std::span<const Parameter> pairs_here) {
  const std::vector<Parameter> there = sorted_pairs(signed_pairs);
  const std::vector<Parameter> here = sorted_pairs(pairs_here);
  const auto [a, b] = std::ranges::mismatch(there, here);
  if (a == there.end() && b == here.end()) return "";
  const std::string pair = "the " + std::string(kind) + " pair ";
  if (a != there.end() && b != here.end() && a->name == b->name) {
    return pair + shown(*b) + ": it was signed as " + shown(*a);
  }
  const bool only_here = a == there.end() || (b != here.end() && is_less(*b, *a));
  if (only_here) return pair + shown(*b) + ": it was not signed";
  return pair + shown(*a) + ": it was signed, and is missing here";
}

}  // namespace

std::string first_difference(const SignedParts& signed_as, const SignedParts& here) {
  const std::string base = base_of(here.url);
  const std::string signed_base = base_of(signed_as.url);
  if (base != signed_base) {
    return "the base " + shown(base) + ": it was signed as " + shown(signed_base);
  }
  const Form query = query_of(here.url);
  const Form signed_query = query_of(signed_as.url);
  std::string difference = pair_difference("query", signed_query.parameters(), query.parameters());
  if (difference.empty()) difference = pair_difference("body", signed_as.body, here.body);
  if (!difference.empty() || signed_as.nonce == here.nonce) return difference;
  return "the nonce " + shown(here.nonce) + ": it was signed as " + shown(signed_as.nonce);
}

}  // namespace plivo_dial::ctl
