// File: mod_plivo_dial/ctl/http/place.h
//
// Where a request goes, apart from what it asks for: a server is reached at one place, and chooses
// its virtual host and certificate by another name. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace plivo_dial::ctl {

// Views of the text that it was read from.
struct Place {
  std::string_view scheme;
  std::string_view host;  // an IPv6 address keeps its brackets
  std::string_view port;  // "" when it is not written
};

// Of an absolute URL; a user name in it is left out.
Place place_of(std::string_view url);

// Of "host:port" or "host".
Place place_of_authority(std::string_view authority);

std::string_view usual_port(std::string_view scheme);

// "127.0.0.1:443"
std::string connection_to(const Place& place);

// "https://pbx.example.com:8443": `place` under the name `host`, for a request that goes there. The
// port shows where it is not the usual one.
std::string origin_under_name(const Place& place, std::string_view host);

}  // namespace plivo_dial::ctl
