// File: lib/route/route_map.h
//
// The text of a route map, written by people and by exports: a line a number.
//
//   # number       targets                        what else
//   +14155550199   +14155550111,+14155550122      callerid=called schedule=office timeout=20
//   +14155550188   sip:desk@phone.plivo.com       voicemail=on
//   +1415777*      -                              plan=sales
//   from:+4930*    +14155550133
//   from:anonymous -                              voicemail=on
//   forwarded:+442079460000   +14155550144
//
// The first word says which calls the line is for: the number that is called, `from:` who calls, or
// `forwarded:` who passed the call on. A number that ends with a star is the beginning of many. Of
// all lines that fit a call one holds: one with from: before one with forwarded: before one with
// the called number, since each of the former would never hold otherwise; among those a whole
// number before the longest beginning.
//
// The second word has the targets, phone numbers and SIP users that ring together, with commas and
// no blanks between them, or - for none. Then in any order, each once at most:
//   callerid=caller|called|NUMBER   as PlivoCallerId
//   schedule=NAME                   the line holds while the schedule is open
//   voicemail=on|off
//   plan=NAME                       a plan of the configuration; targets of the line take the place
//                                   of its own
//   timeout=SECONDS                 how long they ring
// Names are told apart by large and small letters, keys are not. Blanks are spaces and tabs; what
// begins with # is a comment; empty lines, CR LF and a byte order mark are allowed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/route/faults.h"
#include "lib/route/route_line.h"

namespace plivo_dial {

// What a map or a list may have, so that one that is none is not read for ever.
inline constexpr std::size_t kMostMapBytes = std::size_t{256} << 20;

struct RouteLine {
  RouteKey key;
  Route route;

  friend bool operator==(const RouteLine&, const RouteLine&) = default;
};

// No key is there twice.
struct RouteMap {
  std::vector<RouteLine> lines;
};

struct ReadRouteMap {
  RouteMap map;                      // without the lines that have faults
  Faults faults;                     // where there are any, the map is not to be used
  std::vector<std::string> remarks;  // what is unusual and no fault
};

// Reads all of it, whatever is wrong. `names` may be null: then names of schedules and plans are
// taken as they are. Pure; 100,000 lines take about a third of a second.
ReadRouteMap read_route_map(std::string_view text, const ConfiguredNames* names);

}  // namespace plivo_dial
