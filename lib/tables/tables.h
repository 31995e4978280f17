// File: lib/tables/tables.h
//
// The tables that requests look into, as they are now: the image that plivo-diald makes of
// schedules, maps and lists, and the override files of schedules. Each process of httpd has one,
// looks once a second whether there is another image, and goes over to it; the memory is shared.
//
//   Tables tables("/var/lib/plivo-dial/tables", config);
//   const std::shared_ptr<const TablesView> view = tables.current(now_us);
//   const ScheduleState office = tables.state_of("office", *view, seconds, now_us);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/file_version.h"
#include "lib/base/mutex.h"
#include "lib/schedule/override_watch.h"
#include "lib/settings/tables_config.h"
#include "lib/tables/last_overrides.h"
#include "lib/tables/tables_view.h"

namespace plivo_dial {

// How a schedule stands at some moment.
struct ScheduleState {
  // Whether the tables say it at all. What is not known is taken as open, since a call that rings
  // in vain is less harm than one that is turned away.
  bool known = false;
  bool open = true;
  // "weekly hours", "holidays.txt:4: Christmas", "the override file"; valid as long as the view.
  std::string_view reason;
};

// Safe from any thread.
class Tables {
 public:
  // The image need not be there yet.
  Tables(std::string image_path, TablesConfig config);

  // The tables of the newest image that is of this configuration, or, until there was one, of
  // whichever there is; null where there was none. `now_us` are microseconds of a clock that goes
  // on.
  std::shared_ptr<const TablesView> current(std::int64_t now_us) PLIVO_EXCLUDES(mutex_);

  // The schedule `name` at `instant`, by its override file as it is now and by `view`, which may be
  // null.
  ScheduleState state_of(std::string_view name, const TablesView* view, Instant instant,
                         std::int64_t now_us) const;

  // What is wrong, once each: an image that can't be used or is older than what it was made of, an
  // override file with a fault. For one process that writes it into the log.
  std::vector<std::string> new_trouble(std::int64_t now_us) PLIVO_EXCLUDES(mutex_);

  const TablesConfig& config() const { return config_; }

 private:
  void look(std::int64_t now_us) PLIVO_REQUIRES(mutex_);
  std::optional<std::string> trouble_of_image(std::int64_t now_us) PLIVO_REQUIRES(mutex_);

  const TablesConfig config_;
  const std::uint64_t digest_;
  // By the names of the schedules that have one.
  std::map<std::string, std::unique_ptr<OverrideWatch>, std::less<>> overrides_;

  mutable LastOverrides last_overrides_;

  Mutex mutex_;
  FileWatch watch_ PLIVO_GUARDED_BY(mutex_);
  std::shared_ptr<const TablesView> view_ PLIVO_GUARDED_BY(mutex_);
  std::string fault_ PLIVO_GUARDED_BY(mutex_);  // of the image that is there; "": none
  std::string told_ PLIVO_GUARDED_BY(mutex_);   // by new_trouble()
  std::string doubt_ PLIVO_GUARDED_BY(mutex_);  // why the image may be too old
  std::int64_t doubt_since_us_ PLIVO_GUARDED_BY(mutex_) = 0;
};

}  // namespace plivo_dial
