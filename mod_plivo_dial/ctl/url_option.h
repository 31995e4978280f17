// File: mod_plivo_dial/ctl/url_option.h
//
// The option --url of commands that sign or verify.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/base/result.h"

namespace plivo_dial::ctl {

// `url` without its fragment, which is never signed, when it is http(s)://host... without a user
// name, of which Plivo's SDKs have different opinions. Nothing else is judged: what Plivo dialled
// is what counts.
Result<std::string> signable_url(const std::string& url);

}  // namespace plivo_dial::ctl
