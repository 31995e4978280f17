// File: lib/tables/hours_at.h
//
// The hours of all schedules at one moment, for the lines of a plan that have when=.
//
//   const HoursAt hours(tables, view.get(), seconds, now_us);
//   step_for(plan, webhook, &hours)
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/plan/when.h"
#include "lib/schedule/date_text.h"
#include "lib/tables/tables.h"

namespace plivo_dial {

// For one request, in its thread. `tables` and `view` must outlive it.
class HoursAt final : public Hours {
 public:
  HoursAt(const Tables& tables, const TablesView* view, Instant instant, std::int64_t now_us)
      : tables_(&tables), view_(view), instant_(instant), now_us_(now_us) {}

  // The moment that somebody asks for, by the clocks of each schedule's zone or of UTC; without one
  // that of `now_us`.
  static HoursAt asked_for(const Tables& tables, const TablesView* view,
                           const std::optional<AskedTime>& time, std::int64_t now_us);

  bool is_open(std::string_view schedule) const override;

  // Those that were asked for, with what was said of them; the names are those of who asked.
  const std::vector<std::pair<std::string_view, ScheduleState>>& asked() const { return asked_; }

 private:
  const Tables* tables_;
  const TablesView* view_;
  Instant instant_;
  bool is_wall_ = false;  // `instant_` is of the clocks on the wall
  std::int64_t now_us_;
  mutable std::vector<std::pair<std::string_view, ScheduleState>> asked_;
};

}  // namespace plivo_dial
