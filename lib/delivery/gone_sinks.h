// File: lib/delivery/gone_sinks.h
//
// Buries what waits for sinks that are no longer configured: each event becomes a dead letter,
// which an operator can send again when the sink is back.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <set>
#include <string>

#include "lib/books/event_store.h"
#include "lib/log/log.h"

namespace plivo_dial {

// Of one thread.
class GoneSinks {
 public:
  // `is_ending` tells of a sink that still has events in hand: those may yet be delivered.
  GoneSinks(std::string spool, Log& log, std::function<bool(const std::string&)> is_ending)
      : spool_(std::move(spool)), log_(log), is_ending_(std::move(is_ending)) {}

  // Some events of one sink. Whether there is more to do at once; false also where it failed, which
  // is tried again at the next call.
  bool bury_some(EventStore& store);

  // There may be others than those that bury_some() came to the end of.
  void look_again() { may_be_some_ = true; }

  // Whether it is worth a call.
  bool may_be_some() const { return may_be_some_; }

 private:
  bool bury_some_of(EventStore& store, const DeliveryBook::GoneSink& sink);

  const std::string spool_;
  Log& log_;
  const std::function<bool(const std::string&)> is_ending_;
  std::set<std::string> told_;  // those that the log told of
  bool may_be_some_ = true;
};

}  // namespace plivo_dial
