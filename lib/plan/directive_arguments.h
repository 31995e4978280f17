// File: lib/plan/directive_arguments.h
//
// From the arguments of plan directives to plan data. Every function takes the arguments as httpd
// has split them (quotes removed), fails with a message that names value and remedy, and is pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "lib/base/result.h"
#include "lib/plan/plan.h"

namespace plivo_dial {

using Arguments = std::span<const std::string_view>;

// Arguments, of which the first may be the value of a word in front of it.
struct Written {
  Arguments arguments;
  std::string_view prefix = {};  // "say=" where the line has say=text; errors show it

  template <std::convertible_to<Arguments> Words>
  Written(const Words& all, std::string_view before = {}) : arguments(all), prefix(before) {}
};

// The error for argument number `index`, which is not what it should be, with the hint to quote it
// together with the one before.
Error stray_word(const Written& written, std::size_t index, std::string_view what_it_is_not);

// PlivoDial target... [attribute=value...]. At least one target; attributes are <Dial>'s, and
// confirm=off and ring=, and "dialMusic=say=text". callerId is judged here like any other
// attribute; action and callbackUrl may have no query parameter `stage`, which is ours. A word that
// is neither (the rest of an unquoted "say=Two words") is refused with the hint to quote the whole
// argument.
Result<Stage> parse_stage(const Written& written);

// PlivoDialDefault attribute=value...: attributes of <Dial>, as in
// parse_stage, no targets, no repeats.
Result<Attributes> parse_dial_defaults(Arguments arguments);

// PlivoSpeak text [attribute=value...], PlivoPlay URL [...], PlivoWait seconds [...].
Result<Prompt> parse_prompt(Prompt::Kind kind, const Written& written);

// PlivoVoice [voice=name] [language=tag] ["apology=text"] ["greeting=text"], one at least. A
// language other than English needs an apology in it.
Result<Voice> parse_voice(Arguments arguments);

// PlivoCallerId caller|called|number.
Result<CallerId> parse_caller_id(std::string_view argument);

}  // namespace plivo_dial
