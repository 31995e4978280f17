// SPDX-License-Identifier: Apache-2.0
#include "lib/tables/tables_view.h"

#include <utility>

#include "lib/tables/tables_image.h"

namespace plivo_dial {
namespace {

template <class Value>
const Value* value_of(const std::map<std::string, Value, std::less<>>& all, std::string_view name) {
  const auto place = all.find(name);
  return place == all.end() ? nullptr : &place->second;
}

}  // namespace

Result<TablesView> TablesView::open(const std::string& path, const TablesConfig& config) {
  Result<Image> image = Image::open(path);
  if (!image) return image.error();
  return over(std::move(image).value(), config);
}

TablesView TablesView::over(Image image, const TablesConfig& config) {
  TablesView view(std::move(image));
  for (const RouteMapFile& file : config.maps) {
    const auto map = MapInImage::in(view.image_, name_in_image(file.path));
    if (map) view.maps_.emplace(file.path, *map);
  }
  for (const NumberListFile& file : config.lists) {
    const auto list = ListInImage::in(view.image_, name_in_image(file.path));
    if (list) view.lists_.emplace(file.path, *list);
  }
  for (const ScheduleLine& line : config.schedules) {
    const std::string& name = line.arguments.front();
    const auto bytes = view.image_.find(kSchedulesTable, name);
    if (!bytes) continue;
    const Result<OpeningsView> openings = OpeningsView::open(*bytes);
    if (openings && openings->check()) view.schedules_.emplace(name, *openings);
  }
  return view;
}

const MapInImage* TablesView::map(std::string_view path) const {
  return value_of(maps_, path);
}

const ListInImage* TablesView::list(std::string_view path) const {
  return value_of(lists_, path);
}

const OpeningsView* TablesView::schedule(std::string_view name) const {
  return value_of(schedules_, name);
}

}  // namespace plivo_dial
