// File: lib/spool/spool_lock.h
//
// One dispatcher for each spool: the lock on `<spool>/dispatcher.lock`. The kernel lets it go when
// its holder dies in whatever way. Take it before a Dispatcher starts, and keep it until that has
// ended.
//
//   Result<std::optional<SpoolLock>> lock = SpoolLock::take(spool, std::chrono::seconds(8));
//   if (!lock) return lock.error();
//   if (!*lock) return Error{"another dispatcher serves the spool"};
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "lib/base/result.h"
#include "lib/base/system_file.h"

namespace plivo_dial {

class SpoolLock {
 public:
  // Takes the lock, or nothing when another process has it and keeps it for a second. When the file
  // says that its holder is ending, waits for it for up to `patience`: at a restart of httpd the
  // old dispatcher finishes its hooks while the new one starts.
  static Result<std::optional<SpoolLock>> take(const std::string& spool,
                                               std::chrono::milliseconds patience);

  struct Holder {
    int pid = 0;  // 0: the file does not tell
    bool ending = false;
  };
  // Who has the lock now, or nothing when nobody has. For a look from outside: makes no file, and
  // no dispatcher that starts notices it.
  static Result<std::optional<Holder>> holder(const std::string& spool);

  // Whether the spool still has the file that is locked. Whoever finds none, or another, takes the
  // spool for one that nobody serves.
  bool is_in_place() const;

  // Writes into the file that this process is about to let the lock go.
  void announce_end();

 private:
  SpoolLock(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}

  void write_note(std::string_view note);

  std::string path_;
  Descriptor file_;
};

}  // namespace plivo_dial
