// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/config/sections.h"

#include <apr_fnmatch.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "mod_plivo_dial/config/directive_lines.h"
#include "mod_plivo_dial/config/handler_word.h"
#include "mod_plivo_dial/config/servers.h"

extern "C" {
extern module plivo_dial_module;
}

namespace plivo_dial {
namespace {

struct Own {
  const DirConfig* config;  // null: no Plivo directive
  const core_dir_config* core;
  bool has_handler;     // SetHandler plivo-dial stands there
  bool has_expression;  // SetHandler with an expression does
};

bool is_ours(const DirectiveLine& line) {
  return our_handler(line.word.c_str()) != nullptr;
}

bool is_expression(const DirectiveLine& line) {
  return is_handler_expression(line.word);
}

// The SetHandler lines of which `wanted` holds.
template <class Wanted>
std::vector<DirectiveLine> handler_lines(apr_pool_t* pool, Wanted wanted) {
  std::vector<DirectiveLine> lines = directive_lines(pool, "SetHandler");
  std::erase_if(lines, [&](const DirectiveLine& line) { return !wanted(line); });
  return lines;
}

using Paths = std::vector<std::string>;

// The paths of the <Location> sections with these lines that `server` has.
Paths paths_of(apr_pool_t* pool, const server_rec* server,
               const std::vector<DirectiveLine>& handlers) {
  Paths paths;
  for (const DirectiveLine& handler : handlers) {
    const std::string path = plain_location(pool, handler.location);
    if (!path.empty() && belongs_to(handler, server)) paths.push_back(path);
  }
  return paths;
}

bool has(const Paths& paths, const char* path) {
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

std::vector<Own> own_sections(const server_rec* server, const Paths& handlers,
                              const Paths& expressions) {
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
    const bool has_handler = has(handlers, section->d);
    const bool has_expression = has(expressions, section->d);
    if (touched || has_handler || has_expression) {
      sections.push_back({touched ? config : nullptr, section, has_handler, has_expression});
    }
  }
  return sections;
}

// Whether a request for `path` gets the directives of `section`: httpd's own rule, by whole
// segments.
bool section_covers(const core_dir_config* section, const char* path) {
  if (section->r != nullptr) return false;
  if (section->d_is_fnmatch) return apr_fnmatch(section->d, path, APR_FNM_PATHNAME) == APR_SUCCESS;
  const std::size_t length = std::strlen(section->d);
  if (length == 0 || std::strncmp(section->d, path, length) != 0) return false;
  return section->d[length - 1] == '/' || path[length] == '/' || path[length] == '\0';
}

Section merge_sections(apr_pool_t* pool, const server_rec& server, const std::vector<Own>& sections,
                       const Own& section) {
  Section merged{&server, &dir_config(server.lookup_defaults), section.core->d, false, false};
  for (const Own& other : sections) {
    if (!section_covers(other.core, section.core->d)) continue;
    if (other.config != nullptr) {
      merged.config = merge_dir_config(pool, *merged.config, *other.config);
    }
    merged.serves = merged.serves || other.has_handler;
    merged.by_expression = merged.by_expression || other.has_expression;
  }
  return merged;
}

}  // namespace

std::vector<StrayHandler> stray_handlers(apr_pool_t* pool) {
  std::vector<StrayHandler> strays;
  for (const DirectiveLine& handler : handler_lines(pool, is_ours)) {
    if (!plain_location(pool, handler.location).empty()) continue;
    const ap_directive_t* around = handler.line->parent;
    strays.push_back({{handler.line->filename, handler.line->line_num},
                      around == nullptr ? "" : std::string(around->directive) + ">"});
  }
  return strays;
}

std::vector<std::string> own_urls(const std::string& path) {
  std::vector<std::string> urls{path};
  const std::string_view base = std::string_view(path).substr(0, path.size() - path.ends_with('/'));
  for (std::size_t i = 0; i < kEndpointCount; ++i) {
    const auto endpoint = static_cast<Endpoint>(i);
    // The one is the path itself, and the other no call asks for.
    if (endpoint == Endpoint::kAnswer || endpoint == Endpoint::kEvent) continue;
    urls.push_back(url_of_endpoint(base, endpoint));
  }
  return urls;
}

std::vector<Section> merged_sections(apr_pool_t* pool, const server_rec* main_server) {
  const std::vector<DirectiveLine> handlers = handler_lines(pool, is_ours);
  const std::vector<DirectiveLine> expressions = handler_lines(pool, is_expression);
  std::vector<Section> result;
  for (const server_rec* server : servers_in_order(main_server)) {
    const std::vector<Own> sections =
        own_sections(server, paths_of(pool, server, handlers), paths_of(pool, server, expressions));
    for (const Own& section : sections) {
      const Section merged = merge_sections(pool, *server, sections, section);
      if (section.config != nullptr || section.has_handler) result.push_back(merged);
    }
  }
  return result;
}

}  // namespace plivo_dial
