// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/config/config.h"

#include <algorithm>
#include <cstring>

#include "lib/plan/answer.h"
#include "lib/spool/spool_writer.h"
#include "lib/webhook/callback_options.h"
#include "mod_plivo_dial/config/glue.h"
#include "mod_plivo_dial/guard.h"
#include "mod_plivo_dial/state.h"

extern "C" {
extern module plivo_dial_module;
}

namespace plivo_dial {

ConfigState g_config;
SharedState g_shared;
ChildState g_child;

namespace {

// The path of a section as URLs are built from it: "/dialstatus/" and "/dialstatus" are one, "/"
// is "".
const char* without_trailing_slash(apr_pool_t* pool, const char* path) {
  std::size_t length = std::strlen(path);
  while (length > 0 && path[length - 1] == '/') --length;
  return apr_pstrmemdup(pool, path, length);
}

bool is_set(int value) {
  return value != kUnset;
}
bool is_set(apr_off_t value) {
  return value != kUnset;
}
bool is_set(const void* value) {
  return value != nullptr;
}

bool has_lines_of_plan(const DirConfig& config) {
  return says_something(config.plan) || config.numbers != nullptr;
}

}  // namespace

void Layers::add(std::uint32_t id) {
  if (count < kMost) ids[count] = id;
  if (count <= kMost) ++count;
}

std::size_t LayersHash::operator()(const Layers& layers) const noexcept {
  std::size_t hash = layers.count;
  for (const std::uint32_t id : layers.ids) hash = hash * 1000003u + id;
  return hash;
}

DirConfig& dir_config(const ap_conf_vector_t* per_dir_config) {
  return *static_cast<DirConfig*>(ap_get_module_config(per_dir_config, &plivo_dial_module));
}

ServerConfig& server_config(const server_rec* main_server) {
  return *static_cast<ServerConfig*>(
      ap_get_module_config(main_server->module_config, &plivo_dial_module));
}

DirConfig* merge_dir_config(apr_pool_t* pool, const DirConfig& base, const DirConfig& add) {
  auto* merged = new (apr_palloc(pool, sizeof(DirConfig))) DirConfig(base);
  for (std::uint32_t i = 0; i < add.layers.count; ++i) {
    merged->layers.add(i < Layers::kMost ? add.layers.ids[i] : 0);
  }
  // The most specific Location is the one whose path our URLs are built on.
  const bool deeper =
      add.location != nullptr &&
      (base.location == nullptr || std::strlen(add.location) >= std::strlen(base.location));
  if (deeper) {
    merged->location = add.location;
    merged->position = add.position;
  }
  if (add.location != nullptr && has_lines_of_plan(add)) merged->plan_location = add.location;
  merged->own_lines = nullptr;
  merged->plan =
      stacked(add.plan, base.plan, [pool](std::size_t size) { return apr_palloc(pool, size); });
#define PLIVO_MEMBER(type, name, unset) \
  if (is_set(add.name)) merged->name = add.name;
#include "mod_plivo_dial/config/config_members.inc"
#undef PLIVO_MEMBER
  return merged;
}

SignatureMode signature_mode(const DirConfig& config) {
  return is_set(config.signature) ? static_cast<SignatureMode>(config.signature)
                                  : SignatureMode::kRequire;
}

Endpoint configured_endpoint(const DirConfig& config) {
  return is_set(config.endpoint) ? static_cast<Endpoint>(config.endpoint) : Endpoint::kAnswer;
}

apr_off_t max_body(const DirConfig& config) {
  constexpr auto kMost = static_cast<apr_off_t>(kMaxSpoolPayload);
  return is_set(config.max_body) ? std::min(config.max_body, kMost) : 64 * 1024;
}

std::string_view location_of(const DirConfig& config) {
  return config.location == nullptr ? std::string_view() : config.location;
}

std::string_view fallback_document(const DirConfig& config) {
  if (config.fallback != nullptr) return config.fallback->document;
  const VoiceLine* const line = uppermost(config.plan, &PlanLines::voice);
  return line == nullptr ? built_in_fallback_document() : std::string_view(line->fallback_document);
}

std::string_view callback_fragment(const DirConfig& config) {
  return config.callback_fragment == nullptr ? kDefaultCallbackFragment : *config.callback_fragment;
}

// A retry of the action URL is silence for the caller, so it has options only where the
// administrator gave some.
std::string_view action_fragment(const DirConfig& config) {
  return config.callback_fragment == nullptr ? std::string_view() : *config.callback_fragment;
}

DispatcherSettings settings_of(const ServerConfig& config) {
  DispatcherSettings settings = config.settings;
  settings.min_free = config.spool_options.min_free.value_or(settings.min_free);
  return settings;
}

std::vector<SinkConfig> sinks_of(const ServerConfig& config) {
  std::vector<SinkConfig> sinks;
  for (const SinkLine& line : config.sinks) sinks.push_back(line.sink);
  if (sinks.empty()) sinks.push_back(default_sink());
  return sinks;
}

}  // namespace plivo_dial

using plivo_dial::DirConfig;

void* plivo_create_dir_config(apr_pool_t* pool, char* directory) {
  auto* config = new (apr_palloc(pool, sizeof(DirConfig))) DirConfig();
  if (directory != nullptr) {
    config->location = plivo_dial::without_trailing_slash(pool, directory);
  }
  return config;
}

void* plivo_merge_dir_config(apr_pool_t* pool, void* base, void* add) {
  return plivo_dial::merge_dir_config(pool, *static_cast<const DirConfig*>(base),
                                      *static_cast<const DirConfig*>(add));
}

void* plivo_create_server_config(apr_pool_t* pool, server_rec*) {
  return plivo_dial::guard("create_server_config", static_cast<void*>(nullptr), [&] {
    return static_cast<void*>(plivo_dial::pool_new<plivo_dial::ServerConfig>(pool));
  });
}
