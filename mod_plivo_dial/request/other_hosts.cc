// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/request/other_hosts.h"

#include <algorithm>

#include "lib/base/text.h"
#include "lib/signature/signature_search.h"

extern "C" {
extern module plivo_dial_module;
}

namespace plivo_dial {
namespace {

using Missed = OtherSite::Missed;

void add_new(std::vector<const PublicUrlLine*>& lines, const PublicUrlLine* line) {
  if (line == nullptr || std::ranges::find(lines, line) != lines.end()) return;
  lines.push_back(line);
}

// Of the server, and of its Locations, where it may stand too.
std::vector<const PublicUrlLine*> public_urls_of(const server_rec* server) {
  std::vector<const PublicUrlLine*> lines;
  add_new(lines, dir_config(server->lookup_defaults).public_url);
  const auto* core =
      static_cast<const core_server_config*>(ap_get_core_module_config(server->module_config));
  if (core->sec_url == nullptr) return lines;
  const auto* vectors = reinterpret_cast<ap_conf_vector_t* const*>(core->sec_url->elts);
  for (int i = 0; i < core->sec_url->nelts; ++i) {
    const auto* section =
        static_cast<const DirConfig*>(ap_get_module_config(vectors[i], &plivo_dial_module));
    if (section != nullptr) add_new(lines, section->public_url);
  }
  return lines;
}

bool listens_at(const server_rec* server, const apr_sockaddr_t* local) {
  for (const server_addr_rec* own = server->addrs; own != nullptr; own = own->next) {
    if (own->host_port == 0 || own->host_port == local->port) return true;
  }
  return false;
}

std::string_view host_in(std::string_view origin) {
  const std::size_t scheme_end = origin.find("://");
  if (scheme_end != std::string_view::npos) origin.remove_prefix(scheme_end + 3);
  origin = origin.substr(0, origin.find('/'));
  const std::size_t bracket = origin.find(']');
  return origin.substr(0, origin.find(':', bracket == std::string_view::npos ? 0 : bracket));
}

Missed why_missed(const request_rec* r, const server_rec* other, std::string_view origin) {
  if (!listens_at(other, r->connection->local_addr)) return Missed::kOtherPort;
  const std::string_view asked_for = r->hostname == nullptr ? "" : r->hostname;
  return equals_ignoring_case(host_in(origin), asked_for) ? Missed::kHostNotNamed
                                                          : Missed::kHostNotPassed;
}

// The main server has no section that one could name.
const char* place_of(const request_rec* r, const server_rec* server, const Position& position) {
  const char* kind = server->is_virtual ? "virtual host " : "main server ";
  const char* name = server->server_hostname == nullptr ? "" : server->server_hostname;
  return apr_pstrcat(r->pool, kind, name, " (", to_string(position).c_str(), ")", nullptr);
}

}  // namespace

OtherAccounts other_accounts(const AccountList* own) {
  OtherAccounts others;
  std::vector<const AccountList*> seen = {own, nullptr};
  for (const server_rec* server = ap_server_conf; server != nullptr; server = server->next) {
    const AccountList* list = dir_config(server->lookup_defaults).accounts;
    if (std::find(seen.begin(), seen.end(), list) != seen.end()) continue;
    seen.push_back(list);
    for (std::size_t i = 0; i < list->signing.size(); ++i) {
      others.accounts.push_back(list->signing[i]);
      others.places.push_back(to_string(list->lines[i].position));
      others.token_files.emplace_back(list->lines[i].token_file);
    }
  }
  return others;
}

std::vector<OtherSite> other_sites(const request_rec* r, const DirConfig& config) {
  std::vector<OtherSite> sites;
  for (const server_rec* server = ap_server_conf; server != nullptr; server = server->next) {
    const AccountList* accounts = dir_config(server->lookup_defaults).accounts;
    if (server == r->server || accounts == nullptr) continue;
    for (const PublicUrlLine* line : public_urls_of(server)) {
      if (sites.size() == kMaxOtherSites) return sites;
      const std::string& origin = line->url.text();
      const bool known = std::ranges::any_of(sites, [&](const OtherSite& site) {
        return site.origin == origin && site.accounts.data() == accounts->signing.data();
      });
      if (known || origin == config.public_url->url.text()) continue;
      sites.push_back({origin, accounts->signing, place_of(r, server, line->position),
                       why_missed(r, server, origin)});
    }
  }
  return sites;
}

}  // namespace plivo_dial
