// File: mod_plivo_dial/request/other_hosts.h
//
// What other virtual hosts have that a refused request may have been meant for: their accounts,
// and their URLs. Only for the line about a refused request.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lib/signature/refused_request.h"
#include "mod_plivo_dial/config/config.h"

namespace plivo_dial {

// The accounts of other servers and virtual hosts, and where each stands.
struct OtherAccounts {
  std::vector<SigningAccount> accounts;
  std::vector<std::string> places;
  std::vector<std::string> token_files;
};

// All but `own`. Reads the configuration only; any thread.
OtherAccounts other_accounts(const AccountList* own);

// The other virtual hosts with each PlivoPublicURL that they or their Locations have, but for the
// one that `config`, of r's Location, has itself; at most kMaxOtherSites. Views are the
// configuration's, or live as long as r.
std::vector<OtherSite> other_sites(const request_rec* r, const DirConfig& config);

}  // namespace plivo_dial
