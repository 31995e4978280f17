// SPDX-License-Identifier: Apache-2.0
#include "lib/calendar/openings_painter.h"

#include <algorithm>
#include <set>

namespace plivo_dial {

void OpeningsPainter::paint(Instant from, Instant to, bool open, const std::string& reason) {
  from = std::max(from, from_);
  to = std::min(to, until_);
  if (from >= to) return;
  const auto [known, is_new] =
      index_of_reason_.try_emplace(reason, static_cast<std::uint32_t>(reasons_.size()));
  if (is_new) reasons_.push_back(reason);
  layers_.push_back({from, to, open, known->second});
}

void OpeningsPainter::finish(Openings& openings) const {
  struct Edge {
    Instant at;
    std::size_t layer;
    bool begins;
  };
  std::vector<Edge> edges;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    edges.push_back({layers_[i].from, i, true});
    edges.push_back({layers_[i].to, i, false});
  }
  std::ranges::sort(edges, {}, &Edge::at);
  std::set<std::size_t> present;
  std::vector<std::int64_t> place_of(reasons_.size(), -1);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (edges[i].begins) {
      present.insert(edges[i].layer);
    } else {
      present.erase(edges[i].layer);
    }
    const bool more_at_once = i + 1 < edges.size() && edges[i + 1].at == edges[i].at;
    if (more_at_once || present.empty()) continue;
    const Layer& top = layers_[*present.rbegin()];
    // Reasons that nobody sees from above are left out.
    std::int64_t& place = place_of[top.reason];
    if (place < 0) {
      place = static_cast<std::int64_t>(openings.reasons.size());
      openings.reasons.push_back(reasons_[top.reason]);
    }
    const auto reason = static_cast<std::uint32_t>(place);
    const bool same = !openings.changes.empty() && openings.changes.back().open == top.open &&
                      openings.changes.back().reason == reason;
    if (!same) openings.changes.push_back({edges[i].at, top.open, reason});
  }
}

}  // namespace plivo_dial
