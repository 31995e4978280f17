// SPDX-License-Identifier: Apache-2.0
#include "lib/compile/mixed_circles.h"

#include <algorithm>
#include <unordered_set>

#include "lib/route/route_circles.h"

namespace plivo_dial {
namespace {

// Where a line comes from: the index of its map, or one of these.
using Origin = std::size_t;
constexpr Origin kOfSection = static_cast<Origin>(-1);
constexpr Origin kOfPlan = static_cast<Origin>(-2);  // a map's line for a plan

// All lines for one called number each as one map, with where each comes from.
class AllNumbers {
 public:
  explicit AllNumbers(const std::vector<SectionDials>& dials) : dials_(dials) {}

  void add_sections() {
    for (const SectionDials& section : dials_) {
      if (!section.name.starts_with('+')) continue;
      add(section.name.substr(1), targets_of(section), kOfSection, section.position);
    }
  }

  void add_map(Origin index, const NamedMap& named) {
    for (const RouteLine& line : named.map->lines) {
      if (line.key.kind != RouteKey::Kind::kCalled || line.key.number.is_prefix) continue;
      const bool by_plan = line.route.targets.empty() && !line.route.plan.empty();
      const std::string place = *named.path + ":" + std::to_string(line.route.line);
      add(line.key.number.digits, by_plan ? targets_of_plan(line.route.plan) : line.route.targets,
          by_plan ? kOfPlan : index, place);
    }
  }

  std::vector<std::string> circles_over_several() const {
    std::vector<std::string> sentences;
    for (const RouteCircle& circle : circles(all_)) {
      // Those of one map alone, and of sections alone, are told by who reads these.
      const Origin origin = origins_[circle.front()];
      const auto is_other = [&](std::size_t line) { return origins_[line] != origin; };
      const bool is_mixed = origin == kOfPlan || std::ranges::any_of(circle, is_other);
      if (is_mixed) sentences.push_back(sentence_of(circle));
    }
    return sentences;
  }

 private:
  // A number with a section is not looked up in maps.
  void add(const std::string& digits, std::vector<Target> targets, Origin origin,
           std::string place) {
    if (!known_.insert(digits).second) return;
    RouteLine& line = all_.lines.emplace_back();
    line.key.number.digits = digits;
    line.route.targets = std::move(targets);
    origins_.push_back(origin);
    places_.push_back(std::move(place));
  }

  static std::vector<Target> targets_of(const SectionDials& section) {
    std::vector<Target> targets;
    for (const std::string& address : section.targets) {
      targets.push_back({Target::Kind::kNumber, address, {}});
    }
    return targets;
  }

  std::vector<Target> targets_of_plan(const std::string& name) const {
    const auto plan = std::ranges::find(dials_, name, &SectionDials::name);
    return plan == dials_.end() ? std::vector<Target>() : targets_of(*plan);
  }

  std::string sentence_of(const RouteCircle& circle) const {
    std::string way;
    for (const std::size_t line : circle) {
      way += to_string(all_.lines[line].key) + " (" + places_[line] + ") > ";
    }
    return "numbers call each other in a circle, " + way + to_string(all_.lines[circle[0]].key) +
           ", until Plivo ends the call (hangup code 2060); name whom they should ring";
  }

  const std::vector<SectionDials>& dials_;
  RouteMap all_;
  std::vector<Origin> origins_;
  std::vector<std::string> places_;
  std::unordered_set<std::string> known_;
};

}  // namespace

std::vector<std::string> mixed_circles(const std::vector<NamedMap>& maps,
                                       const std::vector<SectionDials>& dials) {
  AllNumbers all(dials);
  all.add_sections();
  for (std::size_t i = 0; i < maps.size(); ++i) all.add_map(i, maps[i]);
  return all.circles_over_several();
}

}  // namespace plivo_dial
