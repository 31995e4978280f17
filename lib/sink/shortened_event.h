// File: lib/sink/shortened_event.h
//
// Says that events were too long for a sink's lines: once, since each such line says it of itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lib/event/event.h"
#include "lib/log/log.h"

namespace plivo_dial {

// Used by one thread. `log` must outlive it.
class ShortenedEventNotice {
 public:
  ShortenedEventNotice(std::string sink, Log& log) : sink_(std::move(sink)), log_(log) {}

  // `left_out` is what a line of at most `limit` bytes has not of `event`, or not whole; empty:
  // nothing to say. The first that has something gets a line, with the way to the whole event.
  void note(const Event& event, const std::vector<std::string>& left_out, std::size_t limit);

 private:
  const std::string sink_;
  Log& log_;
  bool said_ = false;
};

}  // namespace plivo_dial
