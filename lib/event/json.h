// File: lib/event/json.h
//
// The event as one JSON object, schema version 1: what the spool keeps, what the exec sink gives a
// program on standard input and what the file sink writes as a line. For lines of syslog, which
// have a limit, see event/json_line.h.
//
// Fields are those of event.h, in its order, after "v": 1.
//   - Always there: v, id, seq, received, event, endpoint, call (null when unknown), account,
//     verified, node, params. The others only when known; a number that came but did not parse is
//     null. received is RFC 3339 in UTC with microseconds: "2026-11-20T09:15:02.184467Z".
//   - late is true where an event of a call comes behind one that should have followed it; else it
//     is not there. In what the spool keeps seq is 0 and late is not known yet.
//   - attempt is above 1 where the sink may have had the event already; else it is not there.
//   - params maps each name to its value as a string, in the order of first appearance; a name that
//     came more than once has an array of its values, in their order.
//   - Bytes that are not UTF-8 show as U+FFFD in params. params_raw, there only when needed, maps
//     the name as params shows it to the bytes in base64; where params has an array, params_raw has
//     one of the same length, with null for the values that params shows as they are. For a pair
//     whose name is not UTF-8 the entry is {"name": base64, "value": base64}.
// Readers must ignore fields that they don't know; a later version only adds fields.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/event/event.h"
#include "lib/json/json_writer.h"

namespace plivo_dial {

// `event` as one line of JSON, without line feed at its end; always valid UTF-8. received_us is
// held to the years 1970 to 9999. Safe from any thread.
std::string to_json(const Event& event, JsonWriter::Charset charset = JsonWriter::Charset::kUtf8);

// The event of a line that to_json made, of this version or a later one: fields that are not known
// are passed over. Pairs come back with their very bytes, those of one name next to each other.
// Fails, naming field and reason, on anything that is no such object: broken JSON, a field that is
// missing or of the wrong type, an id that is not one. `attempt` is not read: it is of the delivery
// and not of the event. Throws nothing but std::bad_alloc. Safe from any thread.
Result<Event> event_from_json(std::string_view json);

// The same of a line as a sink has it, with the `attempt` that is said there.
Result<Event> delivered_event_from_json(std::string_view json);

}  // namespace plivo_dial
