// File: tests/guard/rooms.h
//
// The rooms of the house: each folder of product code, whose headers it may include, and whether
// its code runs inside httpd's process. lib/README.md shows the same to people.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace plivo_dial::test {

struct Room {
  std::string_view folder;  // "lib/plan"
  // Beside its own, in lib/ without "lib/": "base webhook document". In the module each room may
  // include all of lib/ that may run inside httpd, plivo-diald and plivo-dialctl all of lib/; what
  // stands here is the other rooms of the program, without its folder. What both programs share
  // may include those of lib/ that stand here.
  std::string_view may_include;
  bool runs_in_httpd;
};

std::span<const Room> all_rooms();

// The room of the file at `path`; null for none.
const Room* room_of(std::string_view path);

// What is wrong with a file of `room` that includes `file`, which is no system header; "" when
// nothing is.
std::string_view judge_direction(const Room& room, std::string_view file);

}  // namespace plivo_dial::test
