// SPDX-License-Identifier: Apache-2.0
#include "lib/route/faults.h"

#include <algorithm>
#include <utility>

namespace plivo_dial {

void Faults::add(std::size_t line, std::string message) {
  ++count_;
  if (told_.size() < kMostTold) told_.push_back({line, std::move(message)});
}

std::vector<std::string> Faults::sentences(std::string_view file) const {
  std::vector<Fault> in_order = told_;
  std::ranges::stable_sort(in_order, {}, &Fault::line);
  std::vector<std::string> all;
  for (const Fault& fault : in_order) {
    all.push_back(std::string(file) + ":" + std::to_string(fault.line) + ": " + fault.message);
  }
  const std::size_t others = count_ - told_.size();
  if (others > 0) {
    all.push_back(std::string(file) + ": " + std::to_string(others) +
                  (others == 1 ? " more fault is" : " more faults are") +
                  " not shown; mend those above first");
  }
  return all;
}

}  // namespace plivo_dial
