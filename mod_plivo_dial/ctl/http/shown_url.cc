// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/http/shown_url.h"

#include <algorithm>

#include "lib/base/absolute_url.h"

namespace plivo_dial::ctl {

std::string shown_url(std::string_view url) {
  const std::size_t query = url.find('?');
  std::string shown(url.substr(0, query));
  const std::string_view authority = authority_of(url);
  const std::size_t user = authority.rfind('@');
  if (user != std::string_view::npos) {
    shown.replace(static_cast<std::size_t>(authority.data() - url.data()), user, "...");
  }
  return query == std::string_view::npos ? shown : shown + "?...";
}

}  // namespace plivo_dial::ctl
