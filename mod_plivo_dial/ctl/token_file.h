// File: mod_plivo_dial/ctl/token_file.h
//
// The option --token-file: auth tokens never stand on a command line, where every user of the
// machine could read them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/access/secret_file.h"
#include "lib/base/result.h"

namespace plivo_dial::ctl {

// The token in the file at `path`, by the rules of read_secret_file for the user who runs this, or
// the first line of standard input when `path` is "-"; nothing behind that line is read. The error
// begins with the option and holds no byte of the content.
Result<Secret> read_token(const std::string& path);

}  // namespace plivo_dial::ctl
