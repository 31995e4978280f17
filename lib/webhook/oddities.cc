// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/oddities.h"

#include <algorithm>
#include <array>
#include <set>

#include "lib/base/utf8.h"

namespace plivo_dial {
namespace {

constexpr std::array<std::string_view, 6> kNumbers = {
    "Duration",         "BillDuration",         "HangupCauseCode",
    "DialBLegDuration", "DialBLegBillDuration", "DialBLegHangupCauseCode",
};

bool should_be_number(std::string_view name) {
  return std::ranges::find(kNumbers, name) != kNumbers.end();
}

class Collector {
 public:
  void add(Oddity::Kind kind, std::string_view name) {
    if (told_.insert({kind, name}).second) oddities_.push_back({kind, name});
  }

  void look_at(const Parameter& pair) {
    if (!is_valid_utf8(pair.name) || !is_valid_utf8(pair.value)) {
      add(Oddity::Kind::kNotUtf8, pair.name);
    }
    if (!names_.insert(pair.name).second) add(Oddity::Kind::kRepeated, pair.name);
    // An empty one says that there is none.
    if (should_be_number(pair.name) && !pair.value.empty() && !parse_whole_number(pair.value)) {
      add(Oddity::Kind::kNotANumber, pair.name);
    }
  }

  std::vector<Oddity> take() { return std::move(oddities_); }

 private:
  std::set<std::string_view> names_;
  std::set<std::pair<Oddity::Kind, std::string_view>> told_;
  std::vector<Oddity> oddities_;
};

}  // namespace

std::vector<Oddity> oddities_of(const Webhook& webhook, const RequestParameters& parameters) {
  Collector collector;
  for (const Parameter& pair : parameters.query.parameters()) collector.look_at(pair);
  for (const Parameter& pair : parameters.body.parameters()) collector.look_at(pair);
  if (!webhook.is_known) collector.add(Oddity::Kind::kUnknownKind, "");
  return collector.take();
}

}  // namespace plivo_dial
