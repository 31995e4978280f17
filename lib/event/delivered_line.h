// File: lib/event/delivered_line.h
//
// The line of an event that a sink gets, from the one that was kept: what was not known when it was
// accepted is put in between, and nothing is read or printed again. Use it instead of to_json where
// the event's JSON is at hand.
//
//   delivered_line(R"({"v":1,"id":"01...","seq":0,...,"node":"a","params":{}})", 17, true, 2)
//                ->
//                R"({"v":1,"id":"01...","seq":17,...,"node":"a","late":true,"attempt":2,"params":{}})"
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plivo_dial {

// Appends to `out` what to_json gives of the event of `json` with these `seq`, `late` and
// `attempt`, whatever `json` said of them; fast for what to_json wrote. False, and nothing is
// appended, where event_from_json takes `json` for no event. Safe from any thread.
[[nodiscard]] bool append_delivered_line(std::string_view json, std::uint64_t seq, bool late,
                                         unsigned attempt, std::string& out);

// The same as a line of its own; "" where `json` is no event.
std::string delivered_line(std::string_view json, std::uint64_t seq, bool late, unsigned attempt);

// The line of an event out of the spool, which to_json wrote with seq 0 and nothing was put into
// since, where it is neither late nor tried before; the same as delivered_line(json, seq, false,
// 1), and cheaper, since all but its beginning is taken as it is. Safe from any thread.
std::string spooled_line(std::string_view json, std::uint64_t seq);

}  // namespace plivo_dial
