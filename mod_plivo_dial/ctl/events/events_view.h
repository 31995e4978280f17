// File: mod_plivo_dial/ctl/events/events_view.h
//
// How a spool, its store and its dispatcher stand at this moment: what `events status` tells, and
// what `doctor` judges.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/operators/operator_store.h"
#include "lib/spool/spool_lock.h"
#include "mod_plivo_dial/ctl/events/spool_census.h"
#include "mod_plivo_dial/ctl/events/spool_health.h"
#include "mod_plivo_dial/ctl/events_text.h"

namespace plivo_dial::ctl {

struct SpoolView {
  std::string spool;
  std::optional<SpoolLock::Holder> dispatcher;
  std::optional<StoreStatus> store;  // nothing: there is none yet
  SegmentCensus segments;
  SpoolSpace space;
  SpoolHealth health;
  std::string store_error;  // why the store can't be read, on a spool that can't be written
  std::int64_t now = 0;
};

// Enters the spool, see enter_spool: root becomes its user for good. Leaves nothing behind. On a
// spool that can't be written the store may not be readable either, which is no error then.
Result<SpoolView> look_into_spool(const std::string& directory);

// Beyond this a sink that has not taken its oldest event needs an operator.
inline constexpr std::int64_t kUsualMaxWaitUs = 10 * 60 * std::int64_t{1'000'000};

namespace concern {
inline constexpr std::string_view kDispatcher = "dispatcher";  // nobody delivers
inline constexpr std::string_view kHttpd = "httpd";            // it stores no events
inline constexpr std::string_view kStore = "store";            // it can't be looked into
inline constexpr std::string_view kDead = "dead_letters";
inline constexpr std::string_view kGoneSink = "gone_sink";
inline constexpr std::string_view kSlowSink = "slow_sink";
inline constexpr std::string_view kQuarantine = "quarantine";
inline constexpr std::string_view kSpace = "space";
inline constexpr std::string_view kSegments = "segments";  // not all of one is there
}  // namespace concern

struct Concern {
  std::string_view code;  // what it is about, one of concern::
  std::string sentence;
  bool critical = false;  // events are refused, lost, or go nowhere; else it can wait for morning
};

// What needs an operator.
std::vector<Concern> concerns_of(const SpoolView& view, DispatcherStart start,
                                 std::int64_t max_wait_us = kUsualMaxWaitUs);

// minFree= of the servers with this spool, the strictest, as far as one can be asked.
std::optional<std::uint64_t> told_min_free(const SpoolHealth& health);

}  // namespace plivo_dial::ctl
