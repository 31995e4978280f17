// File: lib/store/event_names.h
//
// The names of events by number, as the log has them: "dial.result" may be 3 in one store and 5 in
// another.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/mutex.h"
#include "lib/store/database.h"

namespace plivo_dial {

// Thread-safe, but for the databases that it is given.
class EventNames {
 public:
  // Forgets what it knows and learns what the store has.
  void load(Database& database);

  // The number of a name, which it gets within the transaction where it has none; if that fails,
  // load() anew. 0 for more names than there are numbers.
  std::uint8_t number_of(Database& database, std::string_view name);

  // "" where there is none.
  std::string name_of(std::uint8_t number) const;

 private:
  mutable Mutex mutex_;
  std::array<std::string, 256> names_ PLIVO_GUARDED_BY(mutex_);
};

}  // namespace plivo_dial
