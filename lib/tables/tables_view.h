// File: lib/tables/tables_view.h
//
// The tables of one image, opened once for all requests until the next image comes.
//
//   const Result<TablesView> view = TablesView::open(path, config);
//   view->map("/etc/plivo-dial/numbers.txt")->find(numbers)
//   view->schedule("office")->state_at(seconds)
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/image/image.h"
#include "lib/route/caller_rules.h"
#include "lib/route/route_image.h"
#include "lib/schedule/openings_view.h"
#include "lib/settings/tables_config.h"

namespace plivo_dial {

// Immutable; safe from any thread. What its functions give is valid as long as it lives.
class TablesView final : public NumberLists {
 public:
  // Those tables that `config` names and the image has. Fails as Image::open().
  static Result<TablesView> open(const std::string& path, const TablesConfig& config);

  // The same of an image that is at hand.
  static TablesView over(Image image, const TablesConfig& config);

  // Null for a file or a schedule that the image does not have.
  const MapInImage* map(std::string_view path) const;
  const ListInImage* list(std::string_view path) const override;
  const OpeningsView* schedule(std::string_view name) const;

  const Image& image() const { return image_; }

 private:
  template <class Value>
  using ByName = std::map<std::string, Value, std::less<>>;

  explicit TablesView(Image image) : image_(std::move(image)) {}

  Image image_;
  ByName<MapInImage> maps_;
  ByName<ListInImage> lists_;
  ByName<OpeningsView> schedules_;
};

}  // namespace plivo_dial
