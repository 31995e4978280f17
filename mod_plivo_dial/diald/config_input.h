// File: mod_plivo_dial/diald/config_input.h
//
// Configurations as they come in on standard input: one line of JSON each, until httpd's end closes
// the pipe. Where it is a socket, the descriptor of the error log may come with a line, and becomes
// standard output and error.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "lib/base/result.h"

namespace plivo_dial {

class ConfigInput {
 public:
  // Reads from `descriptor`, which stays the caller's.
  explicit ConfigInput(int descriptor) : descriptor_(descriptor) {}

  // The next line, or nothing when a wait with poll(2) must come first or the input has ended.
  std::optional<std::string> take_line();

  // Reads what there is; blocks when there is nothing. An error, as at a line of more than 4 MiB,
  // ends the input.
  Result<void> read_more();

  // No further line will come.
  bool ended() const { return ended_ && text_.find('\n') == std::string::npos; }

 private:
  const int descriptor_;
  std::string text_;
  bool ended_ = false;
};

}  // namespace plivo_dial
