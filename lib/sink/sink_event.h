// File: lib/sink/sink_event.h
//
// An event as a sink is given it: as a line of JSON or as its fields, each of which is made when it
// is first asked for.
//
//   const SinkEvent event(stored_json, {17, false, 2});
//   append(event.line());                       // ..."seq":17,..."attempt":2,...
//   log(event.id(), event.fields().dial_status);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "lib/event/event.h"

namespace plivo_dial {

// What was not known when it was spooled.
struct DeliveryFacts {
  std::uint64_t seq = 0;
  bool late = false;
  unsigned attempt = 1;
  bool is_spooled = false;  // the JSON is of the spool, and nobody else has written it
};

// Copies are the same event. Used by one thread at a time, but for id() and attempt().
class SinkEvent {
 public:
  SinkEvent() : state_(new State()) {}  // none

  // Of JSON as the spool has it.
  SinkEvent(std::string json, const DeliveryFacts& facts);

  SinkEvent(Event event);  // NOLINT: whoever has all of it may hand it over as it is

  // Gives back the memory of all but id() and attempt(); of this copy alone.
  void keep_id_only();

  const std::string& id() const { return state_->id; }
  unsigned attempt() const { return state_->facts.attempt; }

  // event/json.h's, with what is known now.
  const std::string& line() const;
  const Event& fields() const;

 private:
  struct State {
    std::string id;
    std::string json;
    DeliveryFacts facts;
    std::optional<std::string> line;
    std::unique_ptr<const Event> fields;
  };

  std::shared_ptr<State> state_;
};

}  // namespace plivo_dial
