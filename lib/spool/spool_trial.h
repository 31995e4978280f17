// File: lib/spool/spool_trial.h
//
// Whether this process can write a spool, found out by writing: mode bits, mount options, statvfs
// and access() all say yes on an ext4 that the kernel stopped after an error, and nothing of
// SELinux, AppArmor, quotas, chattr +i or a mount namespace. Blocks for the disk, so that whoever
// must not wait has it done in a thread of its own.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/access/file_access.h"
#include "lib/spool/spool_error.h"

namespace plivo_dial {

// Makes a file as large as a segment where segments are made, writes it, syncs it and removes it,
// and looks whether `min_free` bytes are free (without a value: as many as SpoolWriter wants);
// leaves nothing behind. The error says which step failed. Thread-safe.
SpoolResult<void> try_spool(const std::string& spool, std::optional<std::uint64_t> min_free);

// The same as `identity`, whom this process, which must be root, becomes for it in a thread of its
// own alone. Not root, or not able to start a thread: as whoever this process is.
SpoolResult<void> try_spool_as(const Identity& identity, const std::string& spool,
                               std::optional<std::uint64_t> min_free);

// What may lie behind the failure of a trial of `spool`, and what to do: the end of a sentence, or
// "" where the error itself has the remedy.
std::string spool_remedy(const SpoolError& error, const std::string& spool);

}  // namespace plivo_dial
