// File: mod_plivo_dial/ctl/init/init_account.h
//
// How `plivo-dialctl init` comes to Auth ID and Auth Token: a person is asked again, a script is
// told.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/access/secret_file.h"
#include "lib/base/result.h"

namespace plivo_dial::ctl {

// Asks for the Auth ID. At a terminal it asks again for what can be none, up to three times in all;
// elsewhere that is an error.
Result<std::string> ask_for_auth_id();

// Warns on standard error where an Auth ID has not the length of Plivo's.
void doubt_auth_id(const std::string& auth_id);

// Asks for the token of the account `auth_id` (see init_questions.h). At a terminal it asks again
// for one that can be none, up to three times in all, and for one that has not the length of
// Plivo's tokens, which Enter keeps. Elsewhere the first is an error, and the second a warning. No
// text that is written shows anything of it.
Result<Secret> ask_for_token(const std::string& auth_id);

}  // namespace plivo_dial::ctl
