// File: tests/unit/route/route_samples.h
//
// Maps and lists for the tests of their room.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/route/number_list.h"
#include "lib/route/route_map.h"

namespace plivo_dial::test {

inline ConfiguredNames configured_names() {
  return {{"office", "holidays"}, {"sales", "support"}};
}

inline ReadRouteMap read_map(std::string_view text) {
  const ConfiguredNames names = configured_names();
  return read_route_map(text, &names);
}

// The faults as people see them, a line each.
inline std::string sentences_of(const Faults& faults) {
  std::string all;
  for (const std::string& sentence : faults.sentences("map")) all += sentence + "\n";
  return all;
}

// `+14155000000 +14165000000,+14175000000 callerid=called timeout=20` and on.
inline std::string map_of(std::size_t lines) {
  std::string text;
  for (std::size_t i = 0; i < lines; ++i) {
    const std::string number = std::to_string(5'000'000 + i);
    text += "+1415" + number + " +1416" + number + ",+1417" + number +
            " callerid=called schedule=office timeout=20\n";
  }
  return text;
}

}  // namespace plivo_dial::test
