// File: mod_plivo_dial/config/secrets.h
//
// Reads the files that PlivoAccount and PlivoEventSecret name. Use load_secrets once per reading of
// the configuration, in the parent, as the user who started httpd: the files are closed to httpd's
// own User. Nothing here or behind it hands a secret to anything but lib/'s comparison.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mod_plivo_dial/config/config.h"
#include "mod_plivo_dial/config/sections.h"

namespace plivo_dial {

// Reads every file that the servers and `sections` name, once each, into their configurations.
// What comes back has what is wrong with each, with its position. A secret that could not be read
// stays empty, and nothing is believed by it. Tokens that can be none are warned of.
struct LoadedSecrets {
  std::vector<std::string> errors;
  std::vector<std::string> unjudged;  // what only who starts httpd can read
  std::vector<std::string> warnings;
};
LoadedSecrets load_secrets(server_rec* main_server, const std::vector<Section>& sections);

}  // namespace plivo_dial
