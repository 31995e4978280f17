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

// The paths of all <Location> sections with SetHandler plivo-dial, from the configuration as it was
// written: httpd keeps only a compiled expression of SetHandler.
void find_handlers(apr_pool_t* pool, const ap_directive_t* first, std::vector<std::string>& paths) {
  for (const ap_directive_t* line = first; line != nullptr; line = line->next) {
    const ap_directive_t* section = line->parent;
    if (is_directive(line, "SetHandler") && section != nullptr &&
        is_directive(section, "<Location") && first_word(pool, line->args) == "plivo-dial") {
      paths.push_back(first_word(pool, section->args));
    }
    find_handlers(pool, line->first_child, paths);
  }
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

Section merge(apr_pool_t* pool, const server_rec& server, const std::vector<Own>& sections,
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

std::vector<Section> merged_sections(apr_pool_t* pool, const server_rec* main_server) {
  std::vector<std::string> handlers;
  find_handlers(pool, ap_conftree, handlers);
  std::vector<Section> result;
  for (const server_rec* server = main_server; server != nullptr; server = server->next) {
    const std::vector<Own> sections = own_sections(server, handlers);
    for (const Own& section : sections) {
      const Section merged = merge(pool, *server, sections, section);
      if (section.config != nullptr || merged.serves) result.push_back(merged);
    }
  }
  return result;
}

}  // namespace plivo_dial
