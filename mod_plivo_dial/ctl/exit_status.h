// File: mod_plivo_dial/ctl/exit_status.h
//
// The exit statuses of plivo-dialctl.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial::ctl {

// Of every subcommand.
inline constexpr int kExitOk = 0;
inline constexpr int kExitRefused = 1;  // a reply that Plivo would have refused, or a finding
inline constexpr int kExitUsage = 2;

}  // namespace plivo_dial::ctl
