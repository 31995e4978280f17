// File: mod_plivo_dial/check/shut_out.h
//
// Access rules of httpd's that keep Plivo itself out of a Location of ours: "Require all denied"
// around it, or a password, which Plivo does not have. Use it at configuration time, to warn of
// them. Rules that only a request decides (addresses, expressions, the environment) are the
// administrator's business, and not judged.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "mod_plivo_dial/config/config.h"
#include "mod_plivo_dial/config/sections.h"

namespace plivo_dial {

struct ShutOut {
  Position position;
  std::string rule;     // as written: "Require all denied"
  std::string section;  // that it stands in: `<Location "/">`
  std::string url;      // whom it refuses: the path of our Location, or of an endpoint below it
  bool by_password;     // a user who logs in is let in
};

// The rule that surely refuses each request of Plivo's for our Location, if there is one. With
// AuthMerging and Satisfy Any nothing is sure.
std::optional<ShutOut> shut_out(apr_pool_t* pool, const Section& section);

}  // namespace plivo_dial
