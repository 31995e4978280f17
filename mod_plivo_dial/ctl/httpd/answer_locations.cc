// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/httpd/answer_locations.h"

#include "lib/webhook/endpoint.h"

namespace plivo_dial::ctl {

bool answers_calls(const ManifestLocation& location) {
  return location.served && location.endpoint == to_string(Endpoint::kAnswer);
}

std::string answer_url_of(const ManifestLocation& location) {
  std::string url = location.public_url;
  if (url.empty()) return url;
  if (url.ends_with('/')) url.pop_back();
  return url + location.path;
}

}  // namespace plivo_dial::ctl
