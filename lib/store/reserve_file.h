// File: lib/store/reserve_file.h
//
// 8 MiB kept for the moment when the disk is full: given back then, they let the store record what
// is delivered, and remove what is not needed any more.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "lib/base/result.h"
#include "lib/spool/spool_layout.h"

namespace plivo_dial {

// Not thread-safe.
class ReserveFile {
 public:
  static constexpr std::uint64_t kSize = 8 * 1024 * 1024;

  // Of the spool's `<spool>/dispatch/reserve`.
  explicit ReserveFile(const std::string& spool)
      : path_(path_in_spool(spool, kStoreDirectory) + "/reserve") {}

  // Allocates it unless it is there. Fails when the file system does not have as much again beside
  // it, also where it is there.
  Result<void> make();

  // Whether there is next to no space, so that it should be given back.
  bool is_needed() const;

  // Gives its space back. True when there was any.
  bool release();

 private:
  const std::string path_;
};

}  // namespace plivo_dial
