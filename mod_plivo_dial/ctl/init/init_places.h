// File: mod_plivo_dial/ctl/init/init_places.h
//
// Where a distribution has httpd's configuration, and how a file there is put into use.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial::ctl {

struct InitPlaces {
  std::string configuration;  // the file
  std::string token_file;
};

// The places of Debian and Ubuntu, or of Fedora and RHEL, in the file system below `root` (""
// for the machine's own); nothing on other systems.
std::optional<InitPlaces> places_of_distribution(const std::string& root);

// What `configuration` and `token_file` say, "" for the distribution's; absolute and in normal
// form. Refuses one file for both.
Result<InitPlaces> choose_places(const std::string& configuration, const std::string& token_file,
                                 const std::string& root);

// Another file of configuration in the same directory that has a PlivoAccount; "" when none has.
std::string other_configuration(const InitPlaces& places);

// The commands that put the configuration into use, each a line for root's shell. Looks whether the
// module is enabled where the configuration is of Debian's layout.
std::vector<std::string> commands_to_enable(const InitPlaces& places);

// `text` as one word of a shell.
std::string shell_word(const std::string& text);

}  // namespace plivo_dial::ctl
