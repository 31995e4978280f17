// File: lib/signature/url_candidates.h
//
// Under which other URLs a request may have been entered at Plivo. Use it to find out for which URL
// a refused request was signed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/signature/refused_request.h"

namespace plivo_dial {

struct UrlCandidate {
  std::string origin;
  std::string target;              // with the query of the request's URL
  bool host_from_request = false;  // neither the URL nor the configuration has this host
};

// The URLs that differ from request.url in scheme, host, port (none, 80 or 443 spelled out, those
// that the server listens on), in the configured prefix left out, in the slash at the path's end,
// in a path of request.paths, or in escapes of the path that are decoded; those that differ in few
// and common things first. At most `limit`, no URL twice, never request.url itself. Hosts that are
// no host names, and hosts from the request with more than 100 bytes, are left out; of a list in
// X-Forwarded-Host the first counts. Pure.
std::vector<UrlCandidate> url_candidates(const RefusedRequest& request, std::size_t limit);

// The path of `target` with its percent-escapes decoded, as Plivo's Go SDK signs it. Pure.
std::string decoded_path(std::string_view target);

}  // namespace plivo_dial
