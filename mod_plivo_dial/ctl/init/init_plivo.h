// File: mod_plivo_dial/ctl/init/init_plivo.h
//
// What `plivo-dialctl init` says about Plivo: the URLs to enter there, and with --plivo what is
// entered now.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "mod_plivo_dial/ctl/findings.h"
#include "mod_plivo_dial/ctl/http/http_client.h"
#include "mod_plivo_dial/ctl/init/init_settings.h"

namespace plivo_dial::ctl {

// The three lines to paste, and what to do with them.
std::string entries_at_plivo(const InitSettings& settings);

// Asks the API at `origin` by `http` what the number is attached to. Fails when Plivo refuses the
// token: nothing should be written with it. All else is a finding.
Result<Findings> ask_plivo(HttpClient& http, const std::string& origin,
                           const InitSettings& settings, std::string_view token);

}  // namespace plivo_dial::ctl
