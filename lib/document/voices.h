// File: lib/document/voices.h
//
// Which voice of Plivo's <Speak> speaks which language. A call is lost when none does (hangup code
// 8011). Constant data and pure functions. Source: Plivo docs voice/xml/audio-output and
// voice/concepts/ssml.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/document/element.h"

namespace plivo_dial {

// The language in which <Speak> with `attributes` speaks: language=, else that of its voice, else
// Plivo's default, en-US. A view into `attributes` or into constant data.
std::string_view spoken_language(const Attributes& attributes);

// Fails when language= of a <Speak> is none that Plivo knows, or one that needs a voice of Amazon
// Polly and has none. The error says which voice to write.
Result<void> check_spoken_language(const Attributes& attributes);

// What is likely wrong with voice= and language= of a <Speak> that Plivo may take all the same: the
// voice speaks another language. Nothing when they fit, or the voice is not known here.
std::optional<std::string> doubt_of_voice(const Attributes& attributes);

}  // namespace plivo_dial
