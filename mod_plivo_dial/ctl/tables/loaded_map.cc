// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/tables/loaded_map.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "lib/base/system_file.h"
#include "lib/image/image_writer.h"
#include "lib/route/route_circles.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kNameInImage = "map";

Error first_fault(const Faults& faults, const std::string& name) {
  Error error{faults.sentences(name).front()};
  const std::size_t others = faults.count() - 1;
  if (others > 0) error.message += "; " + std::to_string(others) + " more";
  return error;
}

Result<std::string> image_of(const RouteMap& map) {
  ImageWriter writer;
  if (Result<void> added = add_route_map(writer, kNameInImage, map); !added) return added.error();
  return writer.bytes(0);
}

}  // namespace

MapLines lines_of(const RouteMap& map) {
  MapLines lines;
  for (const RouteLine& line : map.lines) {
    switch (line.key.kind) {
      case RouteKey::Kind::kCalled:
        ++(line.key.number.is_prefix ? lines.prefixes : lines.numbers);
        break;
      case RouteKey::Kind::kCaller:
        ++lines.from;
        break;
      case RouteKey::Kind::kForwarded:
        ++lines.forwarded;
    }
  }
  return lines;
}

Result<LoadedMap> LoadedMap::of_file(const std::string& path) {
  Result<std::string> text = read_regular_file(path, kMostMapBytes);
  if (!text) return text.error();
  return of_text(std::move(text).value(), path);
}

Result<LoadedMap> LoadedMap::of_text(std::string text, const std::string& name) {
  LoadedMap loaded;
  loaded.text_ = std::move(text);
  ReadRouteMap read = read_route_map(loaded.text_, nullptr);
  add_circles(read);
  if (!read.faults.empty()) return first_fault(read.faults, name);
  loaded.lines_ = lines_of(read.map);
  Result<std::string> bytes = image_of(read.map);
  if (!bytes) return Error{name + ": " + bytes.error().message};
  loaded.bytes_ = std::make_unique<const std::string>(std::move(bytes).value());
  Result<Image> image = Image::over(*loaded.bytes_);
  if (!image) return Error{name + ": " + image.error().message};
  loaded.image_ = std::move(image).value();
  loaded.map_ = MapInImage::in(*loaded.image_, kNameInImage);
  return loaded;
}

std::optional<FoundRoute> LoadedMap::find(std::string_view called,
                                          std::optional<std::string_view> caller,
                                          std::string_view forwarded_from) const {
  if (caller) return map_->find({called, *caller, forwarded_from});
  if (!forwarded_from.empty()) {
    auto found = map_->find_by(RouteKey::Kind::kForwarded, forwarded_from);
    if (found) return found;
  }
  return map_->find_by(RouteKey::Kind::kCalled, called);
}

std::string_view LoadedMap::line(std::uint32_t number) const {
  std::string_view rest = text_;
  for (std::uint32_t i = 1; i < number; ++i) {
    rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
  }
  std::string_view line = rest.substr(0, rest.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace plivo_dial::ctl
