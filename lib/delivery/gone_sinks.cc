// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/gone_sinks.h"

#include <utility>
#include <vector>

#include "lib/base/wall_clock.h"
#include "lib/event/json.h"
#include "lib/spool/spool_layout.h"
#include "lib/store/dead_letter.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kLettersAtATime = 50;
constexpr const char* kReason = "sink no longer configured";

}  // namespace

bool GoneSinks::bury_some(EventStore& store) {
  Result<std::vector<DeliveryBook::GoneSink>> gone = store.delivery().gone_sinks();
  if (!gone) return false;
  const std::size_t ending = std::erase_if(
      *gone, [this](const DeliveryBook::GoneSink& one) { return is_ending_(one.name); });
  if (gone->empty() && ending > 0) return false;
  for (const DeliveryBook::GoneSink& sink : *gone) {
    if (!told_.insert(sink.name).second) continue;
    log_.write(LogLevel::kWarning, log_id::kSinkGone,
               "sink " + sink.name + " is no longer configured: " + std::to_string(sink.waiting) +
                   " events that wait for it become dead letters in '" +
                   path_in_spool(spool_, kDeadDirectory) + "'");
  }
  if (gone->empty()) {
    told_.clear();
    may_be_some_ = false;
    return false;
  }
  return bury_some_of(store, gone->front());
}

bool GoneSinks::bury_some_of(EventStore& store, const DeliveryBook::GoneSink& sink) {
  const Result<std::vector<WaitingEvent>> waiting =
      store.delivery().waiting(sink.id, 0, kLettersAtATime);
  if (!waiting) return false;
  std::vector<DeadLetter> letters;
  std::vector<DeliveryChange> changes;
  for (const WaitingEvent& one : *waiting) {
    const Result<std::optional<StoredEvent>> stored = store.delivery().event(one.seq);
    if (!stored) return false;
    DeliveryChange change;
    change.seq = one.seq;
    change.state = DeliveryState::kDead;
    change.attempts = one.attempts;
    change.failures = one.failures;
    change.error = kReason;
    changes.push_back(change);
    const Result<Event> event = *stored ? event_of(**stored) : Error{"it is gone"};
    if (!event) continue;
    letters.push_back(
        {event->id, sink.name, kReason, one.attempts, wall_clock_us(), to_json(*event)});
  }
  Result<void> done = write_dead_letters(spool_, letters);
  if (done) done = store.delivery().record(sink.id, std::move(changes));
  if (!done) log_.write(LogLevel::kError, log_id::kNotRecorded, done.error().message);
  return done.ok() && !waiting->empty();
}

}  // namespace plivo_dial
