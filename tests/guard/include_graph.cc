// SPDX-License-Identifier: Apache-2.0
#include "tests/guard/include_graph.h"

#include <algorithm>
#include <regex>
#include <sstream>

namespace plivo_dial::test {
namespace {

// It is thought anew in a later step; until then its parts may know each other.
constexpr std::string_view kUndone = "lib/store/";

// Sinks are made by one factory, and share its header.
constexpr std::string_view kSinks = "_sink";

// C programs include one header, whatever it is about.
constexpr std::string_view kCFace = "_api";

std::string unit_of(std::string_view path) {
  return std::string(path.substr(0, path.rfind('.')));
}

bool needs_header(std::string_view unit) {
  return !unit.starts_with(kUndone) && !(unit.starts_with("lib/sink/") && unit.ends_with(kSinks)) &&
         !(unit.starts_with("lib/api/") && unit.ends_with(kCFace));
}

// Tarjan's search for strongly connected parts.
class Search {
 public:
  explicit Search(const std::map<std::string, std::set<std::string>>& edges) : edges_(edges) {}

  std::vector<std::vector<std::string>> run() {
    for (const auto& [unit, targets] : edges_) {
      if (!places_.contains(unit)) visit(unit);
    }
    return std::move(circles_);
  }

 private:
  struct Place {
    std::size_t number;
    std::size_t lowest;
    bool open;
  };

  void visit(const std::string& unit) {
    const std::size_t number = places_.size();
    places_[unit] = {number, number, true};
    path_.push_back(unit);
    if (const auto found = edges_.find(unit); found != edges_.end()) {
      for (const std::string& target : found->second) {
        if (!places_.contains(target)) visit(target);
        if (places_[target].open) {
          places_[unit].lowest = std::min(places_[unit].lowest, places_[target].lowest);
        }
      }
    }
    if (places_[unit].lowest != number) return;
    std::vector<std::string> part;
    do {
      part.push_back(path_.back());
      places_[path_.back()].open = false;
      path_.pop_back();
    } while (part.back() != unit);
    if (part.size() > 1) circles_.push_back(std::move(part));
  }

  const std::map<std::string, std::set<std::string>>& edges_;
  std::map<std::string, Place> places_;
  std::vector<std::string> path_;
  std::vector<std::vector<std::string>> circles_;
};

}  // namespace

void IncludeGraph::add(std::string_view path, std::string_view text) {
  static const std::regex kInclude("^\\s*#\\s*include\\s*\"([^\"]+)\"");
  const std::string unit = unit_of(path);
  ++files_[std::string(path.substr(0, path.rfind('/')))];
  if (path.ends_with(".h")) headers_.insert(unit);
  if (path.ends_with(".cc") && path.starts_with("lib/")) sources_.insert(unit);
  std::istringstream lines{std::string(text)};
  std::string line;
  std::set<std::string>& targets = includes_[unit];
  while (std::getline(lines, line)) {
    std::smatch match;
    if (!std::regex_search(line, match, kInclude)) continue;
    if (std::string target = unit_of(match[1].str()); target != unit) {
      targets.insert(std::move(target));
    }
  }
}

std::vector<std::string> IncludeGraph::circles() const {
  std::vector<std::string> found;
  for (std::vector<std::string>& circle : Search(includes_).run()) {
    const bool undone = std::ranges::all_of(
        circle, [](const std::string& unit) { return unit.starts_with(kUndone); });
    if (undone) continue;
    std::ranges::sort(circle);
    std::string text = "a circle of includes:";
    for (const std::string& unit : circle) text += " " + unit;
    found.push_back(std::move(text));
  }
  return found;
}

std::vector<std::string> IncludeGraph::violations() const {
  std::vector<std::string> found = circles();
  for (const auto& [folder, count] : files_) {
    if (count <= kMostFiles) continue;
    found.push_back(folder + " has " + std::to_string(count) + " files, and not " +
                    std::to_string(kMostFiles) + " at most: it is more than one room");
  }
  for (const std::string& unit : sources_) {
    if (headers_.contains(unit) || !needs_header(unit)) continue;
    found.push_back(unit + ".cc has no header of its own");
  }
  return found;
}

}  // namespace plivo_dial::test
