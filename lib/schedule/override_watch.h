// File: lib/schedule/override_watch.h
//
// The override file of a schedule as it is now. A version with a fault changes nothing: what the
// one before said goes on.
//
//   OverrideWatch watch("/var/lib/reception/office");
//   overridden(watch.current(now_us), openings, now_us / 1'000'000)
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/base/file_version.h"
#include "lib/base/mutex.h"
#include "lib/schedule/override_file.h"

namespace plivo_dial {

// Safe from any thread.
class OverrideWatch {
 public:
  explicit OverrideWatch(const std::string& path) : watch_(path) {}

  // What the last version without a fault says; of a file that is not there nothing. Looks at the
  // file again once `now_us`, microseconds of a clock that goes on, is a second behind the last
  // look, and reads it where it was replaced or changed.
  Override current(std::int64_t now_us) PLIVO_EXCLUDES(mutex_);

  // Whether the version that is there now has a fault.
  bool is_faulty(std::int64_t now_us) PLIVO_EXCLUDES(mutex_);

  // The fault of the version that is there now, with the path, once for each; nothing where it
  // holds, or was told before. For one process that writes it into the log.
  std::optional<std::string> new_fault(std::int64_t now_us) PLIVO_EXCLUDES(mutex_);

 private:
  void look(std::int64_t now_us) PLIVO_REQUIRES(mutex_);

  Mutex mutex_;
  FileWatch watch_ PLIVO_GUARDED_BY(mutex_);
  Override override_ PLIVO_GUARDED_BY(mutex_);
  bool is_faulty_ PLIVO_GUARDED_BY(mutex_) = false;
  std::optional<std::string> fault_ PLIVO_GUARDED_BY(mutex_);
};

}  // namespace plivo_dial
