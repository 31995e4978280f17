// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/config/storing_remedy.h"

#include <cerrno>

#include "lib/spool/spool_trial.h"
#include "mod_plivo_dial/config/config.h"
#include "mod_plivo_dial/state.h"

namespace plivo_dial {

std::string storing_remedy(const SpoolError& error) {
  const char* const own = g_config.serving_remedy;
  const bool of_view = error.error_number == EACCES || error.error_number == EPERM ||
                       error.error_number == ENOENT || error.error_number == ENOTDIR;
  const std::string remedy =
      own != nullptr && of_view ? own : spool_remedy(error, server_config(ap_server_conf).spool);
  return remedy.empty() ? "" : "; " + remedy;
}

}  // namespace plivo_dial
