// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/sections.h"

#include <apr_fnmatch.h>
#include <strings.h>

#include <algorithm>
#include <cstring>
#include <string>

extern "C" {
extern module plivo_dial_module;
}

namespace plivo_dial {
namespace {

struct Own {
  const DirConfig* config;  // null: no Plivo directive
  const core_dir_config* core;
  bool has_handler;  // SetHandler plivo-dial stands there
};

bool is_directive(const ap_directive_t* directive, const char* name) {
  return strcasecmp(directive->directive, name) == 0;
}

std::string first_word(apr_pool_t* pool, const char* arguments) {
  std::string word = ap_getword_conf(pool, &arguments);
  if (!word.empty() && word.back() == '>') word.pop_back();
  return word;
}

// One SetHandler plivo-dial line, with the sections that it stands in.
struct HandlerLine {
  const ap_directive_t* line;
  const ap_directive_t* location = nullptr;      // the <Location> around it
  const ap_directive_t* virtual_host = nullptr;  // null: the main server, and all that inherit it
};

// All of them, from the configuration as it was written: httpd keeps only a compiled expression of
// SetHandler.
void find_handlers(apr_pool_t* pool, const ap_directive_t* first,
                   std::vector<HandlerLine>& handlers) {
  for (const ap_directive_t* line = first; line != nullptr; line = line->next) {
    if (is_directive(line, "SetHandler") && first_word(pool, line->args) == "plivo-dial") {
      HandlerLine found{line};
      for (const ap_directive_t* around = line->parent; around != nullptr;
           around = around->parent) {
        if (is_directive(around, "<Location")) found.location = around;
        if (is_directive(around, "<VirtualHost")) found.virtual_host = around;
      }
      handlers.push_back(found);
    }
    find_handlers(pool, line->first_child, handlers);
  }
}

bool is_plain_location(apr_pool_t* pool, const ap_directive_t* location) {
  return location != nullptr && first_word(pool, location->args) != "~";
}

bool belongs_to(const HandlerLine& handler, const server_rec* server) {
  if (handler.virtual_host == nullptr) return true;
  return server->defn_name != nullptr &&
         std::strcmp(handler.virtual_host->filename, server->defn_name) == 0 &&
         handler.virtual_host->line_num == static_cast<int>(server->defn_line_number);
}

// The paths of the <Location> sections with SetHandler plivo-dial that `server` has.
std::vector<std::string> handler_paths(apr_pool_t* pool, const server_rec* server,
                                       const std::vector<HandlerLine>& handlers) {
  std::vector<std::string> paths;
  for (const HandlerLine& handler : handlers) {
    if (is_plain_location(pool, handler.location) && belongs_to(handler, server)) {
      paths.push_back(first_word(pool, handler.location->args));
    }
  }
  return paths;
}

std::vector<Own> own_sections(const server_rec* server, const std::vector<std::string>& handlers) {
  std::vector<Own> sections;
  const auto* core =
      static_cast<const core_server_config*>(ap_get_core_module_config(server->module_config));
  if (core->sec_url == nullptr) return sections;
  const auto* vectors = reinterpret_cast<ap_conf_vector_t* const*>(core->sec_url->elts);
  for (int i = 0; i < core->sec_url->nelts; ++i) {
    const auto* config =
        static_cast<const DirConfig*>(ap_get_module_config(vectors[i], &plivo_dial_module));
    const auto* section =
        static_cast<const core_dir_config*>(ap_get_core_module_config(vectors[i]));
    const bool touched = config != nullptr && config->layers.count > 0;
    const bool has_handler =
        std::find(handlers.begin(), handlers.end(), section->d) != handlers.end();
    if (touched || has_handler) {
      sections.push_back({touched ? config : nullptr, section, has_handler});
    }
  }
  return sections;
}

// Whether a request for `path` gets the directives of `section`: httpd's own rule, by whole
// segments.
bool covers(const core_dir_config* section, const char* path) {
  if (section->r != nullptr) return false;
  if (section->d_is_fnmatch) return apr_fnmatch(section->d, path, APR_FNM_PATHNAME) == APR_SUCCESS;
  const std::size_t length = std::strlen(section->d);
  if (length == 0 || std::strncmp(section->d, path, length) != 0) return false;
  return section->d[length - 1] == '/' || path[length] == '/' || path[length] == '\0';
}

Section merge_sections(apr_pool_t* pool, const server_rec& server, const std::vector<Own>& sections,
                       const Own& section) {
  Section merged{&server, &dir_config(server.lookup_defaults), section.core->d, false};
  for (const Own& other : sections) {
    if (!covers(other.core, section.core->d)) continue;
    if (other.config != nullptr) {
      merged.config = merge_dir_config(pool, *merged.config, *other.config);
    }
    merged.serves = merged.serves || other.has_handler;
  }
  return merged;
}

}  // namespace

std::vector<StrayHandler> stray_handlers(apr_pool_t* pool) {
  std::vector<HandlerLine> handlers;
  find_handlers(pool, ap_conftree, handlers);
  std::vector<StrayHandler> strays;
  for (const HandlerLine& handler : handlers) {
    if (is_plain_location(pool, handler.location)) continue;
    const ap_directive_t* around = handler.line->parent;
    strays.push_back({{handler.line->filename, handler.line->line_num},
                      around == nullptr ? "" : std::string(around->directive) + ">"});
  }
  return strays;
}

std::vector<Section> merged_sections(apr_pool_t* pool, const server_rec* main_server) {
  std::vector<HandlerLine> handlers;
  find_handlers(pool, ap_conftree, handlers);
  std::vector<Section> result;
  for (const server_rec* server = main_server; server != nullptr; server = server->next) {
    const std::vector<Own> sections = own_sections(server, handler_paths(pool, server, handlers));
    for (const Own& section : sections) {
      const Section merged = merge_sections(pool, *server, sections, section);
      if (section.config != nullptr || merged.serves) result.push_back(merged);
    }
  }
  return result;
}

}  // namespace plivo_dial
