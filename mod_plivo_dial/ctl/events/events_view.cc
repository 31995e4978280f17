// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/events/events_view.h"

#include <algorithm>
#include <optional>

#include "lib/spool/segment_maker.h"
#include "lib/spool/spool_layout.h"
#include "mod_plivo_dial/ctl/events/events_spool.h"
#include "mod_plivo_dial/ctl/events_text.h"

namespace plivo_dial::ctl {
namespace {

// Also gives what the store knows of segments.
Result<StoreStatus> look_into_store(const std::string& spool, std::vector<SegmentStatus>* known) {
  auto store = open_events_store(spool, Database::Access::kRead);
  if (!store) return store.error();
  Result<StoreStatus> status = (*store)->status();
  if (!status) return store_error(**store, status.error());
  Result<std::vector<SegmentStatus>> segments = (*store)->segments();
  if (!segments) return store_error(**store, segments.error());
  *known = std::move(*segments);
  return status;
}

}  // namespace

Result<SpoolView> look_into_spool(const std::string& directory) {
  SpoolView view;
  Result<std::string> spool = enter_spool(directory);
  if (!spool) return spool.error();
  view.spool = *spool;
  view.now = now_us();
  Result<std::optional<SpoolLock::Holder>> dispatcher = SpoolLock::holder(view.spool);
  if (!dispatcher) return dispatcher.error();
  view.dispatcher = *dispatcher;
  view.health = examine_health(view.spool);
  std::vector<SegmentStatus> known;
  if (has_store(view.spool)) {
    Result<StoreStatus> status = look_into_store(view.spool, &known);
    if (!status && view.health.cannot_write.empty()) return status.error();
    if (!status) view.store_error = status.error().message;
    if (status) view.store = std::move(*status);
  }
  Result<SegmentCensus> census = count_segments(view.spool, known, CensusDepth::kNew);
  if (!census) return census.error();
  view.segments = std::move(*census);
  const Result<SpoolSpace> space = measure_spool(view.spool);
  if (!space) return space.error();
  view.space = *space;
  return view;
}

namespace {

void add_sink_concerns(const SinkStatus& sink, std::int64_t now, std::int64_t max_wait_us,
                       std::vector<Concern>* all) {
  const std::string of_sink = " --sink " + sink.name;
  if (sink.dead > 0) {
    all->push_back({concern::kDead, counted(sink.dead, "dead letter") + " at sink " + sink.name +
                                        ": see plivo-dialctl events dead list" + of_sink});
  }
  if (!sink.configured && sink.waiting > 0) {
    all->push_back({concern::kGoneSink,
                    counted(sink.waiting, "event") + " for sink " + sink.name +
                        ", which no PlivoEventSink names any more: they become dead letters"});
  }
  const bool old = sink.oldest_waiting_us && now - *sink.oldest_waiting_us > max_wait_us;
  if (sink.configured && old) {
    all->push_back(
        {concern::kSlowSink, "sink " + sink.name + " has not taken its oldest event for " +
                                 span_text(now - *sink.oldest_waiting_us) + " (more than " +
                                 span_text(max_wait_us) +
                                 "): see plivo-dialctl events list --state waiting" + of_sink});
  }
}

void add_space_concerns(const SpoolView& view, std::vector<Concern>* all) {
  if (view.space.quarantined > 0) {
    all->push_back({concern::kQuarantine,
                    counted(view.space.quarantined, "file") + " in " +
                        path_in_spool(view.spool, kQuarantineDirectory) +
                        ": bytes of segments that hold no whole event; httpd's error log " +
                        "tells of each, remove them when you have seen them"});
  }
  const std::optional<std::uint64_t> told = told_min_free(view.health);
  const std::uint64_t bound = told.value_or(kDefaultMinFree);
  if (view.space.free < bound) {
    all->push_back({concern::kSpace,
                    "only " + size_text(view.space.free) + " are free on the spool's disk: below " +
                        "minFree= of PlivoSpool (" +
                        (told ? size_text(bound) : "64M unless given") +
                        ") webhooks get 503 instead of 200",
                    true});
  }
}

// Those of the health alone are critical, unless it could not be told.
void add_health_concerns(const SpoolHealth& health, std::vector<Concern>* all) {
  for (std::string& sentence : concerns_of(health)) {
    const bool unknown = std::ranges::find(health.unreadable, sentence) != health.unreadable.end();
    all->push_back({concern::kHttpd, std::move(sentence), !unknown});
  }
}

}  // namespace

std::optional<std::uint64_t> told_min_free(const SpoolHealth& health) {
  std::optional<std::uint64_t> bound;
  for (const StatusReport& report : health.httpd) {
    if (report.min_free) bound = std::max(bound.value_or(0), *report.min_free);
  }
  return bound;
}

std::vector<Concern> concerns_of(const SpoolView& view, DispatcherStart start,
                                 std::int64_t max_wait_us) {
  std::vector<Concern> all;
  add_health_concerns(view.health, &all);
  if (!view.store_error.empty()) all.push_back({concern::kStore, view.store_error, true});
  std::uint64_t waiting = view.segments.new_events;
  const std::vector<SinkStatus> sinks = view.store ? view.store->sinks : std::vector<SinkStatus>();
  for (const SinkStatus& sink : sinks) waiting += sink.waiting;
  if (!view.dispatcher) {
    const std::string what = waiting > 0 ? "what waits is safe, and goes nowhere until it runs"
                                         : "what is accepted now will wait";
    all.push_back({concern::kDispatcher,
                   "plivo-diald is not running: " + what + "; " + remedy_for_dispatcher(start),
                   true});
  }
  for (const SinkStatus& sink : sinks) add_sink_concerns(sink, view.now, max_wait_us, &all);
  add_space_concerns(view, &all);
  for (const std::string& harmed : view.segments.differences)
    all.push_back({concern::kSegments, harmed, true});
  return all;
}

}  // namespace plivo_dial::ctl
