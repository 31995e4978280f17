// SPDX-License-Identifier: Apache-2.0
//
// Input: the text of a map or list; it is read as both.
#include <string>
#include <vector>

#include "lib/base/utf8.h"
#include "lib/image/image.h"
#include "lib/image/image_writer.h"
#include "lib/route/number_list.h"
#include "lib/route/route_circles.h"
#include "lib/route/route_image.h"
#include "lib/route/route_map.h"
#include "tests/fuzz/fuzz_target.h"

using plivo_dial::Faults;
using plivo_dial::Image;
using plivo_dial::ImageWriter;
using plivo_dial::NumberList;
using plivo_dial::RouteKey;
using plivo_dial::RouteLine;
using plivo_dial::RouteMap;
using plivo_dial::test::require;

namespace {

void check_faults(const Faults& faults, std::size_t lines) {
  require(faults.told().size() <= Faults::kMostTold, "not all of many are told");
  require(faults.told().size() <= faults.count(), "all are counted");
  for (const plivo_dial::Fault& fault : faults.told()) {
    require(fault.line >= 1 && fault.line <= lines, "a fault has a line of the text");
    require(!fault.message.empty(), "a fault has a sentence");
    require(plivo_dial::is_valid_utf8(fault.message), "a sentence can be printed");
    require(fault.message.find('\n') == std::string::npos, "a sentence is one line");
  }
}

// The called numbers, callers or forwarding numbers that the key is for begin with its digits.
plivo_dial::CallNumbers numbers_for(const RouteKey& key) {
  plivo_dial::CallNumbers numbers{"", "sip:nobody@example.com", ""};
  if (key.kind == RouteKey::Kind::kCalled) numbers.called = key.number.digits;
  if (key.kind == RouteKey::Kind::kCaller) numbers.caller = key.number.digits;
  if (key.kind == RouteKey::Kind::kForwarded) numbers.forwarded_from = key.number.digits;
  return numbers;
}

// What has been read is found again, the same. The map is the one thing in an image.
void check_round_trip(const RouteMap& map, const NumberList& list) {
  ImageWriter writer;
  require(plivo_dial::add_route_map(writer, "m", map).ok(), "an image takes any map");
  require(plivo_dial::add_number_list(writer, "m", list).ok(), "an image takes any list");
  const auto bytes = writer.bytes(1);
  require(bytes.ok(), "no key is there twice");
  const auto image = Image::over(*bytes);
  require(image.ok() && image->verify().ok(), "the image is whole");
  const auto found_map = plivo_dial::MapInImage::in(*image, "m");
  const auto found_list = plivo_dial::ListInImage::in(*image, "m");
  require(found_map && found_list, "both are in it");
  require(found_map->size() == map.lines.size(), "all lines are in it");
  for (const RouteLine& line : map.lines) {
    const auto found = found_map->find(numbers_for(line.key));
    require(found.has_value(), "a line is found by its number");
    const bool shorter = found->is_prefix != line.key.number.is_prefix;
    require(shorter || plivo_dial::to_route(found->route) == line.route, "the route is the same");
  }
  for (const NumberList::Entry& entry : list.entries) {
    const auto found = found_list->find(entry.number.digits);
    require(found.has_value(), "an entry is found by its number");
    require(found->digits == entry.number.digits, "it is the nearest one");
  }
}

// A line that is written as its key says and nothing else is read as that key again.
void check_keys(const RouteMap& map) {
  for (const RouteLine& line : map.lines) {
    const auto again = plivo_dial::parse_route_key(to_string(line.key));
    require(again.ok() && *again == line.key, "a key is read as it is written");
  }
}

void check_circles(const RouteMap& map) {
  for (const plivo_dial::RouteCircle& circle : plivo_dial::circles(map)) {
    require(circle.size() >= 2, "a circle has two lines at least");
    for (std::size_t i = 0; i < circle.size(); ++i) {
      const std::string next = to_string(map.lines[circle[(i + 1) % circle.size()]].key);
      bool calls = false;
      for (const auto& target : map.lines[circle[i]].route.targets) {
        calls = calls || target.address == next;
      }
      require(calls, "each line of a circle calls the next one");
    }
    require(!plivo_dial::fault_of(map, circle).message.empty(), "it is told");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = plivo_dial::test::text_of(data, size);
  std::size_t lines = 1;
  for (const char c : text) lines += c == '\n' ? 1 : 0;
  plivo_dial::ConfiguredNames names;
  names.plans = {"sales"};
  names.schedules = {"office", "night"};
  const plivo_dial::ReadRouteMap map = plivo_dial::read_route_map(text, &names);
  const plivo_dial::ReadNumberList list = plivo_dial::read_number_list(text);
  check_faults(map.faults, lines);
  check_faults(list.faults, lines);
  check_keys(map.map);
  check_circles(map.map);
  check_round_trip(map.map, list.list);
  return 0;
}
