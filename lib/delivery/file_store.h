// File: lib/delivery/file_store.h
//
// The DeliveryStore in plain files below `<spool>/dispatch`: progress.json with each sink's
// position and the next number, replaced as a whole; and for each segment `<segment>.runs`, lines
// "offset count first_seq crc" that are only appended to.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "lib/delivery/delivery_store.h"
#include "lib/delivery/log.h"

namespace plivo_dial {

class FileStore : public DeliveryStore {
 public:
  // Reads what is there; makes the directory. A progress.json that cannot be understood is set
  // aside with an error line: events still in the spool are then delivered again, none is skipped.
  static Result<std::unique_ptr<FileStore>> open(const std::string& spool, Log& log);

  std::vector<ImportedRun> runs(const std::string& segment) const override;
  Result<void> record_import(const std::string& segment, std::size_t offset, std::uint64_t count,
                             std::uint64_t* first_seq) override;
  std::uint64_t delivered(const std::string& sink) const override;
  Result<void> record_delivered(const std::string& sink, std::uint64_t seq) override;
  Result<void> prepare_removal() override;
  void forget(const std::string& segment) override;

 private:
  explicit FileStore(std::string directory) : directory_(std::move(directory)) {}

  Result<void> load_progress(Log& log);
  Result<void> load_runs(const std::string& spool);
  Result<void> load_runs_of(const std::string& segment);
  bool take_progress(const std::string& text);
  Result<void> save(std::unique_lock<std::mutex>& lock);

  const std::string directory_;
  mutable std::mutex mutex_;  // guards all below
  std::condition_variable saved_changed_;
  std::map<std::string, std::vector<ImportedRun>> runs_;
  std::map<std::string, std::uint64_t> delivered_;
  std::uint64_t next_seq_ = 1;
  std::uint64_t change_ = 0;  // counts changes of progress.json's content
  std::uint64_t saved_ = 0;   // the change that is on disk
  bool saving_ = false;
};

}  // namespace plivo_dial
