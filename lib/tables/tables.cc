// SPDX-License-Identifier: Apache-2.0
#include "lib/tables/tables.h"

#include <utility>

#include "lib/base/timestamp.h"
#include "lib/schedule/schedule_arguments.h"
#include "lib/tables/tables_image.h"

namespace plivo_dial {
namespace {

// plivo-diald makes the next image within seconds; calendars may take ten.
constexpr std::int64_t kPatienceUs = 60'000'000;

std::string override_of(const ScheduleLine& line) {
  const std::vector<std::string_view> words(line.arguments.begin(), line.arguments.end());
  const Result<Schedule> schedule = parse_schedule(words);
  return schedule ? schedule->override_file : "";
}

}  // namespace

Tables::Tables(std::string image_path, TablesConfig config)
    : config_(std::move(config)),
      digest_(digest_of(config_)),
      last_overrides_(last_overrides_path(image_path)),
      watch_(std::move(image_path)) {
  for (const ScheduleLine& line : config_.schedules) {
    const std::string file = override_of(line);
    if (file.empty()) continue;
    overrides_.emplace(line.arguments.front(),
                       std::unique_ptr<OverrideWatch>(new OverrideWatch(file)));
  }
}

void Tables::look(std::int64_t now_us) {
  if (!watch_.has_changed(now_us)) return;
  fault_.clear();
  if (!watch_.is_there()) {
    fault_ = "there is no '" + watch_.path() + "'";
    return;
  }
  Result<TablesView> view = TablesView::open(watch_.path(), config_);
  if (!view) {
    fault_ = view.error().message;
    return;
  }
  // After a reload the processes before it go on with what they know.
  const bool is_ours = digest_in(view->image()) == digest_;
  if (view_ && !is_ours && digest_in(view_->image()) == digest_) return;
  view_.reset(new TablesView(std::move(view).value()));
}

std::shared_ptr<const TablesView> Tables::current(std::int64_t now_us) {
  const MutexLock lock(mutex_);
  look(now_us);
  return view_;
}

ScheduleState Tables::state_of(std::string_view name, const TablesView* view, Instant instant,
                               std::int64_t now_us) const {
  const OpeningsView* const openings = view == nullptr ? nullptr : view->schedule(name);
  const auto place = overrides_.find(name);
  if (place != overrides_.end()) {
    Override override = place->second->current(now_us);
    // This process may never have seen it without the fault.
    if (place->second->is_faulty(now_us)) {
      override = last_overrides_.find(name, now_us).value_or(override);
    }
    // Until when it holds is understood by the zone of the schedule alone.
    const std::optional<bool> open = openings != nullptr ? overridden(override, *openings, instant)
                                     : override.until    ? std::nullopt
                                                         : override.open;
    if (open) return {true, *open, "the override file"};
  }
  if (openings == nullptr) return {};
  const std::optional<OpeningsState> state = openings->state_at(instant);
  if (!state) return {};
  return {true, state->open, state->reason};
}

std::optional<std::string> Tables::trouble_of_image(std::int64_t now_us) {
  look(now_us);
  if (!fault_.empty()) {
    return fault_ + (view_ ? "; the tables that were there before are used" : "");
  }
  if (!view_) return std::nullopt;
  const std::string doubt = outdated(view_->image(), digest_, now_us).value_or("");
  if (doubt != std::exchange(doubt_, doubt)) doubt_since_us_ = now_us;
  if (doubt.empty() || now_us - doubt_since_us_ < kPatienceUs) return std::nullopt;
  return doubt + ", and the tables in use are those of " +
         format_timestamp(view_->image().stamp().made_us);
}

std::vector<std::string> Tables::new_trouble(std::int64_t now_us) {
  std::vector<std::string> all;
  for (const auto& [name, watch] : overrides_) {
    if (std::optional<std::string> fault = watch->new_fault(now_us)) {
      all.push_back("PlivoSchedule " + name + ": " + *fault + "; what it said before goes on");
    }
  }
  const MutexLock lock(mutex_);
  if (config_.empty()) return all;
  const std::string trouble = trouble_of_image(now_us).value_or("");
  if (!trouble.empty() && trouble != told_) all.push_back(trouble);
  told_ = trouble;
  return all;
}

}  // namespace plivo_dial
