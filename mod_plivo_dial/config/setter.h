// File: mod_plivo_dial/config/setter.h
//
// What all directive setters share: where a directive may stand, how its arguments are split, and
// how an error becomes the sentence that httpd prints under "Syntax error on line ...".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "mod_plivo_dial/config/config.h"
#include "mod_plivo_dial/guard.h"
#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// Why the directive may not stand where it stands; ok when it may. A call is answered by the URL
// that Plivo requests, and our own URLs are built on the Location's path, so sections that match
// files, conditions or patterns are refused by name.
Result<void> check_context(const cmd_parms* parms);

using Words = std::vector<std::string_view>;

// The arguments by httpd's quoting rules, in parms->temp_pool; as many as there are (TAKE_ARGV
// stops at 64). Fails where a quote is not closed or something sticks to a closing quote: httpd
// would make one argument of the rest of the line, or two of one, without a word.
Result<Words> split_arguments(const cmd_parms* parms, const char* arguments);

// The words between "<PlivoNumber" and ">", of which httpd gives all but the first.
Result<Words> section_arguments(const cmd_parms* parms, const char* arguments);

// Refuses an argument with "${NAME}" in it, whose variable is not set.
Result<void> check_variables(std::string_view word);

// Takes the passwords in the directive's arguments out of the configuration as httpd keeps it,
// where mod_info shows it to visitors.
void hide_passwords(const cmd_parms* parms);

// Marks `config` as touched by a directive: gives it its layer and remembers the position.
void touch(const cmd_parms* parms, DirConfig& config);

// The lines of this section, on top of nothing yet: sections are merged when all are read.
PlanLines& own_lines(apr_pool_t* pool, DirConfig& dir);

Position position_of(const cmd_parms* parms);

// Notes that the module has something to do.
void mark_used();

// "PlivoDial: message" in the pool that outlives the setter; null for success.
const char* setter_reply(const cmd_parms* parms, const Result<void>& result);

// The body of every setter for DirConfig: checks the context, touches the config, runs
// `set(DirConfig&) -> Result<void>` behind the guard.
template <class Set>
const char* set_in_section(cmd_parms* parms, void* config, Set&& set) noexcept {
  return guard(parms->cmd->name, "internal failure, see the log", [&]() -> const char* {
    if (const Result<void> allowed = check_context(parms); !allowed) {
      return setter_reply(parms, allowed);
    }
    auto& dir = *static_cast<DirConfig*>(config);
    touch(parms, dir);
    return setter_reply(parms, set(dir));
  });
}

// The same for a directive with any number of arguments: `set(DirConfig&, const Words&)`.
template <class Set>
const char* set_words_in_section(cmd_parms* parms, void* config, const char* arguments,
                                 Set&& set) noexcept {
  return set_in_section(parms, config, [&](DirConfig& dir) -> Result<void> {
    const Result<Words> words = split_arguments(parms, arguments);
    if (!words) return words.error();
    return set(dir, *words);
  });
}

// The same for ServerConfig.
template <class Set>
const char* set_in_server(cmd_parms* parms, Set&& set) noexcept {
  return guard(parms->cmd->name, "internal failure, see the log", [&]() -> const char* {
    if (const Result<void> allowed = check_context(parms); !allowed) {
      return setter_reply(parms, allowed);
    }
    mark_used();
    return setter_reply(parms, set(server_config(parms->server)));
  });
}

// `set(ServerConfig&, const Words&)`.
template <class Set>
const char* set_words_in_server(cmd_parms* parms, const char* arguments, Set&& set) noexcept {
  return set_in_server(parms, [&](ServerConfig& server) -> Result<void> {
    const Result<Words> words = split_arguments(parms, arguments);
    if (!words) return words.error();
    return set(server, *words);
  });
}

}  // namespace plivo_dial
