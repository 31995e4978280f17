// File: lib/base/directive_words.h
//
// The words of a directive as httpd's configuration quotes them, written and read again. For what
// one of our programs prints of a configuration and another one reads. Pure functions.
// Source: ap_getword_conf() of httpd 2.4 (server/util.c): in quotes a backslash escapes the quote
// and itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plivo_dial {

// `words` with blanks between them; one that is empty or holds a blank, a quote or a backslash
// stands in double quotes.
std::string directive_line(std::span<const std::string> words);

// The words of `line`. Of a line that breaks off within quotes, the last word is what is there.
std::vector<std::string> words_of_directive(std::string_view line);

}  // namespace plivo_dial
