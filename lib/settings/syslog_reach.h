// File: lib/settings/syslog_reach.h
//
// Whether a syslog daemon listens. In a container there is none as a rule, and events then wait for
// ever.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/base/result.h"

namespace plivo_dial {

// Connects to the socket of datagrams or streams at `path` and sends nothing; does not wait. The
// error has the remedy.
Result<void> reach_syslog(const std::string& path);

}  // namespace plivo_dial
