// File: lib/base/ask_within.h
//
// A question that may hang in the kernel, put by a process of its own: whoever looks at a file on a
// network's or FUSE's file system whose server is gone does not come back, and no signal helps.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace plivo_dial {

// What `ask` returns, or nothing when that is not there within `time`. `ask` runs in a forked
// process that has /dev/null and nothing else open, and that init collects; where there is none to
// be had, in this one, without a limit. It must not throw. For one thread of a process that has no
// other.
std::optional<std::string> ask_within(std::chrono::milliseconds time,
                                      const std::function<std::string()>& ask);

}  // namespace plivo_dial
