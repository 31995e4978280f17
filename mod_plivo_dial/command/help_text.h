// File: mod_plivo_dial/command/help_text.h
//
// How --help looks: two columns, wrapped at a width.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace CLI {
class FormatterBase;
}

namespace plivo_dial {

// `text` in lines of at most `width` characters, broken at blanks, with `indent` blanks before each
// line but the first. Line feeds stay. A command line, which begins with blanks or "Example:
// plivo-", is broken by a backslash, so that it can be pasted. A word that is too long has a line
// of its own. Without a line feed at its end. Pure.
std::string wrapped_text(std::string_view text, std::size_t width, std::size_t indent);

// For a command and those below it that are added later.
std::shared_ptr<CLI::FormatterBase> wrapping_formatter(std::size_t width);

}  // namespace plivo_dial
