// File: lib/books/first_waiting.h
//
// Where in each segment the first event stands that waits for a sink.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "lib/store/database.h"
#include "lib/store/event_names.h"
#include "lib/store/sink_book.h"

namespace plivo_dial {

struct FirstWaiting {
  std::map<std::int64_t, std::size_t>
      offsets;                     // by the segment's number; none: nothing waits there
  std::uint64_t looked_up_to = 0;  // of events behind this number nothing is known
};

// Of the sink's events, out of order or not, those that wait first, at most `limit` of each kind.
// Within a transaction.
FirstWaiting first_waiting(Database& database, const SinkState& sink, const EventNames& names,
                           std::size_t limit);

}  // namespace plivo_dial
