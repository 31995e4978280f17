// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/server_status.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "lib/status/status_file.h"
#include "mod_plivo_dial/check_config.h"
#include "mod_plivo_dial/config.h"
#include "mod_plivo_dial/state.h"
#include "mod_plivo_dial/storing_remedy.h"

namespace plivo_dial {
namespace {

// What outlives a reload; in the process pool, found by name. Plain data, since the code that made
// it may have been unloaded and loaded again. A new layout, of the file too, needs a new name.
struct RetainedStatus {
  StatusFile* mapped;  // null: none yet
  dev_t device;        // of the file; 0 for memory without one
  ino_t inode;
  char path[4096];
};

constexpr const char* kRetainedName = "mod_plivo_dial_status_v1";

RetainedStatus& retained() {
  void* data = ap_retained_data_get(kRetainedName);
  if (data == nullptr) data = ap_retained_data_create(kRetainedName, sizeof(RetainedStatus));
  return *static_cast<RetainedStatus*>(data);
}

bool is_mapped_file(const RetainedStatus& kept, const std::string& path) {
  struct stat status {};
  return kept.mapped != nullptr && kept.device != 0 && path == kept.path &&
         lstat(path.c_str(), &status) == 0 && status.st_dev == kept.device &&
         status.st_ino == kept.inode && status.st_size == sizeof(StatusFile);
}

void keep(RetainedStatus& kept, StatusFile* mapped, const std::string& path) {
  // Children have mappings of their own, inherited.
  close_status(kept.mapped);
  struct stat status {};
  kept.mapped = mapped;
  kept.device = !path.empty() && lstat(path.c_str(), &status) == 0 ? status.st_dev : 0;
  kept.inode = status.st_ino;
  apr_cpystrn(kept.path, path.c_str(), sizeof kept.path);
}

void open_file(RetainedStatus& kept, const std::string& path, server_rec* server) {
  const std::string& spool = server_config(server).spool;
  const gid_t group = geteuid() == 0 ? serving_identity().gid : static_cast<gid_t>(-1);
  const Result<StatusFile*> opened = open_status_file(path, spool, group);
  if (opened) return keep(kept, *opened, path);
  ap_log_error(APLOG_MARK, APLOG_WARNING, 0, server,
               "PD0514: %s; events are accepted, and plivo-dialctl can't tell how many are refused:"
               " DefaultRuntimeDir must be a directory that whoever starts httpd may write into",
               opened.error().message.c_str());
  if (kept.mapped == nullptr || kept.device != 0) keep(kept, anonymous_status(spool), "");
}

// A process of this user tries the spool anew when it starts; of others, whom mpm-itk made, nobody
// knows whether they still serve anything.
void begin_anew(StatusFile& status) {
  const std::uint64_t own = 1 + std::uint64_t{serving_identity().uid};
  for (StatusRefusedEvents& entry : status.refused_events) {
    entry.trial_us = 0;
    if (entry.user != own) entry.since_us = 0;
  }
}

}  // namespace

std::string status_file_path(apr_pool_t* scratch, const server_rec* main_server) {
  const std::string name = status_file_name(server_config(main_server).spool);
  const char* const path = ap_runtime_dir_relative(scratch, name.c_str());
  return path == nullptr ? name : path;
}

void open_server_status(apr_pool_t* scratch, server_rec* main_server) {
  if (!g_state.used) return;
  RetainedStatus& kept = retained();
  const std::string path = status_file_path(scratch, main_server);
  if (!is_mapped_file(kept, path)) open_file(kept, path, main_server);
  g_state.status = kept.mapped;
  if (g_state.status == nullptr) return;
  g_state.status->server.parent = static_cast<std::uint64_t>(getpid());
  g_state.status->server.configured_us = static_cast<std::uint64_t>(apr_time_now());
  begin_anew(*g_state.status);
  // Where it can't be made, doctor and configtest still know the file.
  if (kept.device != 0) link_status_file(server_config(main_server).spool, path);
}

void note_dispatcher(pid_t pid) {
  if (g_state.status != nullptr) {
    g_state.status->server.dispatcher = static_cast<std::uint64_t>(pid);
  }
}

void note_event(const SpoolResult<void>& stored, LostEvent if_not) {
  if (g_state.status == nullptr) return;
  if (stored) {
    note_stored(*g_state.status, geteuid());
  } else {
    note_not_stored(*g_state.status, geteuid(), if_not,
                    stored.error().message + storing_remedy(stored.error()), apr_time_now());
  }
}

}  // namespace plivo_dial
