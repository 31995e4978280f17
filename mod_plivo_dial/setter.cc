// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/setter.h"

#include <strings.h>

#include <cstdint>
#include <cstring>

#include "mod_plivo_dial/glue.h"
#include "mod_plivo_dial/state.h"

namespace plivo_dial {
namespace {

bool is_section(const ap_directive_t* directive, const char* name) {
  return strcasecmp(directive->directive, name) == 0;
}

// Refuses a <Location> whose argument is a pattern; "" when it is a plain path.
std::string pattern_in_location(const cmd_parms* parms, const ap_directive_t* section) {
  const char* arguments = section->args;
  const std::string_view word = ap_getword_conf(parms->temp_pool, &arguments);
  if (word == "~") return "<Location ~ ...>";
  if (word.find_first_of("*?[") != std::string_view::npos) {
    return "<Location " + std::string(word);
  }
  return "";
}

Error refused_in(const std::string& section) {
  return {"not in " + section +
          ": a call is answered by its URL, and our own URLs are built on the path of a plain "
          "<Location \"/path\">; move the directive there"};
}

}  // namespace

Result<void> check_context(const cmd_parms* parms) {
  const auto context = static_cast<plivo_context>(reinterpret_cast<std::intptr_t>(parms->info));
  bool in_location = false;
  for (const ap_directive_t* section = parms->directive->parent; section != nullptr;
       section = section->parent) {
    if (section->directive[0] != '<' || is_section(section, "<PlivoNumber")) continue;
    if (context == PLIVO_IN_MAIN_SERVER) {
      return Error{"not in " + std::string(section->directive) +
                   ">: it holds for the whole server; move it outside of all sections"};
    }
    if (is_section(section, "<VirtualHost")) continue;
    if (!is_section(section, "<Location")) {
      return refused_in(std::string(section->directive) + ">");
    }
    in_location = true;
    if (const std::string pattern = pattern_in_location(parms, section); !pattern.empty()) {
      return refused_in(pattern);
    }
  }
  if (context == PLIVO_IN_LOCATION && !in_location) {
    return Error{"belongs in a <Location \"/path\"> with SetHandler plivo-dial"};
  }
  return {};
}

std::vector<std::string_view> split_arguments(const cmd_parms* parms, const char* arguments) {
  std::vector<std::string_view> words;
  while (*arguments != '\0') {
    const char* word = ap_getword_conf(parms->temp_pool, &arguments);
    // An empty word is an argument only where it was quoted; trailing blanks yield one that wasn't.
    if (*word == '\0' && *arguments == '\0' && words.empty()) break;
    words.emplace_back(word);
  }
  return words;
}

void mark_used() {
  g_state.used = true;
}

void touch(const cmd_parms* parms, DirConfig& config) {
  mark_used();
  if (config.layers.count > 0) return;
  config.layers.add(++g_state.last_layer);
  config.position = position_of(parms);
}

Position position_of(const cmd_parms* parms) {
  return {parms->directive->filename, parms->directive->line_num};
}

const char* setter_reply(const cmd_parms* parms, const Result<void>& result) {
  if (result) return nullptr;
  return apr_pstrcat(parms->pool, parms->cmd->name, parms->cmd->name[0] == '<' ? ">: " : ": ",
                     result.error().message.c_str(), nullptr);
}

}  // namespace plivo_dial
