// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/sections.h"

#include <apr_fnmatch.h>

#include <cstring>

extern "C" {
extern module plivo_dial_module;
}

namespace plivo_dial {
namespace {

struct Own {
  const DirConfig* config;
  const core_dir_config* core;
};

std::vector<Own> own_sections(const server_rec* server) {
  std::vector<Own> sections;
  const auto* core =
      static_cast<const core_server_config*>(ap_get_core_module_config(server->module_config));
  if (core->sec_url == nullptr) return sections;
  const auto* vectors = reinterpret_cast<ap_conf_vector_t* const*>(core->sec_url->elts);
  for (int i = 0; i < core->sec_url->nelts; ++i) {
    const auto* config =
        static_cast<const DirConfig*>(ap_get_module_config(vectors[i], &plivo_dial_module));
    if (config == nullptr || config->layers.count == 0) continue;
    sections.push_back(
        {config, static_cast<const core_dir_config*>(ap_get_core_module_config(vectors[i]))});
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

}  // namespace

std::vector<Section> merged_sections(apr_pool_t* pool, const server_rec* main_server) {
  std::vector<Section> result;
  for (const server_rec* server = main_server; server != nullptr; server = server->next) {
    const std::vector<Own> sections = own_sections(server);
    for (const Own& section : sections) {
      const DirConfig* merged = &dir_config(server->lookup_defaults);
      for (const Own& other : sections) {
        if (covers(other.core, section.core->d)) {
          merged = merge_dir_config(pool, *merged, *other.config);
        }
      }
      result.push_back({server, merged, section.core->d});
    }
  }
  return result;
}

}  // namespace plivo_dial
