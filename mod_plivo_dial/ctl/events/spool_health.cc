// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/events/spool_health.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "lib/spool/spool_server.h"
#include "lib/spool/spool_trial.h"
#include "lib/status/status_text.h"
#include "mod_plivo_dial/ctl/events_text.h"

namespace plivo_dial::ctl {
namespace {

// The bound of PlivoSpool's minFree= is httpd's to judge: it is not known here.
constexpr std::uint64_t kNoBound = 0;

constexpr std::int64_t kRecentUs = 86400 * std::int64_t{1'000'000};

// Who may only look at the spool of others can't judge it.
bool may_judge(const std::string& spool) {
  return access(spool.c_str(), W_OK) == 0 || errno != EACCES;
}

// Whether two paths name one directory, or are the same where one can't be seen from here.
bool is_same_spool(const std::string& one, const std::string& other) {
  struct stat first {};
  struct stat second {};
  return one == other || (stat(one.c_str(), &first) == 0 && stat(other.c_str(), &second) == 0 &&
                          first.st_dev == second.st_dev && first.st_ino == second.st_ino);
}

// What a server said before it ended is past. Takes the refusal and its sentence.
template <class Take>
void each_refusal(const SpoolHealth& health, bool present, Take take) {
  for (const StatusReport& report : health.httpd) {
    const bool lives = !process_name(report.parent).empty();
    const std::string gone = "; this httpd (pid " + std::to_string(report.parent) + ") is gone";
    for (const RefusedEventsReport& refused : report.refused_events) {
      if ((refused.since_us != 0 && lives) != present) continue;
      take(refused, refused_events_text(refused) + (lives ? "" : gone));
    }
  }
}

}  // namespace

SpoolHealth examine_health(const std::string& spool) {
  SpoolHealth health;
  health.tried = may_judge(spool);
  if (health.tried) {
    const SpoolResult<void> tried = try_spool(spool, kNoBound);
    if (!tried) {
      const std::string remedy = spool_remedy(tried.error(), spool);
      health.cannot_write = tried.error().message + (remedy.empty() ? "" : "; " + remedy);
    }
  }
  for (const std::string& file : find_status_files(spool)) {
    struct stat status {};
    // One of a server that is gone is, too, where the runtime directory is memory.
    if (lstat(file.c_str(), &status) != 0 && errno == ENOENT) continue;
    Result<StatusReport> report = read_status_file(file);
    if (!report) {
      health.unreadable.push_back("what httpd refuses is not known: " + report.error().message);
    } else if (is_same_spool(report->spool, spool)) {
      health.httpd.push_back(std::move(*report));
    }
  }
  return health;
}

std::vector<std::string> concerns_of(const SpoolHealth& health) {
  std::vector<std::string> all;
  if (!health.cannot_write.empty()) {
    all.push_back("the spool can't be written, and webhooks get 503 instead of 200: " +
                  health.cannot_write);
  }
  each_refusal(health, true, [&](const RefusedEventsReport&, std::string text) {
    all.push_back(std::move(text));
  });
  all.insert(all.end(), health.unreadable.begin(), health.unreadable.end());
  return all;
}

std::vector<std::string> former_refusals(const SpoolHealth& health) {
  std::vector<std::string> all;
  each_refusal(health, false, [&](const RefusedEventsReport& refused, std::string text) {
    if (now_us() - refused.last_us <= kRecentUs) all.push_back(std::move(text));
  });
  return all;
}

}  // namespace plivo_dial::ctl
