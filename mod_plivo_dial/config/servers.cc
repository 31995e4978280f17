// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/config/servers.h"

#include <algorithm>

namespace plivo_dial {

std::vector<const server_rec*> servers_in_order(const server_rec* main_server) {
  std::vector<const server_rec*> servers;
  for (const server_rec* server = main_server; server != nullptr; server = server->next) {
    servers.push_back(server);
  }
  if (!servers.empty()) std::reverse(servers.begin() + 1, servers.end());
  return servers;
}

}  // namespace plivo_dial
