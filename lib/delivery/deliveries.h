// File: lib/delivery/deliveries.h
//
// The deliveries of one dispatcher: one for each sink that is configured, and those of a former
// configuration that still finish what they have in hand.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lib/delivery/sink_delivery.h"
#include "lib/settings/sink_config.h"

namespace plivo_dial {

// Of one thread.
class Deliveries {
 public:
  // Starts those of `sinks` that do not run. One whose namesake still ends begins when that has
  // ended: two with one name would deliver the same events.
  void start(const std::vector<SinkConfig>& sinks, const DeliveryTools& tools);

  // Lets those go that are not among `sinks` as they are. Nobody waits for them: they finish what
  // they have in hand for some seconds, or hang.
  void let_go_others(const std::vector<SinkConfig>& sinks);

  // Drops those that have ended. Whether there were some.
  bool collect_ended();

  // Whether one of that name is let go and has not ended.
  bool is_ending(const std::string& sink) const;
  bool any_is_ending() const { return !ending_.empty(); }

  // New events may be in the store, at its end; or, with `rescan`, anywhere.
  void wake(bool rescan);

  // Ends all, and gives what is in flight `patience`. `in_between` is called before programs are
  // waited for that are run for each event: such a run is recorded when it begins, and may take its
  // time over the last event while others go on.
  void end(std::chrono::milliseconds patience, const std::function<void()>& in_between);

 private:
  using ByName = std::map<std::string, std::unique_ptr<SinkDelivery>>;

  ByName running_;
  std::vector<std::unique_ptr<SinkDelivery>> ending_;
};

}  // namespace plivo_dial
