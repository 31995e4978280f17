// File: lib/spool/spool_place.h
//
// The directory of a spool as it was when it was opened: tells when its path leads elsewhere,
// because somebody moved it away, made it anew, or mounted something over it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/base/result.h"
#include "lib/base/system_file.h"

namespace plivo_dial {

class SpoolPlace {
 public:
  static Result<SpoolPlace> open(const std::string& spool);

  enum class State { kSame, kGone, kReplaced };
  // Two system calls. Thread-safe. What can't be looked at counts as the same.
  State look() const;

  // Where the opened directory is now: "is now '/srv/old'", "was removed".
  std::string whereabouts() const;

 private:
  SpoolPlace(std::string path, Descriptor directory)
      : path_(std::move(path)), directory_(std::move(directory)) {}

  std::string path_;
  Descriptor directory_;
};

}  // namespace plivo_dial
