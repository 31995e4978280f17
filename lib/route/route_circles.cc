// SPDX-License-Identifier: Apache-2.0
#include "lib/route/route_circles.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "lib/base/without_plus.h"

namespace plivo_dial {
namespace {

// A walk through the map, depth first and without recursion: a chain may have 100,000 links.
class CircleSearch {
 public:
  explicit CircleSearch(const RouteMap& map) : map_(map), marks_(map.lines.size()) {
    places_.reserve(map.lines.size());
    for (std::size_t i = 0; i < map.lines.size(); ++i) {
      const RouteKey& key = map.lines[i].key;
      const bool one = key.kind == RouteKey::Kind::kCalled && !key.number.is_prefix;
      if (one) places_.emplace(key.number.digits, i);
    }
  }

  std::vector<RouteCircle> find_all() {
    for (std::size_t i = 0; i < map_.lines.size() && found_.size() < kMostCircles; ++i) {
      if (marks_[i] == Mark::kNew && is_called(i)) walk_from(i);
    }
    return std::move(found_);
  }

 private:
  enum class Mark : unsigned char { kNew, kOnTheWay, kDone };

  struct Step {
    std::size_t line;
    std::size_t target = 0;  // the next to look at
  };

  bool is_called(std::size_t line) const {
    const RouteKey& key = map_.lines[line].key;
    return key.kind == RouteKey::Kind::kCalled && !key.number.is_prefix;
  }

  void walk_from(std::size_t start) {
    enter(start);
    while (!way_.empty()) {
      Step& step = way_.back();
      const std::vector<Target>& targets = map_.lines[step.line].route.targets;
      if (step.target == targets.size()) {
        marks_[step.line] = Mark::kDone;
        way_.pop_back();
        continue;
      }
      const std::string_view address = targets[step.target++].address;
      const auto place = places_.find(without_plus(address));
      if (place == places_.end()) continue;
      const Mark mark = marks_[place->second];
      if (mark == Mark::kNew) enter(place->second);
      if (mark == Mark::kOnTheWay) keep_circle(place->second);
    }
  }

  void enter(std::size_t line) {
    marks_[line] = Mark::kOnTheWay;
    way_.push_back({line});
  }

  void keep_circle(std::size_t first) {
    if (found_.size() == kMostCircles) return;
    auto step = std::ranges::find(way_, first, &Step::line);
    RouteCircle circle;
    for (; step != way_.end(); ++step) circle.push_back(step->line);
    found_.push_back(std::move(circle));
  }

  const RouteMap& map_;
  std::vector<Mark> marks_;
  std::unordered_map<std::string_view, std::size_t> places_;
  std::vector<Step> way_;
  std::vector<RouteCircle> found_;
};

}  // namespace

std::vector<RouteCircle> circles(const RouteMap& map) {
  return CircleSearch(map).find_all();
}

Fault fault_of(const RouteMap& map, const RouteCircle& circle) {
  constexpr std::size_t kMostNamed = 5;
  const auto number = [&](std::size_t i) { return to_string(map.lines[circle[i]].key); };
  std::string way = number(0) + " calls ";
  for (std::size_t i = 1; i < std::min(circle.size(), kMostNamed); ++i) {
    way +=
        number(i) + " (line " + std::to_string(map.lines[circle[i]].route.line) + "), which calls ";
  }
  if (circle.size() > kMostNamed) {
    way += std::to_string(circle.size() - kMostNamed) + " others one after the other, which call ";
  }
  return {map.lines[circle.front()].route.line,
          way + number(0) +
              " again: a call would go round in a circle; take one of these targets " + "out"};
}

void add_circles(ReadRouteMap& read) {
  for (const RouteCircle& circle : circles(read.map)) {
    Fault fault = fault_of(read.map, circle);
    read.faults.add(fault.line, std::move(fault.message));
  }
}

}  // namespace plivo_dial
