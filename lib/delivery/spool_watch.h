// File: lib/delivery/spool_watch.h
//
// What has changed among the segments of a spool, as the kernel tells it (inotify), and a bell by
// which other threads wake the one that waits for it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <set>
#include <string>

#include "lib/base/result.h"
#include "lib/base/system_file.h"

namespace plivo_dial {

// Of one thread, but for ring().
class SpoolWatch {
 public:
  // Begins to watch the segments of `spool`.
  Result<void> open(const std::string& spool);

  // Waits for a change or the bell, for at most `longest`; then for the bell alone until `rest`
  // has passed, so that many changes are read together.
  void wait(std::chrono::milliseconds longest, std::chrono::steady_clock::time_point rest);

  // Whether there is something that wait() would not wait for.
  bool has_news() const;

  // Wakes the thread that waits: it is to look at all segments. Thread-safe, does not block.
  void ring();

  // Takes in all that the kernel has queued: a change that stayed there would let younger events of
  // another segment overtake its own.
  void read();

  // The segments that may have something new, since the last call.
  std::set<std::string> take_changed();
  void put_back(std::set<std::string> changed) { changed_ = std::move(changed); }

  // Whether others may have, too, since the last call: changes got lost, or the bell rang.
  bool take_any_may_have_changed();
  void note_any_may_have_changed() { any_may_have_changed_ = true; }

 private:
  Descriptor changes_;  // inotify
  Descriptor bell_;     // eventfd
  std::set<std::string> changed_;
  bool any_may_have_changed_ = true;
};

}  // namespace plivo_dial
