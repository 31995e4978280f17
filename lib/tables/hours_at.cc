// SPDX-License-Identifier: Apache-2.0
#include "lib/tables/hours_at.h"

#include <algorithm>

namespace plivo_dial {

HoursAt HoursAt::asked_for(const Tables& tables, const TablesView* view,
                           const std::optional<AskedTime>& time, std::int64_t now_us) {
  HoursAt hours(tables, view, time ? time->seconds : now_us / 1'000'000, now_us);
  hours.is_wall_ = time && !time->is_utc;
  return hours;
}

bool HoursAt::is_open(std::string_view schedule) const {
  const auto is_it = [&](const auto& one) { return one.first == schedule; };
  const auto known = std::ranges::find_if(asked_, is_it);
  if (known != asked_.end()) return known->second.open;
  Instant instant = instant_;
  const OpeningsView* const openings = view_ == nullptr ? nullptr : view_->schedule(schedule);
  if (is_wall_ && openings != nullptr) {
    instant = openings->instant_at(instant_, WallMeaning::kEvent);
  }
  asked_.emplace_back(schedule, tables_->state_of(schedule, view_, instant, now_us_));
  return asked_.back().second.open;
}

}  // namespace plivo_dial
