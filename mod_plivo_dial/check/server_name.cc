// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/server_name.h"

namespace plivo_dial {

std::string server_name(const server_rec& server) {
  if (!server.is_virtual) return "main server";
  const char* host = server.server_hostname == nullptr ? "?" : server.server_hostname;
  const apr_port_t port = server.addrs == nullptr ? server.port : server.addrs->host_port;
  return std::string(host) + ":" + std::to_string(port);
}

}  // namespace plivo_dial
