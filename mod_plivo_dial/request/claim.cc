// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/request/claim.h"

#include <cstring>

#include "mod_plivo_dial/config/handler_word.h"
#include "mod_plivo_dial/guard.h"
#include "mod_plivo_dial/request/request.h"
#include "mod_plivo_dial/state.h"

namespace plivo_dial {

// A module that answers requests behind translate_name by what the Locations around ours tell it.
struct MapperName {
  const char* file;
  const char* directive;  // that turns it off; null where no directive at all does
};
constexpr MapperName kMappers[] = {{"mod_rewrite.c", nullptr}, {"mod_alias.c", nullptr},
                                   {"mod_dir.c", nullptr},     {"mod_speling.c", nullptr},
                                   {"mod_dav.c", nullptr},     {"mod_cern_meta.c", nullptr},
                                   {"mod_lua.c", nullptr},     {"mod_cache.c", "CacheDisable"}};
constexpr std::size_t kMapperCount = sizeof kMappers / sizeof kMappers[0];

struct Mapper {
  module* self;
  void* off;  // its configuration of a Location where it does nothing
};

struct ClaimSetup {
  Mapper mappers[kMapperCount];  // those that are loaded, then nullptr
  bool quick_handlers;           // somebody may serve before a Location is known
};

namespace {

// As httpd's core reads it in fixups; null when the request is not for us.
const char* merged_handler(request_rec* r) {
  const auto* core =
      static_cast<const core_dir_config*>(ap_get_core_module_config(r->per_dir_config));
  if (core->expr_handler == nullptr) return our_handler(core->handler);
  const char* error = nullptr;
  const char* value = ap_expr_str_exec(r, core->expr_handler, &error);
  return error == nullptr ? our_handler(value) : nullptr;
}

// A path on this server: no "*", and nothing that a forward proxy is asked for.
bool is_path(const request_rec* r) {
  return r->uri != nullptr && r->uri[0] == '/' && r->proxyreq != PROXYREQ_PROXY;
}

const char* claimed_as(const request_rec* r) {
  const RequestState* state = find_request_state(r);
  return state == nullptr ? nullptr : state->claimed_as;
}

// The URI as httpd will have it when Locations are walked for translate_name; null when httpd will
// refuse it.
char* decoded_uri(const request_rec* r, const core_dir_config* core) {
  char* uri = apr_pstrdup(r->pool, r->uri);
#if AP_MODULE_MAGIC_AT_LEAST(20120211, 109)
  if (!ap_normalize_path(uri, AP_NORMALIZE_NOT_ABOVE_ROOT | AP_NORMALIZE_MERGE_SLASHES |
                                  AP_NORMALIZE_DECODE_UNRESERVED)) {
    return nullptr;
  }
#else
  ap_getparents(uri);
  ap_no2slash(uri);
#endif
  const int status = core->allow_encoded_slashes
                         ? ap_unescape_url_keep2f(uri, core->decode_encoded_slashes)
                         : ap_unescape_url(uri);
  return status == OK ? uri : nullptr;
}

// The handler that the Locations and <If> sections for `uri` name, if it is ours. Leaves r as it
// was.
const char* handler_for(request_rec* r, char* uri) {
  char* own_uri = r->uri;
  ap_conf_vector_t* own_config = r->per_dir_config;
  r->uri = uri;
  r->per_dir_config = r->server->lookup_defaults;
  const bool walked = ap_location_walk(r) == OK && ap_if_walk(r) == OK;
  const char* handler = walked ? merged_handler(r) : nullptr;
  r->uri = own_uri;
  r->per_dir_config = own_config;
  return handler;
}

// Before httpd has decoded the URI.
const char* handler_for_encoded_uri(request_rec* r) {
  const auto* core =
      static_cast<const core_dir_config*>(ap_get_core_module_config(r->per_dir_config));
  char* uri = decoded_uri(r, core);
  return uri == nullptr ? nullptr : handler_for(r, uri);
}

void claim(request_rec* r, const char* handler) {
  request_state(r).claimed_as = handler;
  r->filename = apr_pstrdup(r->pool, r->uri);
  r->canonical_filename = r->filename;
  r->proxyreq = PROXYREQ_NONE;
  r->handler = nullptr;
}

// What `mapper` makes of `directive` on, as if that stood in a <Location>; null where it refuses.
void* configured(apr_pool_t* pconf, server_rec* server, const module* mapper,
                 const char* directive) {
  ap_directive_t line{};
  line.directive = directive;
  line.args = "on";
  line.filename = "mod_plivo_dial";
  cmd_parms parms{};
  parms.override = RSRC_CONF | ACCESS_CONF | OR_ALL;
  parms.override_opts = OPT_ALL;
  parms.limited = -1;
  parms.pool = pconf;
  parms.temp_pool = pconf;
  parms.server = server;
  parms.path = apr_pstrdup(pconf, "/");
  ap_conf_vector_t* section = ap_create_request_config(pconf);  // of httpd's size, and empty
  if (ap_walk_config(&line, &parms, section) != nullptr) return nullptr;
  return ap_get_module_config(section, mapper);
}

// mod_rewrite's [PT] gives the request another URI behind our own translate_name.
bool was_sent_elsewhere(const request_rec* r) {
  const char* came = r->parsed_uri.path == nullptr ? "/" : r->parsed_uri.path;
  return std::strcmp(r->uri, came) != 0;
}

}  // namespace

const ClaimSetup* prepare_claims(apr_pool_t* pconf, server_rec* server) {
  auto* setup = static_cast<ClaimSetup*>(apr_pcalloc(pconf, sizeof(ClaimSetup)));
  std::size_t count = 0;
  for (const MapperName& name : kMappers) {
    module* self = ap_find_linked_module(name.file);
    if (self == nullptr || self->create_dir_config == nullptr) continue;
    void* off = name.directive == nullptr ? self->create_dir_config(pconf, nullptr)
                                          : configured(pconf, server, self, name.directive);
    if (off != nullptr) setup->mappers[count++] = {self, off};
  }
  setup->quick_handlers = ap_find_linked_module("mod_cache.c") != nullptr ||
                          ap_find_linked_module("mod_lua.c") != nullptr;
  return setup;
}

int claim_uri(request_rec* r) noexcept {
  return guard("translate_name", DECLINED, [&] {
    if (g_config.claims == nullptr || !is_path(r)) return DECLINED;
    const char* handler = merged_handler(r);
    if (handler == nullptr) return DECLINED;
    claim(r, handler);
    return OK;
  });
}

int claim_encoded_uri(request_rec* r) noexcept {
  return guard("pre_translate_name", DECLINED, [&] {
    if (g_config.claims == nullptr || !is_path(r)) return DECLINED;
    // OK keeps others from it; translate_name follows with the decoded URI.
    const bool encoded = std::strchr(r->uri, '%') != nullptr;
    const char* handler = encoded ? handler_for_encoded_uri(r) : merged_handler(r);
    return handler == nullptr ? DECLINED : OK;
  });
}

int pass_by_caches(request_rec* r, int lookup) noexcept {
  return guard("quick_handler", DECLINED, [&] {
    if (g_config.claims == nullptr || !g_config.claims->quick_handlers) return DECLINED;
    if (lookup != 0 || r->main != nullptr || !is_path(r)) return DECLINED;
    if (handler_for_encoded_uri(r) == nullptr) return DECLINED;
    // What httpd itself does when every quick handler declines.
    const int status = ap_process_request_internal(r);
    return status == OK ? ap_invoke_handler(r) : status;
  });
}

int skip_storage(request_rec* r) noexcept {
  return guard("map_to_storage", DECLINED, [&] {
    if (claimed_as(r) != nullptr) return OK;
    if (g_config.claims == nullptr || !is_path(r) || !was_sent_elsewhere(r)) return DECLINED;
    const char* handler = handler_for(r, r->uri);
    if (handler == nullptr) return DECLINED;
    claim(r, handler);
    return OK;
  });
}

int skip_file_type(request_rec* r) noexcept {
  return claimed_as(r) == nullptr ? DECLINED : OK;
}

int disarm_mappers(request_rec* r) noexcept {
  if (claimed_as(r) == nullptr) return DECLINED;
  request_state(r).full_config = r->per_dir_config;
  // A vector of httpd's size, with each module's own configuration but that of mappers.
  ap_conf_vector_t* config = ap_create_request_config(r->pool);
  for (module* each = ap_top_module; each != nullptr; each = each->next) {
    ap_set_module_config(config, each, ap_get_module_config(r->per_dir_config, each));
  }
  for (const Mapper& mapper : g_config.claims->mappers) {
    if (mapper.self == nullptr) break;
    ap_set_module_config(config, mapper.self, mapper.off);
  }
  r->per_dir_config = config;
  return OK;
}

void end_claim(request_rec* r) {
  RequestState* state = find_request_state(r);
  if (state == nullptr || state->full_config == nullptr) return;
  r->per_dir_config = state->full_config;
  state->full_config = nullptr;
}

int restore_handler(request_rec* r) noexcept {
  const char* handler = claimed_as(r);
  if (handler == nullptr) return DECLINED;
  r->handler = handler;
  r->proxyreq = PROXYREQ_NONE;
  return OK;
}

}  // namespace plivo_dial
