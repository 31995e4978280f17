// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/check_view.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "lib/access/private_tmp.h"
#include "lib/settings/syslog_reach.h"
#include "lib/spool/spool_server.h"
#include "lib/spool/spool_trial.h"
#include "lib/status/status_file.h"
#include "lib/status/status_text.h"
#include "mod_plivo_dial/check/assigned_user.h"
#include "mod_plivo_dial/check/waiting_events.h"
#include "mod_plivo_dial/status/server_status.h"

namespace plivo_dial {
namespace {

std::string user_and_group(const Identity& identity) {
  const char* const user = ap_unixd_config.user_name;
  const group* const found = getgrgid(identity.gid);
  return std::string(user == nullptr ? "" : user) + " " +
         (found == nullptr ? "#" + std::to_string(identity.gid) : found->gr_name);
}

std::string itk_remedy(const Identity& identity) {
  return "mpm-itk serves a virtual host as the user of its AssignUserID, and the spool is that of "
         "httpd's User: write AssignUserID " +
         user_and_group(identity) +
         " into the virtual host with the Location (a group that both share does not do)";
}

std::string chroot_remedy(const std::string& spool) {
  const std::string inside = std::string(ap_unixd_config.chroot_dir) + spool;
  return "processes that serve see ChrootDir " + std::string(ap_unixd_config.chroot_dir) +
         " as /, and the spool is not in it: mkdir -p '" + inside + "' && mount --bind '" + spool +
         "' '" + inside + "', and for the next boot a line '" + spool + " " + inside +
         " none bind 0 0' in /etc/fstab; then restart httpd";
}

// What `path` is for a process whose root directory is `root`; nothing when it can't be told.
struct Seen {
  bool exists = false;
  struct stat status {};
};
std::optional<Seen> seen_from(const char* root, const std::string& path) {
  const int directory = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return Seen{};
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT;
  const long file = syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how);
  const int error = errno;
  close(directory);
  if (file < 0) return error == ENOSYS || error == EPERM ? std::nullopt : std::optional(Seen{});
  Seen seen{true, {}};
  const bool known = fstat(static_cast<int>(file), &seen.status) == 0;
  close(static_cast<int>(file));
  return known ? std::optional(seen) : std::nullopt;
}

bool chroot_has_spool(const std::string& spool) {
  const std::optional<Seen> inside = seen_from(ap_unixd_config.chroot_dir, spool);
  struct stat outside {};
  if (!inside || stat(spool.c_str(), &outside) != 0) return true;  // said elsewhere, or unknown
  return inside->exists && inside->status.st_dev == outside.st_dev &&
         inside->status.st_ino == outside.st_ino;
}

void warn_of_chroot(const std::string& spool, std::vector<std::string>& warnings) {
  if (ap_unixd_config.chroot_dir == nullptr || chroot_has_spool(spool)) return;
  warnings.push_back("no event can be stored (503), and calls are answered: " +
                     chroot_remedy(spool));
}

void warn_of_assigned_users(apr_pool_t* scratch, const std::vector<Section>& sections,
                            const Identity& identity, std::vector<std::string>& warnings) {
  for (const Section& section : sections) {
    if (!section.serves) continue;
    const std::optional<AssignedUser> assigned = assigned_user(scratch, section);
    if (!assigned || assigned->uid == identity.uid) continue;
    const std::string text =
        at(assigned->position) + assigned->line + ": no event of <Location \"" + section.path +
        "\"> can be stored (503), and calls are answered: " + itk_remedy(identity);
    if (std::find(warnings.begin(), warnings.end(), text) == warnings.end()) {
      warnings.push_back(text);
    }
  }
}

// At a start httpd knows its own /tmp; configtest is run outside of the unit.
std::string unit_of_private_tmp() {
  if (has_private_tmp()) return "this httpd's unit";
  const bool test = ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_CONFIG_TEST;
  return test ? unit_with_private_tmp("") : "";
}

void warn_of_tmp(const ServerConfig& server, std::vector<std::string>& warnings) {
  std::vector<std::string> lines;
  if (lies_in_tmp(server.spool)) {
    lines.push_back(at(server.spool_position) + "PlivoSpool " + server.spool);
  }
  for (const SinkLine& line : server.sinks) {
    if (line.sink.kind != SinkKind::kFile || !lies_in_tmp(line.sink.path)) continue;
    lines.push_back(at(line.position) + "PlivoEventSink " + line.sink.name +
                    " file:" + line.sink.path);
  }
  const std::string unit = lines.empty() ? "" : unit_of_private_tmp();
  if (unit.empty()) return;
  for (const std::string& line : lines) {
    warnings.push_back(line + ": with PrivateTmp= of " + unit +
                       " this lies in a /tmp of its own, which nobody else sees and which is "
                       "removed when httpd ends: name a directory outside of /tmp and /var/tmp, "
                       "such as /var/lib/plivo-dial or /var/log/plivo-dial");
  }
}

void warn_of_other_server(apr_pool_t* scratch, const ServerConfig& server,
                          std::vector<std::string>& warnings) {
  if (server.dispatcher == DispatcherMode::kOff) return;
  const std::optional<SpoolServer> found = server_of_spool(server.spool);
  if (!found || found->ending) return;
  pid_t httpd = 0;
  ap_read_pid(scratch, ap_pid_fname, &httpd);
  const bool by_httpd = !found->parent_name.empty() && found->parent_name == process_name(getpid());
  const bool own = server.dispatcher == DispatcherMode::kOn ? found->parent == httpd : !by_httpd;
  if (own) return;
  warnings.push_back(at(server.spool_position) + "PlivoSpool " + server.spool + ": " +
                     describe(*found) + ", " + other_server_remedy());
}

void warn_of_syslog(const ServerConfig& server, std::vector<std::string>& warnings) {
  for (const SinkConfig& sink : sinks_of(server)) {
    if (sink.kind != SinkKind::kSyslog) continue;
    const Result<void> reached = reach_syslog(sink.socket);
    if (reached) continue;
    const auto line = std::find_if(server.sinks.begin(), server.sinks.end(),
                                   [&](const SinkLine& one) { return one.sink.name == sink.name; });
    const std::string where = line == server.sinks.end() ? "" : at(line->position);
    warnings.push_back(where + "PlivoEventSink " + sink.name +
                       (where.empty() ? " (by default): " : ": ") + reached.error().message);
  }
}

void warn_of_trial(const ServerConfig& server, const Identity& identity,
                   std::vector<std::string>& warnings) {
  const SpoolResult<void> tried =
      try_spool_as(identity, server.spool, server.spool_options.min_free);
  if (tried) return;
  const std::string remedy = spool_remedy(tried.error(), server.spool);
  warnings.push_back(at(server.spool_position) + "PlivoSpool " + server.spool +
                     ": no event can be stored there now (503): " + tried.error().message +
                     (remedy.empty() ? "" : "; " + remedy));
}

void warn_of_refusals(const std::string& status_file, std::vector<std::string>& warnings) {
  const Result<StatusReport> report = read_status_file(status_file);
  // No httpd of this configuration has run here, or it has ended since.
  if (!report || process_name(report->parent).empty()) return;
  for (const RefusedEventsReport& refused : report->refused_events) {
    if (refused.since_us != 0) warnings.push_back(refused_events_text(refused));
  }
}

}  // namespace

std::vector<std::string> view_warnings(apr_pool_t* scratch, server_rec* main_server,
                                       const std::vector<Section>& sections,
                                       const Identity& identity) {
  std::vector<std::string> warnings;
  const ServerConfig& server = server_config(main_server);
  warn_of_assigned_users(scratch, sections, identity, warnings);
  warn_of_chroot(server.spool, warnings);
  warn_of_tmp(server, warnings);
  return warnings;
}

std::vector<std::string> present_warnings(apr_pool_t* scratch, server_rec* main_server,
                                          const Identity& identity) {
  std::vector<std::string> warnings;
  const ServerConfig& server = server_config(main_server);
  warn_of_trial(server, identity, warnings);
  warn_of_refusals(status_file_path(scratch, main_server), warnings);
  warn_of_other_server(scratch, server, warnings);
  warn_of_syslog(server, warnings);
  for (std::string& warning : waiting_warnings(server)) warnings.push_back(std::move(warning));
  return warnings;
}

std::string serving_remedy(const server_rec* main_server, const Identity& identity) {
  if (ap_unixd_config.chroot_dir != nullptr) {
    return chroot_remedy(server_config(main_server).spool);
  }
  return ap_find_linked_module("mpm_itk.c") == nullptr ? "" : itk_remedy(identity);
}

}  // namespace plivo_dial
