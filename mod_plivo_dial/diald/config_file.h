// File: mod_plivo_dial/diald/config_file.h
//
// The configuration in a file, which httpd writes anew at each start and reload when it says
// PlivoDispatcher External. Use it instead of ConfigInput when plivo-diald is run with --config.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

#include "lib/base/result.h"

namespace plivo_dial {

class ConfigFile {
 public:
  explicit ConfigFile(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }

  // The content when it is another file, or was written to, since the last call that gave one;
  // nothing when not, or when there is no file. The error names the path.
  Result<std::optional<std::string>> take_change();

  // The next take_change() gives the content even if nothing has changed.
  void look_again() { seen_ = {}; }

 private:
  const std::string path_;
  struct stat seen_ {};
};

}  // namespace plivo_dial
