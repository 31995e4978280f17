// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/config/directive_lines.h"

#include <apr_fnmatch.h>
#include <strings.h>

#include <cstring>

namespace plivo_dial {
namespace {

bool is_directive(const ap_directive_t* directive, const char* name) {
  return strcasecmp(directive->directive, name) == 0;
}

template <class Names>
bool is_one_of(const ap_directive_t* directive, const Names& names) {
  for (const char* name : names) {
    if (is_directive(directive, name)) return true;
  }
  return false;
}

// The next word of a section's arguments, which end in '>'.
std::string next_word(apr_pool_t* pool, const char** arguments) {
  std::string word = ap_getword_conf(pool, arguments);
  if (!word.empty() && word.back() == '>') word.pop_back();
  return word;
}

void note_section(const ap_directive_t* around, DirectiveLine& line) {
  constexpr const char* kLocations[] = {"<Location", "<LocationMatch"};
  constexpr const char* kConditions[] = {"<If", "<ElseIf", "<Else"};
  constexpr const char* kOfFiles[] = {"<Directory",  "<DirectoryMatch", "<Files",
                                      "<FilesMatch", "<Proxy",          "<ProxyMatch"};
  if (is_one_of(around, kLocations)) line.location = around;
  if (is_one_of(around, kConditions)) line.condition = around;
  if (is_one_of(around, kOfFiles)) line.of_files = around;
  if (is_directive(around, "<VirtualHost")) line.virtual_host = around;
}

void find_lines(apr_pool_t* pool, const ap_directive_t* first,
                std::initializer_list<const char*> names, std::vector<DirectiveLine>& lines) {
  for (const ap_directive_t* line = first; line != nullptr; line = line->next) {
    if (is_one_of(line, names)) {
      const char* arguments = line->args;
      DirectiveLine found{line, next_word(pool, &arguments)};
      for (const ap_directive_t* around = line->parent; around != nullptr;
           around = around->parent) {
        note_section(around, found);
      }
      lines.push_back(std::move(found));
    }
    find_lines(pool, line->first_child, names, lines);
  }
}

bool matches(apr_pool_t* pool, const std::string& expression, const std::string& url) {
  const ap_regex_t* compiled = ap_pregcomp(pool, expression.c_str(), AP_REG_EXTENDED);
  return compiled != nullptr && ap_regexec(compiled, url.c_str(), 0, nullptr, 0) == 0;
}

// By whole segments, as httpd does it.
bool is_below(const std::string& path, const std::string& url) {
  if (path.empty() || !url.starts_with(path)) return false;
  return path.back() == '/' || url.size() == path.size() || url[path.size()] == '/';
}

}  // namespace

std::vector<DirectiveLine> directive_lines(apr_pool_t* pool,
                                           std::initializer_list<const char*> names) {
  std::vector<DirectiveLine> lines;
  find_lines(pool, ap_conftree, names, lines);
  return lines;
}

std::vector<DirectiveLine> directive_lines(apr_pool_t* pool, const char* name) {
  return directive_lines(pool, {name});
}

std::string plain_location(apr_pool_t* pool, const ap_directive_t* location) {
  if (location == nullptr || !is_directive(location, "<Location")) return "";
  const char* arguments = location->args;
  const std::string path = next_word(pool, &arguments);
  return path == "~" ? "" : path;
}

bool belongs_to(const DirectiveLine& line, const server_rec* server) {
  if (line.virtual_host == nullptr) return true;
  return server->defn_name != nullptr &&
         std::strcmp(line.virtual_host->filename, server->defn_name) == 0 &&
         line.virtual_host->line_num == static_cast<int>(server->defn_line_number);
}

bool covers(apr_pool_t* pool, const ap_directive_t* location, const std::string& url) {
  const char* arguments = location->args;
  const std::string first = next_word(pool, &arguments);
  if (is_directive(location, "<LocationMatch")) return matches(pool, first, url);
  if (first == "~") return matches(pool, next_word(pool, &arguments), url);
  if (apr_fnmatch_test(first.c_str()) != 0) {
    return apr_fnmatch(first.c_str(), url.c_str(), APR_FNM_PATHNAME) == APR_SUCCESS;
  }
  return is_below(first, url);
}

std::vector<const DirectiveLine*> in_order_of_merging(const std::vector<DirectiveLine>& lines,
                                                      const server_rec* server) {
  std::vector<const DirectiveLine*> ordered;
  for (const bool conditions : {false, true}) {
    for (const bool own : {false, true}) {
      for (const DirectiveLine& line : lines) {
        if (line.of_files != nullptr || !belongs_to(line, server)) continue;
        if ((line.condition != nullptr) != conditions) continue;
        if ((line.virtual_host != nullptr) == own) ordered.push_back(&line);
      }
    }
  }
  return ordered;
}

Position position_of(const ap_directive_t* line) {
  return {line->filename, line->line_num};
}

std::string as_written(const ap_directive_t* section) {
  return std::string(section->directive) + " " + section->args +
         (std::strchr(section->args, '>') == nullptr ? ">" : "");
}

}  // namespace plivo_dial
