// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/sink_event.h"

#include <utility>

#include "lib/event/delivered_line.h"
#include "lib/event/id.h"
#include "lib/event/json.h"

namespace plivo_dial {
namespace {

// Where to_json puts the id; nothing where another has written the line.
std::optional<std::string> id_at_the_beginning(const std::string& json) {
  constexpr std::string_view kBefore = R"({"v":1,"id":")";
  if (!json.starts_with(kBefore)) return std::nullopt;
  std::string id = json.substr(kBefore.size(), kEventIdLength);
  return is_event_id(id) ? std::optional(std::move(id)) : std::nullopt;
}

}  // namespace

SinkEvent::SinkEvent(std::string json, const DeliveryFacts& facts)
    : state_(new State{{}, std::move(json), facts, {}, {}}) {
  std::optional<std::string> id = id_at_the_beginning(state_->json);
  state_->id = id ? std::move(*id) : fields().id;
}

SinkEvent::SinkEvent(Event event)
    : state_(new State{
          event.id, to_json(event), {event.seq, event.late, event.attempt, false}, {}, {}}) {
  state_->fields = std::make_unique<const Event>(std::move(event));
}

void SinkEvent::keep_id_only() {
  state_ = std::shared_ptr<State>(new State{state_->id, {}, state_->facts, {}, {}});
}

const std::string& SinkEvent::line() const {
  if (state_->line) return *state_->line;
  const auto& [seq, late, attempt, is_spooled] = state_->facts;
  const bool is_usual = is_spooled && !late && attempt == 1;
  state_->line =
      is_usual ? spooled_line(state_->json, seq) : delivered_line(state_->json, seq, late, attempt);
  return *state_->line;
}

const Event& SinkEvent::fields() const {
  if (state_->fields == nullptr) {
    Result<Event> read = event_from_json(state_->json);
    Event event = read ? std::move(*read) : Event();
    event.seq = state_->facts.seq;
    event.late = state_->facts.late;
    event.attempt = state_->facts.attempt;
    state_->fields = std::make_unique<const Event>(std::move(event));
  }
  return *state_->fields;
}

}  // namespace plivo_dial
