// File: lib/spool/spool_layout.h
//
// What lies where in a spool, and who may read it. The directory itself is PlivoSpool's, which an
// administrator makes; what is in it is made by whoever needs it first.
//
//   in/               segments, which httpd's children write      segment_name.h
//   dispatch/         what the dispatcher remembers               lib/store
//   dead/             events that a sink will never take          lib/store/dead_letter.h
//   quarantine/       bytes of segments that are no events        lib/delivery/importer.cc
//   refused/          requests that were refused                  refused_requests.h
//   dispatcher.lock   who delivers                                spool_lock.h
//   tables            schedules and maps, for requests            lib/tables
//   tables.overrides  what override files said without a fault   lib/tables
//   httpd-status      a link to the counters of httpd             lib/status/status_file.h
//
// Paths are of a spool whose path has no slash at its end. Pure functions, for any thread.
//
//   path_in_spool("/var/lib/plivo-dial", kDeadDirectory)   -> "/var/lib/plivo-dial/dead"
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <array>
#include <string>
#include <string_view>

namespace plivo_dial {

inline constexpr std::string_view kSegmentDirectory = "in";
inline constexpr std::string_view kStoreDirectory = "dispatch";
inline constexpr std::string_view kDeadDirectory = "dead";
inline constexpr std::string_view kQuarantineDirectory = "quarantine";
inline constexpr std::string_view kRefusedDirectory = "refused";
inline constexpr std::string_view kLockFile = "dispatcher.lock";
inline constexpr std::string_view kTablesFile = "tables";

// Those in which events lie.
inline constexpr std::array<std::string_view, 4> kEventDirectories = {
    kSegmentDirectory, kStoreDirectory, kDeadDirectory, kQuarantineDirectory};

// Events hold numbers of callers: nobody but httpd's user and group reads them. Requests that were
// refused may hold what the account's token is guessed from.
inline constexpr mode_t kSpoolDirectoryMode = 0750;
inline constexpr mode_t kSpoolFileMode = 0640;
inline constexpr mode_t kRefusedDirectoryMode = 0700;
inline constexpr mode_t kRefusedFileMode = 0600;

inline std::string path_in_spool(std::string_view spool, std::string_view name) {
  std::string path;
  path.reserve(spool.size() + 1 + name.size());
  return path.append(spool).append(1, '/').append(name);
}

}  // namespace plivo_dial
