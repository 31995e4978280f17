// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/guard.h"

#include "lib/log/log_id.h"
#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

void log_guarded_failure(const char* where, const char* what) noexcept {
  ap_log_error(APLOG_MARK, APLOG_CRIT, 0, ap_server_conf, "%s: internal failure in %s: %s",
               log_id::kInternalFailure, where, what);
}

}  // namespace plivo_dial
