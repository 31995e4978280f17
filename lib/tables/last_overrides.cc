// SPDX-License-Identifier: Apache-2.0
#include "lib/tables/last_overrides.h"

#include <algorithm>

#include "lib/base/system_file.h"

namespace plivo_dial {

std::string last_overrides_path(const std::string& image_path) {
  return image_path + ".overrides";
}

std::string text_of(const OverridesByName& overrides) {
  std::string text;
  for (const auto& [name, override] : overrides) text += name + " " + to_string(override) + "\n";
  return text;
}

OverridesByName parse_last_overrides(std::string_view text) {
  OverridesByName all;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) continue;
    const Result<Override> override = parse_override(line.substr(blank + 1));
    if (override) all.emplace(line.substr(0, blank), *override);
  }
  return all;
}

std::optional<Override> LastOverrides::find(std::string_view schedule, std::int64_t now_us) {
  const MutexLock lock(mutex_);
  if (watch_.has_changed(now_us)) {
    const Result<std::string> text = read_regular_file(watch_.path());
    all_ = parse_last_overrides(text ? *text : "");
  }
  const auto place = all_.find(schedule);
  return place == all_.end() ? std::nullopt : std::optional(place->second);
}

}  // namespace plivo_dial
