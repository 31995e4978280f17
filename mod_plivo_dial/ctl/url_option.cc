// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/url_option.h"

#include "lib/base/absolute_url.h"
#include "lib/base/in_quotes.h"
#include "mod_plivo_dial/ctl/http/form_request.h"

namespace plivo_dial::ctl {

Result<std::string> signable_url(const std::string& url) {
  const std::string_view authority = authority_of(url);
  if (authority.empty()) {
    return Error{"the URL " + in_quotes(url) +
                 " is not absolute: write it as Plivo dials it, https://host/path"};
  }
  if (authority.find('@') != std::string_view::npos) {
    return Error{"the URL " + in_quotes(url) + " holds a user name: leave it out"};
  }
  return without_fragment(url);
}

}  // namespace plivo_dial::ctl
