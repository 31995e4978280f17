// File: mod_plivo_dial/diald/tables_keeper.h
//
// Keeps the tables in the spool what the files of schedules, maps and lists say: looks each second
// whether one has changed, and has them made anew by `plivo-diald --compile`. A file with faults
// leaves the tables as they are; its faults are told once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/file_version.h"
#include "lib/base/system_file.h"
#include "lib/image/image.h"
#include "lib/log/log.h"
#include "lib/process/child_process.h"
#include "lib/schedule/override_watch.h"
#include "lib/settings/dispatcher_config.h"
#include "lib/tables/last_overrides.h"

namespace plivo_dial {

// For the main thread of plivo-diald, with whose end a run of --compile ends.
class TablesKeeper {
 public:
  explicit TablesKeeper(Log& log) : log_(log) {}

  // From now on keeps those of `config`.
  void configure(const DispatcherConfig& config);

  // To be called about once a second. Waits for nothing.
  void tick(std::int64_t now_us);

 private:
  using Versions = std::vector<FileVersion>;

  std::optional<std::string> reason_to_make(std::int64_t now_us);
  void start(const std::string& reason);
  void keep_overrides(std::int64_t now_us);
  void tell(const std::vector<std::string>& troubles);
  void end();

  Log& log_;
  DispatcherConfig config_;
  std::uint64_t digest_ = 0;
  std::vector<std::string> files_;
  std::optional<FileWatch> image_watch_;
  std::optional<Image> image_;
  std::chrono::steady_clock::time_point foreign_since_{};  // the image is of another configuration
  Versions seen_;                  // at the last tick: nobody is writing them just now
  std::optional<Versions> tried_;  // of the last run
  std::chrono::steady_clock::time_point tried_at_{};
  std::chrono::steady_clock::time_point rested_{};
  std::map<std::string, std::unique_ptr<OverrideWatch>> overrides_;  // by the schedule's name
  OverridesByName last_overrides_;
  std::string written_overrides_;
  std::string reason_;
  std::vector<std::string> told_;  // what was wrong at the last run
  Descriptor output_;
  std::unique_ptr<ChildProcess> run_;
  std::chrono::steady_clock::time_point deadline_{};
};

}  // namespace plivo_dial
