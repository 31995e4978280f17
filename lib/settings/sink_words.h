// File: lib/settings/sink_words.h
//
// How errors about PlivoEventSink lines say what was written and what was meant. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial {

// 'value', with U+FFFD for what is not UTF-8.
std::string quote(std::string_view text);

// "; did you mean 'exec'?", or "." where nothing is near.
std::string nearest_hint(std::string_view word, std::span<const std::string_view> known);

// "a b c"
std::string listed(std::span<const std::string_view> words);

// That `path` is absolute and valid UTF-8; the error begins with `what`.
Result<void> check_path(std::string_view what, std::string_view path);

}  // namespace plivo_dial
