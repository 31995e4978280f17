// File: mod_plivo_dial/ctl/events/sample_event.h
//
// Events as a hook may meet them, for its trial.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lib/event/event.h"
#include "lib/webhook/webhook.h"

namespace plivo_dial::ctl {

// An event of `kind` about a call that never was, accepted at `now_us`; with an id of its own.
Event sample_event(EventKind kind, std::int64_t now_us);

}  // namespace plivo_dial::ctl
