// SPDX-License-Identifier: Apache-2.0
#include "lib/store/event_names.h"

namespace plivo_dial {

void EventNames::load(Database& database) {
  const MutexLock guard(mutex_);
  names_.fill({});
  Query rows = database.query("SELECT number, name FROM event_name");
  while (rows.next()) {
    const auto number = static_cast<std::size_t>(rows.number(0));
    if (number < names_.size()) names_[number] = rows.text(1);
  }
}

std::uint8_t EventNames::number_of(Database& database, std::string_view name) {
  const MutexLock guard(mutex_);
  for (std::size_t number = 1; number < names_.size(); ++number) {
    if (names_[number] == name) return static_cast<std::uint8_t>(number);
    if (!names_[number].empty()) continue;
    names_[number] = name;
    database
        .query("INSERT INTO event_name(number, name) VALUES(?, ?)",
               static_cast<std::int64_t>(number), name)
        .run();
    return static_cast<std::uint8_t>(number);
  }
  return 0;
}

std::string EventNames::name_of(std::uint8_t number) const {
  const MutexLock guard(mutex_);
  return names_[number];
}

}  // namespace plivo_dial
