// File: mod_plivo_dial/check/taken_requests.h
//
// Which requests for our Locations another handler gets, by the merge of the configuration. Use it
// at configuration time, to warn of them: they are not ours to claim.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mod_plivo_dial/config/config.h"

namespace plivo_dial {

// SetHandler of somebody else that comes behind one of ours and takes requests from it.
struct TakenRequests {
  Position ours;
  std::string location;  // the path of our Location
  std::string url;       // what is taken: that path, or the path of one of our endpoints below it
  Position theirs;
  std::string handler;  // as written
  std::string section;  // `<Location "/">`
  bool in_some_cases;   // where an <If> is true
  bool by_inheritance;  // ours is the main server's, theirs a virtual host's
};
std::vector<TakenRequests> taken_requests(apr_pool_t* pool, const server_rec* main_server);

}  // namespace plivo_dial
