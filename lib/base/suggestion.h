// File: lib/base/suggestion.h
//
// "Did you mean ...?" for configuration errors: the known word nearest to a mistyped one, and what
// else there is.
//
//   constexpr std::string_view known[] = {"busy", "failed"};
//   nearest_word("buzy", known)             -> "busy"
//   proposal_or_list("buzy", known)         -> "; did you mean busy?"
//   proposal_or_list("answered", known)     -> "; there are: busy, failed"
//   alternatives(known)                     -> "busy or failed"
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace plivo_dial {

// The entry of `known` with the fewest edits (insert, delete, replace, swap of neighbours; case
// does not count) from `word`, or nothing when none is within a third of the word's length, at
// least one edit. The first of equals wins. Pure.
std::optional<std::string_view> nearest_word(std::string_view word,
                                             std::span<const std::string_view> known);

// The end of a sentence about an unknown `word`: "; did you mean busy?", or else
// "; there are: busy, failed". Pure.
std::string proposal_or_list(std::string_view word, std::span<const std::string_view> known);

// The words in a sentence: "busy, failed or timeout". Pure.
std::string alternatives(std::span<const std::string_view> words);

}  // namespace plivo_dial
