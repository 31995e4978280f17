// File: lib/spool/refused_requests.h
//
// Requests that were refused, whole, in files for `plivo-dialctl verify --request`: for who looks
// for the reason behind TLS, where no other program can catch one. Below the spool, because that is
// where httpd's user may write and others may not look. A help, never a promise: nothing is synced,
// and what can't be written is left out.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial {

inline constexpr std::size_t kMostRefusedRequests = 20;
inline constexpr std::int64_t kRefusedRequestUs = 86'400'000'000;  // a day

// Writes `request` into a new file in `refused` below `spool`, which nobody but this user and root
// may read, and gives its path. Removes the oldest files first, so that kMostRefusedRequests stay,
// and those that are older than kRefusedRequestUs. Fails where another thread of this process is
// just writing one, so that a disk that hangs holds up one thread at most; where less than
// `min_free` bytes are free; and where the directory is not this user's own. Thread-safe.
Result<std::string> keep_refused_request(const std::string& spool, std::string_view request,
                                         std::uint64_t min_free, std::int64_t now_us);

// Removes those that are older than kRefusedRequestUs. Makes nothing. Thread-safe.
void forget_refused_requests(const std::string& spool, std::int64_t now_us);

}  // namespace plivo_dial
