// File: lib/route/route_image.h
//
// Maps and lists in an image: put there by who has read them, asked by requests.
//
//   ImageWriter writer;
//   add_route_map(writer, "numbers", map);
//   ...
//   const std::optional<MapInImage> map = MapInImage::in(image, "numbers");      // once an image
//   const std::optional<FoundRoute> found = map->find({to, from, forwarded_from});
//   if (found) dial(found->route.targets);
//
// A request allocates nothing. What comes back are views into the image and the call's numbers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/base/result.h"
#include "lib/image/image.h"
#include "lib/image/image_writer.h"
#include "lib/route/number_list.h"
#include "lib/route/route_code.h"
#include "lib/route/route_map.h"

namespace plivo_dial {

// Names of maps and lists within an image; one of each may have the same. A file's path may be
// longer: name its map by a number for it (lib/base/fnv1a.h).
inline constexpr std::size_t kMostMapName = 36;

// Each fails only where the name is empty or too long, or the image is full; a name that is there
// already makes ImageWriter::bytes() fail.
Result<void> add_route_map(ImageWriter& writer, std::string_view name, const RouteMap& map);
Result<void> add_number_list(ImageWriter& writer, std::string_view name, const NumberList& list);

// A call's numbers as the request has them, see lib/route/caller.h; "" for what it has not.
struct CallNumbers {
  std::string_view called;          // To
  std::string_view caller;          // From
  std::string_view forwarded_from;  // ForwardedFrom
};

struct FoundRoute {
  RouteKey::Kind kind;      // which of the numbers decided
  std::string_view digits;  // those of it that are in the map; kAnonymous for callers without
  bool is_prefix;
  RouteView route;
};

// Valid as long as the image.
class MapInImage {
 public:
  // Nothing where the image has no such map.
  static std::optional<MapInImage> in(const Image& image, std::string_view name);

  // The one line that holds for a call, in the order that lib/route/route_map.h gives. Nothing,
  // too, where its bytes are damaged.
  std::optional<FoundRoute> find(const CallNumbers& numbers) const;

  // Of those for one of the call's numbers alone, for who does not know the others.
  std::optional<FoundRoute> find_by(RouteKey::Kind kind, std::string_view reported) const;

  std::size_t size() const;  // its lines

 private:
  struct Tables {
    ImageTable whole;
    ImageTable prefixes;
  };

  std::array<Tables, 3> by_kind_;
};

struct FoundEntry {
  std::string_view digits;  // kAnonymous for callers without a number
  bool is_prefix;
  std::uint32_t line;  // of the list's file
};

// The same for a list.
class ListInImage {
 public:
  static std::optional<ListInImage> in(const Image& image, std::string_view name);

  // The entry for a caller: a whole number before the longest beginning. A SIP user that is no
  // number has none.
  std::optional<FoundEntry> find(std::string_view caller) const;

  std::size_t size() const { return whole_.size() + prefixes_.size(); }

 private:
  ImageTable whole_;
  ImageTable prefixes_;
};

}  // namespace plivo_dial
