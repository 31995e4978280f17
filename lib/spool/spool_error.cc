// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/spool_error.h"

#include <cerrno>
#include <cstring>

namespace plivo_dial {

SpoolError spool_error(const std::string& action, const std::string& path, int error) {
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  return SpoolError{{action + " '" + path + "': " + std::strerror(error)},
                    full ? SpoolFailure::kFull : SpoolFailure::kFailed,
                    error};
}

}  // namespace plivo_dial
