// File: mod_plivo_dial/config/sections.h
//
// The <Location> sections of all servers as requests will see them: each merged with the server's
// own directives and with the wider Locations around it. Use it at configuration time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mod_plivo_dial/config/config.h"

namespace plivo_dial {

struct Section {
  const server_rec* server;
  const DirConfig* config;  // merged, in the pool that was given
  const char* path;         // as written
  bool serves;              // requests there reach our handler, by SetHandler
  bool by_expression;       // SetHandler there is one, which may name our handler
};

// One SetHandler plivo-dial line outside of every plain <Location "/path">, where no plan and no
// trust can be told for what it serves.
struct StrayHandler {
  Position position;
  std::string section;  // "<LocationMatch>", or "" for a server's own
};
std::vector<StrayHandler> stray_handlers(apr_pool_t* pool);

// What Plivo is told to request of a Location: its path, first, and our endpoints below it.
std::vector<std::string> own_urls(const std::string& path);

// All sections with Plivo directives or with SetHandler plivo-dial, server by server, in
// configuration order. A section of the main server appears once for each virtual host that
// inherits it.
std::vector<Section> merged_sections(apr_pool_t* pool, const server_rec* main_server);

}  // namespace plivo_dial
