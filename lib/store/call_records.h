// File: lib/store/call_records.h
//
// The table `record`: what is known of each call that is closed, until its time is over.
//
//   CallRecords records(database);
//   records.put({"9f1c0b7e-2d43-4c59-8a77-3f0e6a2b9d10", clock.even_us(), json});
//   const std::optional<CallRecord> found = records.find("9f1c0b7e-2d43-4c59-8a77-3f0e6a2b9d10");
//   const bool more = records.forget_some(clock.even_us() - keep_us, 200);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/store/database.h"

namespace plivo_dial {

struct CallRecord {
  std::string call;            // Plivo's CallUUID, or whatever names the call; not ""
  std::int64_t closed_us = 0;  // by the even clock (store_clock.h)
  std::string body;            // UTF-8, kept as it is

  friend bool operator==(const CallRecord&, const CallRecord&) = default;
};

// A look at the table of `database`, which must outlive it. All within a transaction. After a
// failure of the database nothing is found, and nothing is left to be done.
class CallRecords {
 public:
  explicit CallRecords(Database& database) : database_(database) {}

  // In place of the record that the call has, if it has one: its time begins anew.
  void put(const CallRecord& record);

  std::optional<CallRecord> find(std::string_view call);

  // Whether any was closed before that time.
  bool any_before(std::int64_t before_us);

  // Those that were closed before that time, the oldest first, at most `limit`. Whether there may
  // be more.
  bool forget_some(std::int64_t before_us, std::size_t limit);

 private:
  Database& database_;
};

}  // namespace plivo_dial
