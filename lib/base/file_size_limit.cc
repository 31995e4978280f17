// SPDX-License-Identifier: Apache-2.0
#include "lib/base/file_size_limit.h"

#include <sys/resource.h>

namespace plivo_dial {

std::optional<std::uint64_t> file_size_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return limit.rlim_cur;
}

std::string file_size_remedy() {
  const std::optional<std::uint64_t> limit = file_size_limit();
  if (!limit) return "the file system takes no larger file: use another";
  return "this process may write no file beyond " + std::to_string(*limit) +
         " bytes: raise the limit, LimitFSIZE=infinity in its unit or ulimit -f unlimited where it "
         "is started, and restart it";
}

}  // namespace plivo_dial
