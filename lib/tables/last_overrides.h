// File: lib/tables/last_overrides.h
//
// What the override files of schedules said last without a fault, in a file that plivo-diald keeps
// beside the tables: all processes of httpd go by it while an override file has a fault, also those
// that never saw it without.
//
//   write(last_overrides_path(tables), text_of({{"office", closed}}))     -> "office closed\n"
//   LastOverrides last(last_overrides_path(tables));
//   last.find("office", now_us)     -> closed
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/file_version.h"
#include "lib/base/mutex.h"
#include "lib/schedule/override_file.h"

namespace plivo_dial {

using OverridesByName = std::map<std::string, Override, std::less<>>;

// The file beside the image of the tables at `image_path`.
std::string last_overrides_path(const std::string& image_path);

// A line for each: its name, and what it says. Lines that are none are passed over. Pure.
std::string text_of(const OverridesByName& overrides);
OverridesByName parse_last_overrides(std::string_view text);

// Safe from any thread.
class LastOverrides {
 public:
  explicit LastOverrides(std::string path) : watch_(std::move(path)) {}

  // Nothing for a schedule that the file does not name. Looks at it once a second.
  std::optional<Override> find(std::string_view schedule, std::int64_t now_us)
      PLIVO_EXCLUDES(mutex_);

 private:
  Mutex mutex_;
  FileWatch watch_ PLIVO_GUARDED_BY(mutex_);
  OverridesByName all_ PLIVO_GUARDED_BY(mutex_);
};

}  // namespace plivo_dial
