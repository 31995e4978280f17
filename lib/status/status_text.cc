// SPDX-License-Identifier: Apache-2.0
#include "lib/status/status_text.h"

#include <pwd.h>
#include <time.h>

#include <array>

#include "lib/log/log_id.h"

namespace plivo_dial {
namespace {

std::string time_of(std::int64_t us) {
  const auto seconds = static_cast<time_t>(us / 1'000'000);
  tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) return "?";
  std::array<char, 32> text{};
  strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

}  // namespace

std::string user_text(uid_t user) {
  const passwd* const found = getpwuid(user);
  return found == nullptr ? "user id " + std::to_string(user)
                          : "user " + std::string(found->pw_name);
}

std::string refused_events_text(const RefusedEventsReport& report) {
  const std::string counts = std::to_string(report.refused) + " refused with 503 so far, " +
                             std::to_string(report.logged) +
                             " of callers on the line in the error log (" + log_id::kEventInLog +
                             "), " + std::to_string(report.failed_trials) + " failed trials";
  const std::string reason =
      report.reason.empty() ? std::string("see ") + log_id::kEventNotStored + " in the error log"
                            : report.reason;
  if (report.since_us == 0) {
    return "events were refused by httpd's processes of " + user_text(report.user) + ", the last " +
           time_of(report.last_us) + ", and none since: " + counts + "; the last reason: " + reason;
  }
  return "events are refused by httpd's processes of " + user_text(report.user) + " since " +
         time_of(report.since_us) + ", the last time " + time_of(report.last_us) + " (" + counts +
         "): " + reason;
}

}  // namespace plivo_dial
