// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor/doctor_spool.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <utility>

#include "lib/access/own_directory.h"
#include "lib/base/in_quotes.h"
#include "lib/settings/config_manifest.h"
#include "lib/settings/sink_kinds.h"
#include "lib/settings/syslog_reach.h"
#include "lib/spool/spool_server.h"
#include "lib/status/status_file.h"
#include "mod_plivo_dial/ctl/events/events_view.h"
#include "mod_plivo_dial/ctl/events_text.h"

namespace plivo_dial::ctl {
namespace {

std::optional<Identity> identity_of_user(const std::string& name) {
  const passwd* const user = getpwnam(name.c_str());
  if (user == nullptr) return std::nullopt;
  Identity identity{user->pw_uid, user->pw_gid, {}};
  int count = 64;
  do {
    identity.groups.resize(static_cast<std::size_t>(count));
  } while (getgrouplist(name.c_str(), user->pw_gid, identity.groups.data(), &count) < 0);
  identity.groups.resize(static_cast<std::size_t>(count));
  return identity;
}

// Whether others than httpd's user may look at the callers' numbers; says so.
bool warn_of_open_spool(const std::string& spool, Findings& findings) {
  struct stat status {};
  if (stat(spool.c_str(), &status) != 0 || (status.st_mode & S_IRWXO) == 0) return false;
  add(findings, "spool", Health::kWarning,
      in_quotes(spool) +
          " is open to others than httpd's user, and holds the numbers of your callers: "
          "chmod 750 " +
          spool);
  return true;
}

DispatcherStart start_of(const ConfigManifest& config) {
  return config.dispatcher == "External" ? DispatcherStart::kUnit : DispatcherStart::kHttpd;
}

// What this configuration's httpd has started is in its status file.
bool is_of_other_httpd(const ConfigManifest& config, const SpoolView& view) {
  const Result<StatusReport> httpd = read_status_file(config.status_file);
  if (!httpd || config.dispatcher != "On" || view.dispatcher->ending) return false;
  return httpd->dispatcher != view.dispatcher->pid;
}

// httpd may see another directory by that name: PrivateTmp=, a mount namespace. Only root can look.
void compare_views(const ConfigManifest& config, Findings& findings) {
  const Result<StatusReport> httpd = read_status_file(config.status_file);
  if (!httpd || httpd->parent <= 0) return;
  const std::string inside = "/proc/" + std::to_string(httpd->parent) + "/root" + config.spool;
  struct stat own {};
  struct stat of_httpd {};
  if (stat(config.spool.c_str(), &own) != 0 || stat(inside.c_str(), &of_httpd) != 0) return;
  if (own.st_dev == of_httpd.st_dev && own.st_ino == of_httpd.st_ino) return;
  add(findings, "spool", Health::kProblem,
      "httpd (pid " + std::to_string(httpd->parent) + ") sees another directory at " +
          in_quotes(config.spool) +
          " than this shell, as with PrivateTmp= or another mount namespace, and what follows is "
          "about this shell's: name a PlivoSpool outside of /tmp and /var/tmp, such as "
          "/var/lib/plivo-dial, and restart httpd");
}

void check_syslog(const ConfigManifest& config, Findings& findings) {
  for (const ManifestSink& sink : config.sinks) {
    if (sink.kind != target_of(SinkKind::kSyslog).word) continue;
    const Result<void> reached = reach_syslog(sink.path);
    if (!reached) add(findings, "syslog", Health::kProblem, reached.error().message);
  }
}

void judge_dispatcher(const ConfigManifest& config, const SpoolView& view, Findings& findings) {
  if (view.dispatcher && is_of_other_httpd(config, view)) {
    const std::optional<SpoolServer> server = server_of_spool(view.spool);
    add(findings, "dispatcher", Health::kProblem,
        (server ? describe(*server) : std::string("the plivo-diald that runs")) + ", " +
            other_server_remedy());
  } else if (view.dispatcher) {
    add(findings, "dispatcher", Health::kOk,
        "plivo-diald runs, pid " + std::to_string(view.dispatcher->pid));
  } else if (config.dispatcher == "Off") {
    add(findings, "dispatcher", Health::kWarning,
        "PlivoDispatcher Off: events are kept, and go to no sink");
  }
}

// Whether all of it is good but for a dispatcher that does not run.
bool judge_concerns(const ConfigManifest& config, const SpoolView& view, Findings& findings) {
  bool good = true;
  for (const Concern& one : concerns_of(view, start_of(config))) {
    const bool of_dispatcher = one.code == concern::kDispatcher;
    if (of_dispatcher && config.dispatcher == "Off") continue;
    good = good && of_dispatcher;
    add(findings, of_dispatcher ? "dispatcher" : "spool", Health::kProblem, one.sentence);
  }
  return good;
}

}  // namespace

void check_spool(const ConfigManifest& config, Findings& findings) {
  const bool open = warn_of_open_spool(config.spool, findings);
  const std::optional<Identity> user = identity_of_user(config.user);
  if (geteuid() == 0 && user) {
    if (const Result<void> usable = may_own_directory(config.spool, *user); !usable) {
      return add(findings, "spool", Health::kProblem, usable.error().message);
    }
  }
  check_syslog(config, findings);
  compare_views(config, findings);
  const Result<SpoolView> view = look_into_spool(config.spool);
  if (!view) {
    const Health health = geteuid() == 0 ? Health::kProblem : Health::kNotChecked;
    add(findings, "spool", health, view.error().message);
    return add(findings, "dispatcher", Health::kNotChecked, "the spool can't be looked into");
  }
  for (const std::string& former : former_refusals(view->health)) {
    add(findings, "spool", Health::kWarning, former);
  }
  judge_dispatcher(config, *view, findings);
  if (judge_concerns(config, *view, findings) && !open) {
    add(findings, "spool", Health::kOk,
        in_quotes(config.spool) + " can be written, " + size_text(view->space.free) + " are free");
  }
}

}  // namespace plivo_dial::ctl
