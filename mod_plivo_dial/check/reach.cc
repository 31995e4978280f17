// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/reach.h"

#include <algorithm>

namespace plivo_dial {
namespace {

bool is_any(const apr_sockaddr_t* address) {
  const auto* bytes = static_cast<const unsigned char*>(address->ipaddr_ptr);
  return std::all_of(bytes, bytes + address->ipaddr_len,
                     [](unsigned char byte) { return byte == 0; });
}

bool has_port(const server_addr_rec* place, apr_port_t port) {
  return place->host_port == 0 || place->host_port == port;
}

// Whether a virtual host takes connections to `address`; with `by_name` one that names the address.
bool is_taken(const server_rec* main_server, const apr_sockaddr_t* address, apr_port_t port,
              bool by_name) {
  for (const server_rec* host = main_server->next; host != nullptr; host = host->next) {
    for (const server_addr_rec* place = host->addrs; place != nullptr; place = place->next) {
      if (!has_port(place, port)) continue;
      if (!by_name && is_any(place->host_addr)) return true;
      if (apr_sockaddr_equal(place->host_addr, address) != 0) return true;
    }
  }
  return false;
}

// The address at which `listener` is tried.
const apr_sockaddr_t* address_of(apr_pool_t* pool, const ap_listen_rec* listener) {
  if (!is_any(listener->bind_addr)) return listener->bind_addr;
  apr_sockaddr_t* local = nullptr;
  apr_sockaddr_info_get(&local, "127.0.0.1", APR_INET, listener->bind_addr->port, 0, pool);
  return local == nullptr ? listener->bind_addr : local;
}

// Where a connection by `listener` reaches `place` of a virtual host; null when none does.
const apr_sockaddr_t* meeting_point(apr_pool_t* pool, const server_rec* main_server,
                                    const ap_listen_rec* listener, const server_addr_rec* place) {
  const apr_port_t port = listener->bind_addr->port;
  if (!has_port(place, port)) return nullptr;
  if (is_any(place->host_addr)) {
    const apr_sockaddr_t* address = address_of(pool, listener);
    return is_taken(main_server, address, port, true) ? nullptr : address;
  }
  const bool listens =
      is_any(listener->bind_addr) || apr_sockaddr_equal(listener->bind_addr, place->host_addr) != 0;
  return listens ? place->host_addr : nullptr;
}

void add(const apr_sockaddr_t* address, apr_port_t port, std::vector<std::string>& places) {
  char text[64] = "";
  auto* const copy = const_cast<apr_sockaddr_t*>(address);
  if (apr_sockaddr_ip_getbuf(text, sizeof text, copy) != APR_SUCCESS) return;
  const std::string host = address->family == APR_INET ? text : "[" + std::string(text) + "]";
  std::string place = host + ":" + std::to_string(port);
  if (std::find(places.begin(), places.end(), place) == places.end()) {
    places.push_back(std::move(place));
  }
}

}  // namespace

std::vector<std::string> reached_at(apr_pool_t* pool, const server_rec* main_server,
                                    const server_rec* server) {
  std::vector<std::string> places;
  for (const ap_listen_rec* each = ap_listeners; each != nullptr; each = each->next) {
    if (each->bind_addr == nullptr || each->bind_addr->ipaddr_ptr == nullptr) continue;
    const apr_port_t port = each->bind_addr->port;
    if (server == main_server) {
      const apr_sockaddr_t* address = address_of(pool, each);
      if (!is_taken(main_server, address, port, false)) add(address, port, places);
      continue;
    }
    for (const server_addr_rec* place = server->addrs; place != nullptr; place = place->next) {
      const apr_sockaddr_t* address = meeting_point(pool, main_server, each, place);
      if (address != nullptr) add(address, port, places);
    }
  }
  return places;
}

}  // namespace plivo_dial
