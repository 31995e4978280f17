// SPDX-License-Identifier: Apache-2.0
#include "lib/books/import_memory.h"

#include "lib/books/import_batch.h"
#include "lib/event/json.h"
#include "lib/store/store_tables.h"
#include "lib/store/stored_event.h"

namespace plivo_dial {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kRememberedCalls = 1024;
constexpr std::size_t kStepsOfCall = 256;  // the last ones, which are read again

}  // namespace

std::optional<SpooledFrame> ImportMemory::read_frame(Database& database, std::uint32_t segment,
                                                     std::uint32_t offset) {
  const std::string name = segment_name_of(database, segment);
  if (name.empty()) return std::nullopt;
  const Result<std::optional<std::string>> payload = files_.payload(name, offset);
  if (!payload || !*payload) return std::nullopt;
  Result<SpooledEvent> spooled = parse_spooled_event(**payload);
  if (!spooled) return std::nullopt;
  Result<Event> event = event_from_json(spooled->json);
  if (!event) return std::nullopt;
  return SpooledFrame{std::move(spooled->keys), std::move(*event)};
}

void ImportMemory::reload(Database& database, steady_clock::time_point now, std::int64_t even_us) {
  keys.load(database);
  names.load(database);
  held.clear();
  lost_held.clear();
  progress_.clear();
  last_seq = static_cast<std::uint64_t>(database.number(kLastNumber));
  struct Place {
    std::uint64_t number;
    std::uint32_t segment, offset;
    std::int64_t accepted_us;
  };
  std::vector<Place> places;
  {
    Query rows = database.query("SELECT number, segment, offset, accepted_us FROM held");
    while (rows.next()) {
      places.push_back({static_cast<std::uint64_t>(rows.number(0)),
                        static_cast<std::uint32_t>(rows.number(1)),
                        static_cast<std::uint32_t>(rows.number(2)), rows.number(3)});
    }
  }
  for (const Place& place : places) {
    std::optional<SpooledFrame> frame = read_frame(database, place.segment, place.offset);
    held.note_number(place.number);
    if (!frame || !frame->event.call) {
      lost_held.push_back(place.number);
      continue;
    }
    const Event& event = frame->event;
    held.hold({place.number,
               true,
               place.segment,
               place.offset,
               lane_of_call(*event.call),
               {event.id, event.event, event.call, step_of(event)},
               std::move(frame->keys),
               place.accepted_us,
               even_us,
               now + kOrderHold});
  }
}

CallProgress& ImportMemory::progress_of(Database& database, const std::string& call,
                                        const FindEntry& entry_of) {
  const auto known = progress_.find(call);
  if (known != progress_.end()) return known->second;
  if (progress_.size() >= kRememberedCalls) progress_.clear();
  CallProgress& progress = progress_[call];
  const auto lane = static_cast<std::uint64_t>(lane_of_call(call));
  const std::vector<std::uint64_t> numbers = keys.find(database, KeyKind::kCall, lane);
  for (std::size_t i = numbers.size() - std::min(numbers.size(), kStepsOfCall); i < numbers.size();
       ++i) {
    const std::optional<LogEntry> entry = entry_of(numbers[i]);
    if (!entry) continue;
    const auto frame = read_frame(database, entry->segment, entry->offset);
    if (frame && frame->event.call == call) progress.add(step_of(frame->event));
  }
  return progress;
}

}  // namespace plivo_dial
