// File: mod_plivo_dial/ctl/tables/loaded_map.h
//
// A route map read from its file, to be asked as requests ask the one in the spool.
//
//   const Result<LoadedMap> map = LoadedMap::of_file("/etc/plivo-dial/numbers.txt");
//   const std::optional<FoundRoute> found = map->find("+14155550199");
//   if (found) print(map->line(found->route.line));
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/route/route_image.h"
#include "lib/route/route_map.h"

namespace plivo_dial::ctl {

// The lines of a map by what they are for.
struct MapLines {
  std::size_t numbers = 0;   // one number each that is called
  std::size_t prefixes = 0;  // beginnings of such
  std::size_t from = 0;
  std::size_t forwarded = 0;
};

MapLines lines_of(const RouteMap& map);

// Immutable. What its functions give is valid as long as it lives.
class LoadedMap {
 public:
  // Names of schedules and plans are taken as they are. Fails where the file can't be read, and by
  // the first fault of the map, with `name` and its line, and the number of the others.
  static Result<LoadedMap> of_file(const std::string& path);
  static Result<LoadedMap> of_text(std::string text, const std::string& name);

  // The line that holds for a call. Without a caller those with from: are left out, with
  // forwarded_from "" those with forwarded:.
  std::optional<FoundRoute> find(std::string_view called,
                                 std::optional<std::string_view> caller = std::nullopt,
                                 std::string_view forwarded_from = "") const;

  // The text of a line, from 1.
  std::string_view line(std::uint32_t number) const;

  const MapLines& lines() const { return lines_; }

 private:
  LoadedMap() = default;

  std::string text_;
  MapLines lines_;
  std::unique_ptr<const std::string> bytes_;  // of the image
  std::optional<Image> image_;
  std::optional<MapInImage> map_;
};

}  // namespace plivo_dial::ctl
