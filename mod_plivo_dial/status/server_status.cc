// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/status/server_status.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "lib/log/log_id.h"
#include "lib/spool/segment_maker.h"
#include "lib/status/status_file.h"
#include "mod_plivo_dial/config/config.h"
#include "mod_plivo_dial/config/serving_identity.h"
#include "mod_plivo_dial/config/storing_remedy.h"
#include "mod_plivo_dial/shared_object.h"
#include "mod_plivo_dial/state.h"

namespace plivo_dial {
namespace {

// What outlives a reload; in the process pool, found by name. Plain data, since the code that made
// it may have been unloaded and loaded again. A new layout of the file is another version, too.
struct RetainedStatus {
  static constexpr int kVersion = 2;
  ServerStatus status;
  char path[4096];
};

RetainedStatus& retained_status() {
  bool made = false;
  auto& retained = retained_object<RetainedStatus>("mod_plivo_dial_status", &made);
  if (made) retained.status = ServerStatus{};
  return retained;
}

// Whether the path still names the file that this server writes to.
bool is_kept_file(const RetainedStatus& kept, const std::string& path) {
  struct stat named {};
  struct stat opened {};
  return kept.status.file >= 0 && path == kept.path && lstat(path.c_str(), &named) == 0 &&
         fstat(kept.status.file, &opened) == 0 && named.st_dev == opened.st_dev &&
         named.st_ino == opened.st_ino;
}

void keep(RetainedStatus& kept, const ServerStatus& status, const std::string& path) {
  // Children have inherited theirs.
  close_status(kept.status);
  kept.status = status;
  apr_cpystrn(kept.path, path.c_str(), sizeof kept.path);
}

void open_file(RetainedStatus& kept, const std::string& path, server_rec* server) {
  const std::string& spool = server_config(server).spool;
  const Result<ServerStatus> opened = open_status_file(path, spool);
  if (opened) return keep(kept, *opened, path);
  ap_log_error(APLOG_MARK, APLOG_WARNING, 0, server,
               "%s: %s; events are accepted, and plivo-dialctl can't tell how many are refused:"
               " DefaultRuntimeDir must be a directory that whoever starts httpd may write into",
               log_id::kNoStatusFile, opened.error().message.c_str());
  const bool has_memory = kept.status.memory != nullptr && kept.status.file < 0;
  if (!has_memory) keep(kept, anonymous_status(spool), "");
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
  if (!g_config.used) return;
  RetainedStatus& kept = retained_status();
  const std::string path = status_file_path(scratch, main_server);
  if (!is_kept_file(kept, path)) open_file(kept, path, main_server);
  if (kept.status.memory == nullptr) return;
  g_shared.status = &kept.status;
  StatusFile& memory = *kept.status.memory;
  memory.server.parent = static_cast<std::uint64_t>(getpid());
  memory.server.configured_us = static_cast<std::uint64_t>(apr_time_now());
  memory.server.min_free =
      1 + server_config(main_server).spool_options.min_free.value_or(kDefaultMinFree);
  begin_anew(memory);
  publish_status(kept.status);
  // Where it can't be made, doctor and configtest still know the file.
  if (kept.status.file >= 0) link_status_file(server_config(main_server).spool, path);
}

void keep_status_link(server_rec* main_server) {
  const RetainedStatus& kept = retained_status();
  if (g_shared.status == nullptr || kept.status.file < 0) return;
  link_status_file(server_config(main_server).spool, kept.path);
}

void note_dispatcher(pid_t pid) {
  if (g_shared.status == nullptr) return;
  g_shared.status->memory->server.dispatcher = static_cast<std::uint64_t>(pid);
  publish_status(*g_shared.status);
}

void note_event(const SpoolResult<void>& stored, LostEvent if_not) {
  if (g_shared.status == nullptr) return;
  StatusFile& memory = *g_shared.status->memory;
  if (!stored) {
    note_not_stored(memory, geteuid(), if_not,
                    stored.error().message + storing_remedy(stored.error()), apr_time_now());
  } else if (!note_stored(memory, geteuid())) {
    return;
  }
  publish_status(*g_shared.status);
}

}  // namespace plivo_dial
