// File: mod_plivo_dial/ctl/init/init_settings.h
//
// What `plivo-dialctl init` was told, judged by the parsers that configtest uses, and the
// configuration that is made from it. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial::ctl {

struct InitSettings {
  std::string number;               // E.164: the number at Plivo
  std::vector<std::string> stages;  // each the targets of one PlivoDial, as they stand there
  int timeout = 20;                 // seconds that each stage rings
  bool voicemail = false;           // a caller whom nobody answered leaves a message
  std::string public_url;           // of PlivoPublicURL, without a path
  std::string path;                 // of the Location: "/dialstatus"
  std::string auth_id;
};

// The path of the answer URL where none is given.
inline constexpr std::string_view kUsualPath = "/dialstatus";

// Ok when `auth_id` is one for PlivoAccount. The error does not show it: it may be a token that was
// typed in the wrong place.
Result<void> check_auth_id_of_account(std::string_view auth_id);

// Ok when `token` is a line that a token's file may hold, and not the Auth ID. Never shows it.
Result<void> check_token_text(std::string_view token, std::string_view auth_id);

// Splits `url`, the answer URL at Plivo or its scheme and host alone, into public_url and path.
Result<void> set_url(std::string_view url, InitSettings& settings);

// Sets the number that is called, and then adds the stage "target[,target]..." to the settings,
// which may not ring that number itself.
Result<void> set_number(std::string_view number, InitSettings& settings);
Result<void> add_stage(std::string_view targets, InitSettings& settings);

// Ok when `path` can stand in httpd's configuration as it is.
Result<void> check_plain_path(std::string_view path);

// The answer URL to be entered at Plivo.
std::string answer_url(const InitSettings& settings);

// The whole configuration file.
std::string render_configuration(const InitSettings& settings, const std::string& token_file);

}  // namespace plivo_dial::ctl
