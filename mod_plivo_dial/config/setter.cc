// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/config/setter.h"

#include <strings.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "lib/base/in_quotes.h"
#include "lib/plan/attribute_argument.h"
#include "mod_plivo_dial/config/glue.h"
#include "mod_plivo_dial/state.h"

namespace plivo_dial {
namespace {

bool is_section(const ap_directive_t* directive, const char* name) {
  return strcasecmp(directive->directive, name) == 0;
}

Error refused_in(const std::string& section) {
  return {"not in " + section +
          ": a call is answered by its URL, and our own URLs are built on the path of a plain "
          "<Location \"/path\">; move the directive there"};
}

// Checks that a <Location> names one path, which our own URLs can be built on.
Result<void> check_location(const cmd_parms* parms, const ap_directive_t* section) {
  const char* arguments = section->args;
  std::string_view path = ap_getword_conf(parms->temp_pool, &arguments);
  if (path == "~") return refused_in("<Location ~ ...>");
  if (path.find_first_of("*?[") != std::string_view::npos) {
    return refused_in("<Location " + std::string(path));
  }
  if (!path.empty() && path.back() == '>') path.remove_suffix(1);
  if (path.empty() || path.front() != '/') {
    return Error{"not in <Location " + in_quotes(path) + ">: the path must begin with a slash"};
  }
  if (path.find("//") != std::string_view::npos) {
    return Error{"not in <Location " + in_quotes(path) +
                 ">: httpd folds double slashes, so that no request would ever match"};
  }
  return {};
}

const char* skip_blanks(const char* text) {
  while (apr_isspace(*text)) ++text;
  return text;
}

// Checks the argument at the front of `text`, which is not empty.
Result<void> check_quotes(const char* text) {
  const char quote = *text;
  if (quote != '"' && quote != '\'') return {};
  const char* end = text + 1;
  while (*end != '\0' && *end != quote) {
    if (*end == '\\' && (end[1] == quote || end[1] == '\\')) ++end;
    ++end;
  }
  if (*end == '\0') {
    return Error{"the quote before " + in_quotes(skip_blanks(text + 1)) + " is not closed"};
  }
  if (end[1] == '\0' || apr_isspace(end[1])) return {};
  return Error{in_quotes(end + 1) +
               " sticks to a closing quote: put a blank between, or quotes around the whole"};
}

}  // namespace

Result<void> check_context(const cmd_parms* parms) {
  const auto context = static_cast<plivo_context>(reinterpret_cast<std::intptr_t>(parms->info));
  bool in_location = false;
  for (const ap_directive_t* section = parms->directive->parent; section != nullptr;
       section = section->parent) {
    if (section->directive[0] != '<' || is_section(section, "<PlivoNumber") ||
        is_section(section, "<PlivoPlan")) {
      continue;
    }
    if (context == PLIVO_IN_MAIN_SERVER) {
      return Error{"not in " + std::string(section->directive) +
                   ">: it holds for the whole server; move it outside of all sections"};
    }
    if (is_section(section, "<VirtualHost")) continue;
    if (context == PLIVO_IN_SERVER) {
      return Error{"not in " + std::string(section->directive) +
                   ">: it holds for a server or a <VirtualHost>; move it outside of the section"};
    }
    if (!is_section(section, "<Location")) {
      return refused_in(std::string(section->directive) + ">");
    }
    in_location = true;
    if (Result<void> checked = check_location(parms, section); !checked) return checked;
  }
  if (context == PLIVO_IN_LOCATION && !in_location) {
    return Error{"belongs in a <Location \"/path\"> with SetHandler plivo-dial"};
  }
  return {};
}

// httpd leaves "${NAME}" as it stands when nothing of that name is defined.
Result<void> check_variables(std::string_view word) {
  const std::size_t begin = word.find("${");
  if (begin == std::string_view::npos || word.find('}', begin) == std::string_view::npos) return {};
  return Error{
      in_quotes(word) +
      " holds a variable that is not set: Define it, or set it in the environment in which "
      "httpd is started, then stop and start httpd (a reload keeps the old environment)"};
}

Result<Words> section_arguments(const cmd_parms* parms, const char* arguments) {
  const char* end = ap_strrchr_c(arguments, '>');
  if (end == nullptr || end[std::strspn(end + 1, " \t") + 1] != '\0') {
    return Error{"the line must end with \">\""};
  }
  const char* inside =
      apr_pstrndup(parms->temp_pool, arguments, static_cast<apr_size_t>(end - arguments));
  return split_arguments(parms, inside);
}

Result<Words> split_arguments(const cmd_parms* parms, const char* arguments) {
  Words words;
  for (const char* rest = skip_blanks(arguments); *rest != '\0'; rest = skip_blanks(rest)) {
    if (Result<void> checked = check_quotes(rest); !checked) return checked.error();
    words.emplace_back(ap_getword_conf(parms->temp_pool, &rest));
    if (Result<void> checked = check_variables(words.back()); !checked) return checked.error();
  }
  if (Result<void> checked = check_argument_forms(words); !checked) return checked.error();
  return words;
}

void hide_passwords(const cmd_parms* parms) {
  constexpr std::string_view kName = "sipAuthPassword";
  const std::string_view arguments = parms->directive->args;
  std::string shown(arguments);
  for (std::size_t at = shown.find(kName); at != std::string::npos; at = shown.find(kName, at)) {
    at = std::min(shown.size(), shown.find_first_not_of(" =", at + kName.size()));
    const std::size_t end = std::min(shown.find_first_of(" \t\"'", at), shown.size());
    shown.replace(at, end - at, "(hidden)");
  }
  if (shown == arguments) return;
  // The tree is httpd's, and its lines are ours to have read.
  const_cast<ap_directive_t*>(parms->directive)->args = apr_pstrdup(parms->pool, shown.c_str());
}

void mark_used() {
  g_config.used = true;
}

void touch(const cmd_parms* parms, DirConfig& config) {
  mark_used();
  if (config.layers.count > 0) return;
  config.layers.add(++g_config.last_layer);
  config.position = position_of(parms);
}

PlanLines& own_lines(apr_pool_t* pool, DirConfig& dir) {
  if (dir.own_lines == nullptr) {
    dir.own_lines = pool_new<PlanLines>(pool);
    auto* layer = static_cast<PlanLayer*>(apr_palloc(pool, sizeof(PlanLayer)));
    *layer = {dir.own_lines, nullptr};
    dir.plan = layer;
  }
  return *dir.own_lines;
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
